// What a command or test looks like, as data: its tags, arguments and where it can stand. The
// binder checks calls against it, "did you mean" and the manual read it.

import RuleBytecode

/// What a tag or argument takes.
enum ValueKind: Sendable {
  case string
  /// One string or a list.
  case strings
  case number
  /// Strings or a number; the command itself says which.
  case any

  var expected: ArgumentProblem.Kind {
    switch self {
    case .string, .any: .string
    case .strings: .list
    case .number: .number
    }
  }
}

struct TagSignature: Sendable {
  let name: String
  /// What follows the tag; nil for a tag that stands alone.
  let value: ValueKind?
  /// Tags of the same group exclude each other.
  let group: String?
  /// The capability it needs, beyond that of its command.
  let capability: String?

  init(_ name: String, _ value: ValueKind? = nil, group: String? = nil, needs: String? = nil) {
    self.name = name
    self.value = value
    self.group = group
    self.capability = needs
  }
}

struct PositionalSignature: Sendable {
  /// How messages call it: "keys", "header names".
  let label: String
  let kind: ValueKind
  let isOptional: Bool

  init(_ label: String, _ kind: ValueKind, optional: Bool = false) {
    self.label = label
    self.kind = kind
    self.isOptional = optional
  }
}

/// What brings a name into a file.
enum Availability: Sendable {
  /// RFC 5228 itself.
  case base
  /// `require "defang"`.
  case ours
  /// This capability, in our files too.
  case capability(String)
  /// `require "defang"` or this capability.
  case oursOr(String)
}

struct Signature: Sendable {
  enum TestsWanted: Sendable { case none, one, list, optional }
  enum BlockWanted: Sendable { case none, required, optional }
  /// What a tag is when none of the known ones: a mistyped tag, or a failure class.
  enum TagFamily: Sendable { case tags, failureClasses }

  let name: String
  var availability: Availability = .base
  var tags: [TagSignature] = []
  var positional: [PositionalSignature] = []
  var tests: TestsWanted = .none
  var block: BlockWanted = .none
  /// Where it can stand, as far as it alone decides.
  var phases: PhaseSet = .all
  /// What it works on, for the reason in the message.
  var need: PhaseProblem.Need = .none
  var tagFamily: TagFamily = .tags
  /// Tags may stand behind the other arguments too.
  var tagsStandAnywhere = false

  /// The match types, `:comparator`, and `:backtrack`, ours, for patterns.
  static let matchTags = [
    TagSignature("is", group: "match"), TagSignature("contains", group: "match"),
    TagSignature("matches", group: "match"),
    TagSignature("list", group: "match", needs: "extlists"),
    TagSignature("regex", group: "match", needs: "regex"),
    TagSignature("value", .string, group: "match", needs: "relational"),
    TagSignature("count", .string, group: "match", needs: "relational"),
    TagSignature("comparator", .string),
    TagSignature("backtrack", .number, needs: Capability.ours),
  ]

  /// `:all :localpart :domain` (RFC 5228 §2.7.4), `:user :detail` (RFC 5233).
  static let addressPartTags = AddressPart.allCases.map {
    TagSignature(
      $0.name, group: "address part",
      needs: $0 == .user || $0 == .detail ? "subaddress" : nil)
  }
}
