// The query sheet: each question that a rule asks of the session or the message, one line each.
// A test that compares values says where they come from (its source), and how they compare (its
// match spec). Checker, verifier, machine, disassembler, cost and docs/OPCODES.md read it.

/// Where the values of a test come from.
package enum QuerySource: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  // The header and the envelope.
  case header, address, exists, envelope, date, body
  // The session.
  case text, currentDate, environment, ip, authenticated, tls, submission, direction, macro
  case recipient, verdictSet, limitHit, spamtest, virustest
  // The content.
  case anomaly, part, partIs, partAnomaly, partTrait, partEncrypted, archive

  package struct Info: Sendable {
    package let name: String
    /// Where it can be asked; inside a loop over parts also in `eom`.
    package let phases: PhaseSet
    /// Fuel of asking, beside what depends on bytes.
    package let cost: Int
    /// What `detail` holds, as the number of its values; 1 when it has no meaning.
    package let detailCount: Int
    /// It is about the part that the run or the loop is for.
    package let isOfPart: Bool
    package let meaning: String
  }
}

extension QuerySource {
  private static func info(
    _ name: String, _ phases: PhaseSet, cost: Int = 60, details: Int = 1, ofPart: Bool = false,
    _ meaning: String
  ) -> Info {
    Info(
      name: name, phases: phases, cost: cost, detailCount: details, isOfPart: ofPart,
      meaning: meaning)
  }

  package var info: Info {
    switch self {
    case .header:
      Self.info(
        "header", .from(.headers), details: MIMEAspect.allCases.count, "values of named fields")
    case .address:
      Self.info("address", .from(.headers), cost: 80, "addresses in named fields")
    case .exists: Self.info("exists", .from(.headers), cost: 40, "each named field is there")
    case .envelope:
      Self.info(
        "envelope", .from(.mail), cost: 40, details: EnvelopePart.allCases.count,
        "part of the SMTP envelope")
    case .date:
      Self.info(
        "date", .from(.headers), cost: 200, details: DatePart.allCases.count,
        "part of the date in a named field")
    case .body:
      Self.info(
        "body", .from(.message), cost: 200, details: BodyTransform.allCases.count, "the content")
    case .text: Self.info("text", .all, cost: 20, "texts at hand")
    case .currentDate:
      Self.info(
        "current-date", .all, cost: 200, details: DatePart.allCases.count,
        "part of the time of this run")
    case .environment:
      Self.info(
        "environment", .all, details: EnvironmentItem.allCases.count, "item of RFC 5183")
    case .ip:
      Self.info(
        "ip", .all, cost: 40, details: IPSide.allCases.count, "address of the session in sets")
    case .authenticated: Self.info("authenticated", .from(.mail), "the client has authenticated")
    case .tls:
      Self.info("tls", .from(.helo), details: 2, "TLS; detail 1: verified; index: least bits")
    default: lateInfo
    }
  }

  private var lateInfo: Info {
    switch self {
    case .submission: Self.info("submission", .from(.mail), "how the mail comes in")
    case .direction: Self.info("direction", .from(.rcpt), cost: 200, "in, out, inside, relay")
    case .macro: Self.info("macro", .all, "a macro of the MTA, by the name in `word`")
    case .recipient:
      Self.info("recipient", .from(.rcpt), cost: 40, "accepted recipients, or this one")
    case .verdictSet: Self.info("verdict-set", .all, cost: 20, "dispositions and verdicts so far")
    case .limitHit: Self.info("limit-hit", .from(.headers), "names of input caps that were hit")
    case .spamtest:
      Self.info("spamtest", .from(.headers), cost: 200, details: 2, "score of RFC 5235; 1: percent")
    case .virustest: Self.info("virustest", .from(.headers), cost: 200, "value of RFC 5235")
    case .anomaly:
      Self.info(
        "anomaly", .from(.headers), details: Severity.allCases.count,
        "anomalies of the message, of that severity at least")
    case .part:
      Self.info(
        "part", PhaseSet([.part]), details: PartField.allCases.count, ofPart: true,
        "a property of this part")
    case .partIs:
      Self.info(
        "part-is", PhaseSet([.part]), details: PartQuestion.allCases.count, ofPart: true,
        "a yes or no about this part")
    case .partAnomaly:
      Self.info("part-anomaly", PhaseSet([.part]), ofPart: true, "anomalies of this part")
    case .partTrait:
      Self.info("part-trait", PhaseSet([.part]), cost: 200, ofPart: true, "what this part holds")
    case .partEncrypted:
      Self.info(
        "part-encrypted", PhaseSet([.part]), cost: 200, ofPart: true, "how this part is encrypted")
    default:
      Self.info(
        "archive", PhaseSet([.part]), cost: 200, details: MemberField.allCases.count, ofPart: true,
        "a property of the members of this archive")
    }
  }

  package var name: String { info.name }
}

/// What a query says beside its source.
package struct QueryFlags: OptionSet, Hashable, BitwiseCopyable, Sendable {
  package let rawValue: UInt16
  package init(rawValue: UInt16) { self.rawValue = rawValue }

  /// `:last`: `index` counts from the end (RFC 5260 §6).
  package static let last = QueryFlags(rawValue: 1)
  /// `:mime`: the fields of a part, not of the message (RFC 5703 §4).
  package static let mime = QueryFlags(rawValue: 2)
  package static let anyChild = QueryFlags(rawValue: 4)
  /// `:originalzone` (RFC 5260 §4.1.3).
  package static let originalZone = QueryFlags(rawValue: 8)
  /// `recipient :all`.
  package static let all = QueryFlags(rawValue: 16)

  package static let known: QueryFlags = [.last, .mime, .anyChild, .originalZone, .all]
}

/// A question, complete but for what is in registers.
package struct QuerySpec: Equatable, Hashable, BitwiseCopyable, Sendable {
  package var source: QuerySource
  /// What exactly; its meaning depends on the source (`Info.detailCount`).
  package var detail: UInt8
  package var flags: QueryFlags
  /// The loop whose part or recipient is meant, plus one; 0 for the run's own.
  package var loop: UInt8
  /// Values, or names known only at run time: a run of text registers.
  package var firstText: UInt8
  package var textCount: UInt8
  /// `:index`, from 1; 0 for all. For `tls` the least number of bits.
  package var index: UInt32
  /// Constant names: a folded set, plus one; for `ip` an address set; 0 for none.
  package var names: UInt32
  /// How the values compare: a match spec, plus one; 0 when the question is yes or no itself.
  package var spec: UInt32
  /// A constant word: a time zone, a macro's name; a string index plus one, 0 for none.
  package var word: UInt32

  package init(
    _ source: QuerySource, detail: UInt8 = 0, flags: QueryFlags = [], loop: UInt8 = 0,
    firstText: UInt8 = 0, textCount: UInt8 = 0, index: UInt32 = 0, names: UInt32 = 0,
    spec: UInt32 = 0, word: UInt32 = 0
  ) {
    self.source = source
    self.detail = detail
    self.flags = flags
    self.loop = loop
    self.firstText = firstText
    self.textCount = textCount
    self.index = index
    self.names = names
    self.spec = spec
    self.word = word
  }

  /// Where it can be asked.
  package var phases: PhaseSet {
    var phases = source.info.phases
    if source == .envelope { phases = EnvelopePart(rawValue: detail)?.phases ?? .none }
    if loop > 0 { phases = source.info.isOfPart ? PhaseSet([.eom]) : phases }
    return phases
  }
}
