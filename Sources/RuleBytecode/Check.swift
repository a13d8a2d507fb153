// The check sheet: each question to the outside, one line each. Name, arguments, failure class and
// time-out stand here; compiler, verifier, machine, trace, `facts` and the manual read them.

/// A question that something outside the machine answers.
package enum CheckKind: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case dnsbl, hashbl, rdns, mx
  case spf, dkim, dmarc, arc
  case scan, callout
  case greylist, rate, duplicate, knownSender
  case table
  /// The test runner's own commands; only it answers them.
  case suite
  /// An archive that is read in a process of its own. No instruction asks it: queries do.
  case unpack
  /// What must be done before the mail server gets its answer. No instruction asks it: the end of
  /// a message does.
  case errands

  package struct Info: Sendable {
    package let name: String
    package let failure: FailureClass
    /// Where it can be asked.
    package let phases: PhaseSet
    /// What the arguments are, in their order: the constants, then those built at run time.
    package let arguments: [String]
    /// Whether an answer holds for the rest of the session (else for the message).
    package let isOfSession: Bool
    /// Each asking counts: the same question twice is two questions.
    package let isCounted: Bool
    /// Whoever answers is handed the mail itself.
    package let wantsMail: Bool
    package let meaning: String
  }
}

extension CheckKind {
  /// What is asked of the daemon's own memory.
  package static let ofMemory: Set<CheckKind> = [.greylist, .rate, .duplicate, .knownSender]

  package var name: String { info.name }
  package var failure: FailureClass { info.failure }

  /// Time-out when a call names none, in milliseconds (LANGUAGE.md §8).
  package var defaultTimeoutMilliseconds: UInt32 {
    switch self {
    case .scan: 30_000
    case .unpack: 10_000
    case .errands: 50_000
    default: 5_000
    }
  }

  private static func info(
    _ name: String, _ failure: FailureClass, _ phases: PhaseSet, _ arguments: [String],
    session: Bool = false, counted: Bool = false, mail: Bool = false, _ meaning: String
  ) -> Info {
    Info(
      name: name, failure: failure, phases: phases, arguments: arguments, isOfSession: session,
      isCounted: counted, wantsMail: mail, meaning: meaning)
  }

  package var info: Info {
    switch self {
    case .dnsbl:
      Self.info("dnsbl", .dns, .all, ["zone", "address"], session: true, "a DNS list of addresses")
    case .hashbl:
      Self.info("hashbl", .dns, .all, ["zone", "hash", "key"], "a DNS list of hashed keys")
    case .rdns:
      Self.info(
        "rdns", .dns, .all, ["address"], session: true, "the client's forward-confirmed name")
    case .mx:
      Self.info(
        "mx", .dns, .from(.helo), ["domain", "address", "server"],
        "where a domain's mail goes")
    case .spf: Self.info("spf", .dns, .from(.mail), ["address", "sender", "helo"], "SPF, RFC 7208")
    case .dkim:
      Self.info("dkim", .dns, .from(.message), [], mail: true, "DKIM signatures, RFC 6376")
    case .dmarc:
      Self.info(
        "dmarc", .dns, .from(.message), ["author domains"], mail: true, "DMARC, RFC 7489")
    case .arc: Self.info("arc", .dns, .from(.message), [], mail: true, "the ARC chain, RFC 8617")
    case .scan:
      Self.info(
        "scan", .scanner, .from(.message), ["scanner", "what"], mail: true,
        "a scanner's word on message or part")
    case .callout:
      Self.info(
        "recipient_known", .callout, .from(.mail), ["server", "address"], "SMTP call-out to a host")
    default: storeInfo
    }
  }

  private var storeInfo: Info {
    switch self {
    case .greylist:
      Self.info(
        "greylist", .store, .from(.rcpt),
        ["delay", "expire", "keep", "net4", "net6", "allow", "address", "sender", "recipient"],
        "whether to defer this triple")
    case .rate:
      Self.info(
        "rate", .store, .all, ["limit", "window", "count", "amount", "key"], counted: true,
        "counts, and says whether the limit is passed")
    case .duplicate:
      Self.info(
        "duplicate", .store, .from(.headers), ["handle", "seconds", "last", "value"],
        "whether the value was seen before, RFC 7352")
    case .knownSender:
      Self.info(
        "sender_known", .store, .from(.mail), ["messages", "days", "address"],
        "what is remembered of an address that wrote to us, or that we wrote to")
    case .unpack:
      Self.info(
        "unpack", .limit, .from(.message), ["part"],
        "what an archive holds, told by a process of its own; asked by queries")
    case .errands:
      Self.info(
        "errands", .store, .from(.mail), [],
        "whether what must last is stored; asked when a message ends")
    case .table:
      Self.info("table", .table, .all, ["table", "scope", "key"], "an entry of a table")
    default:
      Self.info(
        "suite", .internal, .all, ["command", "arguments"], counted: true, "the test runner's own")
    }
  }
}

// What `CheckSpec.aspect` means, by kind. For `dnsbl` and `hashbl` it is how many zones must list.

/// `rdns`.
package enum ReverseNameQuestion: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case confirmed, dynamic
}

/// `mx`; the names are those of the answers too.
package enum MXQuestion: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  /// The exchangers are addresses that no mail can reach.
  case bogus
  /// There is neither an exchanger nor an address.
  case missing
  /// The client is one of them.
  case client
  package var name: String { "\(self)" }
}

/// `dkim` and `arc`: about all signatures, or about a domain.
package enum AuthenticationQuestion: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case result, domain
}

/// `recipient_known`: who is asked.
package enum CalloutTarget: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  /// The hosts of the address's domain.
  case domain
  /// The server that the rule names; a name that comes out empty at run time asks nobody.
  case server
}

/// `sender_known`: what makes it true.
package enum KnownSenderQuestion: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  /// Enough messages of it, since long enough.
  case history
  /// One of ours wrote to it.
  case wrote
  case either
  /// Only facts are read.
  case facts
}

/// `scan`.
package enum ScanQuestion: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  /// This part, or the message.
  case here
  /// The message and each of its parts.
  case parts
  /// What is known already will do: only facts are read.
  case facts
}

/// Of the changes of the header that a scanner asks for in one answer.
package enum ScanHeaderCaps {
  package static let countMax = 100
  /// Of all names and values.
  package static let bytesMax = 65_536
}

/// What `rate` counts.
package enum RateUnit: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case messages, recipients, bytes
  package var name: String { "\(self)" }

  /// Where there is something of it to count.
  package var phases: PhaseSet {
    switch self {
    case .messages: .all
    case .recipients: .from(.rcpt)
    case .bytes: .from(.message)
    }
  }
}

/// A question to the outside: its constant arguments are the entries of a set, those built at run
/// time a run of text registers.
package struct CheckSpec: Equatable, Hashable, BitwiseCopyable, Sendable {
  package var kind: CheckKind
  /// Which of several questions about the same answer: the meaning is the kind's own.
  package var aspect: UInt8
  package var arguments: UInt32
  package var firstText: UInt8
  package var textCount: UInt8
  package var timeoutMilliseconds: UInt32
  /// How the answer compares: a match spec, plus one; 0 for the check's own yes or no.
  package var spec: UInt32
  /// The variable that takes the answer's value, plus one; 0 for none.
  package var variable: UInt32
  /// The loop whose part or recipient is meant, plus one; 0 for the run's own.
  package var loop: UInt8

  package init(
    kind: CheckKind, aspect: UInt8 = 0, arguments: UInt32, firstText: UInt8 = 0,
    textCount: UInt8 = 0, timeoutMilliseconds: UInt32, spec: UInt32 = 0, variable: UInt32 = 0,
    loop: UInt8 = 0
  ) {
    self.kind = kind
    self.aspect = aspect
    self.arguments = arguments
    self.firstText = firstText
    self.textCount = textCount
    self.timeoutMilliseconds = timeoutMilliseconds
    self.spec = spec
    self.variable = variable
    self.loop = loop
  }
}
