// Which check answers which kind: one line each, for the kinds of `OpenQuestion.served`. What a
// policy declares (scanners, tables) is read here once, so that a policy that cannot be served is
// refused before it is live.
package import RuleBytecode

extension LiveDesk {
  /// The checks of one policy, ready to be asked. Nothing is asked yet.
  ///
  /// - Parameter except: kinds that somebody else answers.
  package static func make(
    for program: Program, _ services: LiveServices, except: Set<CheckKind> = []
  ) throws(LiveFailure) -> LiveDesk {
    var checks: [CheckKind: any LiveCheck] = [:]
    for kind in Set(program.checks.map(\.kind)).subtracting(except) {
      checks[kind] = try check(kind, program, services)
    }
    return LiveDesk(checks, services)
  }

  private static func check(
    _ kind: CheckKind, _ program: Program, _ services: LiveServices
  ) throws(LiveFailure) -> (any LiveCheck)? {
    switch kind {
    case .dnsbl: ListLookup(try services.resolver(), program)
    default: nil
    }
  }
}
