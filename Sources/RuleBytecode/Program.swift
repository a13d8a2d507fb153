// A program: the sections of an image as plain values. Nothing here is trusted before the
// verifier has seen it; only `VerifiedProgram` runs.

/// A string's place in the string bytes.
package struct StringRange: Equatable, Hashable, BitwiseCopyable, Sendable {
  package var offset: UInt32
  package var length: UInt32

  package init(offset: UInt32, length: UInt32) {
    self.offset = offset
    self.length = length
  }
}

/// How the entries of a set are kept and asked.
package enum SetKind: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  /// In the order given: patterns and needles, tried one by one.
  case ordered
  /// Sorted bytes, unique: exact match by binary search.
  case exact
  /// Sorted bytes, unique, ASCII letters folded to lower case.
  case folded
  /// 32-byte entries: first and last address (IPv4 mapped into IPv6), sorted, disjoint.
  case addresses
  /// Folded and sorted; a subject matches with any of its parent domains.
  case domains
  /// Folded and sorted; `user@domain`, `@domain` or `user@`.
  case mailboxes
}

/// A set of keys: a run of the entry list.
package struct KeySet: Equatable, Hashable, BitwiseCopyable, Sendable {
  package var kind: SetKind
  package var first: UInt32
  package var count: UInt32

  package init(kind: SetKind, first: UInt32, count: UInt32) {
    self.kind = kind
    self.first = first
    self.count = count
  }
}

package enum MatchType: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case `is`, contains, matches, list
  package var name: String { "\(self)" }
}

package enum Comparator: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case octet, asciiCasemap
  /// The collation's registered name (RFC 4790, RFC 5228 §2.7.3).
  package var name: String { self == .octet ? "i;octet" : "i;ascii-casemap" }
}

package enum AddressPart: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case all, localpart, domain
  package var name: String { "\(self)" }
}

/// How a value is compared with keys.
package struct MatchSpec: Equatable, Hashable, BitwiseCopyable, Sendable {
  package var type: MatchType
  package var comparator: Comparator
  package var addressPart: AddressPart
  /// `:all`: every candidate must match.
  package var everyCandidate: Bool
  /// The match variables are read later in the rule.
  package var captures: Bool
  /// Constant keys: sets, tried in order.
  package var firstSet: UInt32
  package var setCount: UInt16
  /// Keys built at run time: a run of text registers.
  package var firstKey: UInt8
  package var keyCount: UInt8

  package init(
    type: MatchType, comparator: Comparator, addressPart: AddressPart, everyCandidate: Bool,
    captures: Bool, firstSet: UInt32, setCount: UInt16, firstKey: UInt8, keyCount: UInt8
  ) {
    self.type = type
    self.comparator = comparator
    self.addressPart = addressPart
    self.everyCandidate = everyCandidate
    self.captures = captures
    self.firstSet = firstSet
    self.setCount = setCount
    self.firstKey = firstKey
    self.keyCount = keyCount
  }
}

package enum VariableScope: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case run, message, session, recipient
  package var name: String { "\(self)" }
}

package struct Variable: Equatable, Hashable, BitwiseCopyable, Sendable {
  package var name: UInt32
  package var scope: VariableScope

  package init(name: UInt32, scope: VariableScope) {
    self.name = name
    self.scope = scope
  }
}

package enum VerdictKind: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case accept, reject, tempfail, discard
  package var name: String { "\(self)" }
}

/// A verdict instruction's constant part. The texts are string indexes; empty code and enhanced
/// code for accept and discard.
package struct Reply: Equatable, Hashable, BitwiseCopyable, Sendable {
  package var kind: VerdictKind
  /// `:message` was given.
  package var wholeMessage: Bool
  package var code: UInt32
  package var enhanced: UInt32

  package init(kind: VerdictKind, wholeMessage: Bool, code: UInt32, enhanced: UInt32) {
    self.kind = kind
    self.wholeMessage = wholeMessage
    self.code = code
    self.enhanced = enhanced
  }
}

package enum HeaderEditKind: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case add, delete, set
}

package struct HeaderEditSpec: Equatable, Hashable, BitwiseCopyable, Sendable {
  package var kind: HeaderEditKind
  package var name: UInt32
  /// `:last` (RFC 5293): counted from, or put at, the end.
  package var last: Bool
  /// `:index`, 1-based; 0 when not given.
  package var index: UInt32
  /// Which spec the value must match, plus one; 0 for every value (`deleteheader` only).
  package var spec: UInt32

  package init(kind: HeaderEditKind, name: UInt32, last: Bool, index: UInt32, spec: UInt32) {
    self.kind = kind
    self.name = name
    self.last = last
    self.index = index
    self.spec = spec
  }
}

package enum PartEditKind: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case drop, replace, warn
  package var name: String { "\(self)" }
}

/// A part edit's constant part; the strings may be empty.
package struct PartEditSpec: Equatable, Hashable, BitwiseCopyable, Sendable {
  package var kind: PartEditKind
  package var type: UInt32
  package var name: UInt32
  package var disposition: UInt32

  package init(kind: PartEditKind, type: UInt32, name: UInt32, disposition: UInt32) {
    self.kind = kind
    self.type = type
    self.name = name
    self.disposition = disposition
  }
}

package enum CheckKind: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case dnsbl

  package var name: String { "\(self)" }
  package var failure: FailureClass { .dns }
  /// Time-out when a call names none, in milliseconds (LANGUAGE.md §8).
  package var defaultTimeoutMilliseconds: UInt32 { 5_000 }
}

/// A question to the outside: its constant arguments are the entries of a set.
package struct CheckSpec: Equatable, Hashable, BitwiseCopyable, Sendable {
  package var kind: CheckKind
  package var arguments: UInt32
  package var timeoutMilliseconds: UInt32

  package init(kind: CheckKind, arguments: UInt32, timeoutMilliseconds: UInt32) {
    self.kind = kind
    self.arguments = arguments
    self.timeoutMilliseconds = timeoutMilliseconds
  }
}

/// A place in the sources: file, and 1-based line and column.
package struct SourcePlace: Equatable, Hashable, BitwiseCopyable, Sendable {
  package var file: UInt32
  package var line: UInt32
  package var column: UInt32

  package init(file: UInt32, line: UInt32, column: UInt32) {
    self.file = file
    self.line = line
    self.column = column
  }
}

package struct RuleInfo: Equatable, BitwiseCopyable, Sendable {
  package var name: UInt32
  package var phase: Phase
  package var place: SourcePlace

  package init(name: UInt32, phase: Phase, place: SourcePlace) {
    self.name = name
    self.phase = phase
    self.place = place
  }
}

/// A test as the trace shows it: its source text and place.
package struct ProbeInfo: Equatable, BitwiseCopyable, Sendable {
  package var text: UInt32
  package var place: SourcePlace

  package init(text: UInt32, place: SourcePlace) {
    self.text = text
    self.place = place
  }
}

/// A block of code. `define`d blocks come first, in the order of their definition; a block may
/// call only those before it.
package struct Block: Equatable, BitwiseCopyable, Sendable {
  package var name: UInt32
  /// Index of its first instruction; it ends where the next block begins.
  package var start: UInt32

  package init(name: UInt32, start: UInt32) {
    self.name = name
    self.start = start
  }
}

/// The code of one phase is one block.
package struct PhaseEntry: Equatable, BitwiseCopyable, Sendable {
  package var phase: Phase
  package var block: UInt32

  package init(phase: Phase, block: UInt32) {
    self.phase = phase
    self.block = block
  }
}

/// From which instruction on a source place holds.
package struct SourceMark: Equatable, BitwiseCopyable, Sendable {
  package var pc: UInt32
  package var place: SourcePlace

  package init(pc: UInt32, place: SourcePlace) {
    self.pc = pc
    self.place = place
  }
}

package struct Program: Equatable, Sendable {
  package var stringBytes: [UInt8] = []
  package var strings: [StringRange] = []
  package var numbers: [Int64] = []
  package var entries: [StringRange] = []
  package var sets: [KeySet] = []
  package var specs: [MatchSpec] = []
  package var variables: [Variable] = []
  package var policies: [FailurePolicy] = []
  package var replies: [Reply] = []
  package var headerEdits: [HeaderEditSpec] = []
  package var partEdits: [PartEditSpec] = []
  package var checks: [CheckSpec] = []
  package var files: [UInt32] = []
  package var rules: [RuleInfo] = []
  package var probes: [ProbeInfo] = []
  package var sourceMap: [SourceMark] = []
  package var blocks: [Block] = []
  package var functionCount: UInt32 = 0
  package var phases: [PhaseEntry] = []
  package var code: [Instruction] = []
  /// SHA-256 over the sources, in the order given.
  package var sourceDigest: [UInt8] = Array(repeating: 0, count: 32)

  package init() {}

  /// The string at an index, for messages; the verifier has checked that it is UTF-8.
  package func string(_ index: UInt32) -> String {
    let range = strings[Int(index)]
    return String(
      decoding: stringBytes[Int(range.offset)..<Int(range.offset) + Int(range.length)],
      as: UTF8.self)
  }

  package func word(of range: StringRange) -> TextWord {
    TextWord(.constants, offset: Int(range.offset), length: Int(range.length))
  }

  /// The source place that an instruction stands for.
  package func place(of pc: Int) -> SourcePlace? {
    var low = 0
    var high = sourceMap.count
    while low < high {
      let middle = (low + high) / 2
      if Int(sourceMap[middle].pc) <= pc { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? nil : sourceMap[low - 1].place
  }

  /// `policy.rules:14:5`.
  package func location(_ place: SourcePlace) -> String {
    "\(string(files[Int(place.file)])):\(place.line):\(place.column)"
  }

  package func block(of phase: Phase) -> Block? {
    phases.first { $0.phase == phase }.map { blocks[Int($0.block)] }
  }
}
