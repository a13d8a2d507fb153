// An action's record: which action, its tags, and where its texts are. All texts stand in
// registers; which of the action's parameters they are says a mask, in the order of the sheet.

/// Tags of actions that say yes or no. Every bit has a meaning, so no value is refused.
package struct ActionFlags: OptionSet, Hashable, BitwiseCopyable, Sendable {
  package let rawValue: UInt16
  package init(rawValue: UInt16) { self.rawValue = rawValue }

  package static let last = ActionFlags(rawValue: 1)
  package static let copy = ActionFlags(rawValue: 2)
  package static let part = ActionFlags(rawValue: 4)
  package static let breakSignature = ActionFlags(rawValue: 8)
  package static let alternatives = ActionFlags(rawValue: 16)
  package static let all = ActionFlags(rawValue: 32)
  package static let first = ActionFlags(rawValue: 64)
  package static let salt = ActionFlags(rawValue: 128)
  /// `replace :mime`: the text is a whole part with its header (RFC 5703 §5).
  package static let mime = ActionFlags(rawValue: 256)
  package static let ham = ActionFlags(rawValue: 512)
  package static let spam = ActionFlags(rawValue: 1024)
  /// For this recipient's own copy of the message (`for_each_rcpt :split`).
  package static let split = ActionFlags(rawValue: 2048)
  /// Of a plain Sieve script, whose actions are settled at its end; its header edits leave
  /// protected fields alone, and may build the name at run time.
  package static let plain = ActionFlags(rawValue: 4096)
  package static let admin = ActionFlags(rawValue: 8192)
  package static let sender = ActionFlags(rawValue: 16384)
  /// `fileinto :create` (RFC 5490).
  package static let create = ActionFlags(rawValue: 32768)

  /// With the names that reports show.
  package static let names: [(flag: ActionFlags, name: String)] = [
    (.last, "last"), (.copy, "copy"), (.part, "part"), (.breakSignature, "break_signature"),
    (.alternatives, "alternatives"), (.all, "all"), (.first, "first"), (.salt, "salt"),
    (.mime, "mime"), (.ham, "ham"), (.spam, "spam"), (.split, "split"), (.admin, "admin"),
    (.sender, "sender"), (.create, "create"),
  ]
}

extension Action {
  /// The names of its texts, in the order in which registers hold them. The last of an action
  /// that is `isVariadic` may stand several times.
  package var parameters: [String] {
    switch self {
    case .addheader, .insertheader, .deleteheader, .setheader: ["name", "value"]
    case .addrcpt, .delrcpt, .setsender, .redirect: ["address"]
    case .hold, .quarantine: ["reason"]
    // Of a plain Sieve script; in a policy these are verdict instructions.
    case .reject, .ereject: ["text"]
    case .fileinto: ["mailbox"]
    case .event: ["name", "value"]
    case .error: ["message"]
    case .delay: ["seconds"]
    case .replace: ["text", "type", "name", "disposition", "subject", "from"]
    case .enclose: ["text", "subject", "header"]
    case .rename: ["name"]
    case .settype: ["type"]
    case .warn: ["text"]
    case .replaceWithFile: ["file", "type", "name"]
    case .replaceWithLink: ["store", "text", "list", "type", "name"]
    case .compress: ["name"]
    case .sanitizeHtml: ["links"]
    case .filterProgram: ["program"]
    case .disclaimer: ["text", "html", "once"]
    case .addpart: ["text", "type", "name", "disposition"]
    case .canonicalize: ["only"]
    case .saveCopy: ["store"]
    case .dkimSign: ["domain", "selector", "key"]
    case .arcSeal: ["domain", "selector", "key"]
    case .authResults: ["name"]
    case .applyScanHeaders, .train: ["scanner"]
    case .notify: ["to", "subject", "text"]
    default: []
    }
  }

  package var editsHeader: Bool {
    switch self {
    case .addheader, .insertheader, .deleteheader, .setheader: true
    default: false
    }
  }

  /// Carried out behind all edits, over what will be delivered.
  package var isOfDelivery: Bool {
    switch self {
    case .dkimSign, .arcSeal, .authResults: true
    default: false
    }
  }

  /// An edit of the header or of parts that is carried out where the message is, by nobody else.
  package var isPlainEdit: Bool {
    switch self {
    case .addheader, .insertheader, .deleteheader, .setheader, .drop, .replace, .rename, .settype,
      .warn, .disclaimer, .addpart, .canonicalize, .sanitizeHtml, .event, .log, .score, .set:
      true
    default: false
    }
  }

  /// How carrying it out at the end of the message can fail; empty for what cannot.
  package var failures: [FailureClass] {
    switch self {
    case .quarantine, .saveCopy, .replaceWithLink: [.store, .limit]
    case .filterProgram: [.program, .limit]
    case .dkimSign, .arcSeal: [.internal, .limit]
    case .notify: [.internal]
    default: []
    }
  }

  /// Its last parameter may stand several times.
  package var isVariadic: Bool {
    switch self {
    case .event, .canonicalize, .enclose: true
    default: false
    }
  }

  /// Fuel of recording it, beside the bytes of its texts.
  package var cost: Int { isOfPart ? 100 : 80 }
}

package struct ActionSpec: Equatable, Hashable, BitwiseCopyable, Sendable {
  package var action: Action
  package var flags: ActionFlags
  /// The loop whose part or recipient is meant, plus one; 0 for the run's own.
  package var loop: UInt8
  package var firstText: UInt8
  package var textCount: UInt8
  /// Which parameters the texts are, one bit each from the first on; what a variadic action has
  /// beyond them is more of its last.
  package var present: UInt16
  /// `:index` or `:at`, from 1; 0 when not given.
  package var index: UInt32
  /// Which values are meant (`deleteheader`): a match spec, plus one; 0 for all.
  package var spec: UInt32
  /// What is answered when it cannot be carried out: a failure policy, plus one; 0 for tempfail.
  package var policy: UInt16

  package init(
    _ action: Action, flags: ActionFlags = [], loop: UInt8 = 0, firstText: UInt8 = 0,
    textCount: UInt8 = 0, present: UInt16 = 0, index: UInt32 = 0, spec: UInt32 = 0,
    policy: UInt16 = 0
  ) {
    self.action = action
    self.flags = flags
    self.loop = loop
    self.firstText = firstText
    self.textCount = textCount
    self.present = present
    self.index = index
    self.spec = spec
    self.policy = policy
  }

  /// Where it can stand.
  package var phases: PhaseSet {
    PhaseSet(
      Phase.allCases.filter { phase in
        switch action.reach(in: phase) {
        case .no: false
        case .loopPart: loop > 0
        default: true
        }
      })
  }

  /// The registers of a parameter's texts.
  package func registers(of parameter: String) -> Range<Int> {
    let first = Int(firstText)
    guard let place = action.parameters.firstIndex(of: parameter), present & 1 << place != 0 else {
      return first..<first
    }
    let before = (present & (1 << place - 1)).nonzeroBitCount
    let isLast = present >> (place + 1) == 0
    return first + before..<(isLast ? first + Int(textCount) : first + before + 1)
  }

  /// The register of a parameter that stands once; nil when it was not given.
  package func register(of parameter: String) -> Int? { registers(of: parameter).first }
}
