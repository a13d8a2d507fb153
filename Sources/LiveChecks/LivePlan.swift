// Which check answers which kind: one line each, for the kinds of `OpenQuestion.served`. What a
// policy declares (scanners, tables) is read here once, so that a policy that cannot be served is
// refused before it is live.
package import RuleBytecode
package import RuleVM

extension LiveDesk {
  /// The checks of one policy, ready to be asked. Nothing is asked yet.
  ///
  /// - Parameters:
  ///   - suffixes: for DMARC, which nobody can answer without.
  ///   - except: kinds that somebody else answers.
  package static func make(
    for program: Program, _ services: LiveServices, suffixes: PublicSuffixList? = nil,
    except: Set<CheckKind> = []
  ) throws(LiveFailure) -> LiveDesk {
    var checks: [CheckKind: any LiveCheck] = [:]
    var kinds = Set(program.checks.map(\.kind))
    if program.actions.contains(where: { $0.action == .arcSeal }) { kinds.insert(.arc) }
    for kind in kinds.subtracting(except) {
      checks[kind] = try check(kind, program, services, suffixes)
    }
    // Asked by `:list` too, and those that nothing answers from a file are asked for real.
    if program.tables.contains(where: \.source.isOutside) {
      checks[.table] = try TableLookup(program, services)
    }
    var lessons: LessonDesk?
    if program.actions.contains(where: { $0.action == .train }) {
      lessons = LessonDesk(try services.scanners(of: program), services.lessons)
    }
    return LiveDesk(checks, services, lessons: lessons)
  }

  /// The tables alone, for whoever asks one by hand.
  package static func tables(
    of program: Program, _ services: LiveServices
  ) throws(LiveFailure) -> LiveDesk {
    LiveDesk([.table: try TableLookup(program, services)], services)
  }

  private static func check(
    _ kind: CheckKind, _ program: Program, _ services: LiveServices,
    _ suffixes: PublicSuffixList?
  ) throws(LiveFailure) -> (any LiveCheck)? {
    switch kind {
    case .dnsbl, .hashbl: ListLookup(try services.resolver(), program)
    case .rdns: ReverseNameLookup(try services.resolver())
    case .mx: MailHostLookup(try services.resolver())
    case .spf: SenderPolicyLookup(try services.resolver(), services)
    case .dkim: SignatureLookup(try services.resolver(), services)
    case .arc: ChainLookup(try services.resolver(), services)
    case .dmarc: try DomainPolicyLookup(try services.resolver(), services, suffixes)
    case .callout: CalloutCheck(try services.callouts())
    case .greylist: GreylistCheck(try services.readyMemory())
    case .rate: RateCheck(try services.readyMemory())
    case .knownSender: KnownSenderCheck(try services.readyMemory())
    case .duplicate: DuplicateCheck(try services.readyMemory())
    case .scan:
      ScanCheck(
        try services.scanners(of: program), hostName: services.settings.hostName)
    default: nil
    }
  }
}
