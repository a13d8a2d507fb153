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

  package var word: TextWord {
    TextWord(.constants, offset: Int(offset), length: Int(length))
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
  /// A table whose entries are not in the image: `first` is its index among the tables, `count` 1.
  case table
  /// Regular expressions, in the order given, each with its `PatternFacts` behind it.
  case patterns
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
  package var name: String { Self.spellings[Int(rawValue)] }
  private static let spellings = spelled()
}

/// A verdict instruction's constant part. The texts are string indexes; empty code and enhanced
/// code for accept and discard.
package struct Reply: Equatable, Hashable, BitwiseCopyable, Sendable {
  package var kind: VerdictKind
  /// `:message` was given.
  package var wholeMessage: Bool
  /// In `for_each_rcpt`: it ends this recipient's turn, and the code behind it goes on.
  package var endsTurn: Bool
  package var code: UInt32
  package var enhanced: UInt32

  package init(
    kind: VerdictKind, wholeMessage: Bool, endsTurn: Bool = false, code: UInt32, enhanced: UInt32
  ) {
    self.kind = kind
    self.wholeMessage = wholeMessage
    self.endsTurn = endsTurn
    self.code = code
    self.enhanced = enhanced
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

/// Whether a rule's actions are done.
package enum RuleMode: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case enforce
  /// Everything is evaluated and listed, nothing is done (LANGUAGE.md §3).
  case observe

  package var name: String { "\(self)" }
}

package struct RuleInfo: Equatable, BitwiseCopyable, Sendable {
  package var name: UInt32
  package var phase: Phase
  package var mode: RuleMode
  /// String indexes of `:severity` and `:reference`; the empty string when not given.
  package var severity: UInt32
  package var reference: UInt32
  package var place: SourcePlace

  package init(
    name: UInt32, phase: Phase, mode: RuleMode = .enforce, severity: UInt32, reference: UInt32,
    place: SourcePlace
  ) {
    self.name = name
    self.phase = phase
    self.mode = mode
    self.severity = severity
    self.reference = reference
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

/// `every SECONDS "name" { … }`: a block that runs outside any session.
package struct Timer: Equatable, BitwiseCopyable, Sendable {
  package var seconds: UInt32
  package var block: UInt32

  package init(seconds: UInt32, block: UInt32) {
    self.seconds = seconds
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
  package var queries: [QuerySpec] = []
  package var actions: [ActionSpec] = []
  package var checks: [CheckSpec] = []
  package var tables: [TableSpec] = []
  package var declarations: [Declaration] = []
  package var timers: [Timer] = []
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
