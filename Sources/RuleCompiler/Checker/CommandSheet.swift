// Other kinds of files in the grammar of the language, as policy tests: what commands they have is
// declared as data, and calls are bound and complained about as those of the language are.

/// The commands of one kind of file.
package struct CommandSheet: Sendable {
  package enum Value: Sendable { case string, strings, number }

  package struct Tag: Sendable {
    let signature: TagSignature

    /// - Parameters:
    ///   - value: what follows the tag; nil for a tag that stands alone.
    ///   - group: tags of one group exclude each other.
    package init(_ name: String, _ value: Value? = nil, group: String? = nil) {
      signature = TagSignature(name, value?.kind, group: group)
    }
  }

  package struct Positional: Sendable {
    let signature: PositionalSignature

    package init(_ label: String, _ value: Value, optional: Bool = false) {
      signature = PositionalSignature(label, value.kind, optional: optional)
    }
  }

  package struct Entry: Sendable {
    let signature: Signature

    package init(
      _ name: String, tags: [Tag] = [], _ positional: [Positional] = [], hasBlock: Bool = false
    ) {
      signature = Signature(
        name: name, tags: tags.map(\.signature), positional: positional.map(\.signature),
        block: hasBlock ? .required : .none)
    }
  }

  fileprivate let signatures: [String: Signature]

  package init(_ entries: [Entry]) {
    signatures = Dictionary(uniqueKeysWithValues: entries.map { ($0.signature.name, $0.signature) })
  }

  /// The names, for the parser's recovery.
  package var vocabulary: Vocabulary {
    Vocabulary(
      commands: Set(signatures.keys), tests: [], testTakers: [], testNeeders: [],
      blockNeeders: Set(signatures.values.filter { $0.block == .required }.map(\.name)))
  }
}

extension CommandSheet.Value {
  fileprivate var kind: ValueKind {
    switch self {
    case .string: .string
    case .strings: .strings
    case .number: .number
    }
  }
}

/// A command whose arguments fit its entry in the sheet.
package struct BoundCommand: Sendable {
  private var call: Call

  fileprivate init(_ call: Call) { self.call = call }

  package var name: Identifier { call.name }
  package var range: SourceRange { call.range }
  package var block: Block? { call.block }

  package func has(_ tag: String) -> Bool { call.has(tag) }
  package func range(of tag: String) -> SourceRange { call.tag(tag)?.range ?? call.name.range }
  package func string(_ tag: String) -> StringLiteral? { call.tag(tag)?.string }
  package func strings(_ tag: String) -> [StringLiteral]? { call.tag(tag)?.value?.strings }
  package func number(_ tag: String) -> NumberLiteral? { call.tag(tag)?.number }

  /// By place among the positional arguments; nil for an optional one that was left out.
  package func string(at index: Int) -> StringLiteral? { call.string(index) }
  package func strings(at index: Int) -> [StringLiteral]? { call.positional[index]?.strings }

  /// This command with what it leaves out taken from another of the same name.
  package func filled(from other: BoundCommand) -> BoundCommand {
    var filled = self
    filled.call.tags += other.call.tags.filter { !call.has($0.name) }
    for (index, value) in other.call.positional.enumerated() {
      filled.call.positional[index] = call.positional[index] ?? value
    }
    return filled
  }
}

/// Reads the commands of a file against a sheet; mistakes go to `diagnostics`.
package struct SheetReader {
  private let sheet: CommandSheet
  private var context: CheckContext

  package init(_ sheet: CommandSheet, _ sources: SourceSet, _ diagnostics: Diagnostics) {
    self.sheet = sheet
    context = CheckContext(sources: sources, diagnostics: diagnostics)
  }

  package var diagnostics: Diagnostics { context.diagnostics }

  /// The command if it is one of `allowed` and well-formed; nil when a mistake was reported.
  package mutating func bind(_ command: Command, allowed: [String]) -> BoundCommand? {
    let name = command.name.text
    guard allowed.contains(name), let signature = sheet.signatures[name] else {
      let nearest = context.nearest(to: name, among: allowed)
      context.report(.name(.unknownCommand(name, nearest: nearest)), at: command.name.range)
      return nil
    }
    return ArgumentBinder.bind(command, signature, &context).map(BoundCommand.init)
  }

  package mutating func report(
    _ problem: Problem, at range: SourceRange, notes: [Diagnostic.Note] = []
  ) {
    context.report(problem, at: range, notes: notes)
  }

  /// The entry of `known` that a text is; what is wrong is reported with the nearest.
  package mutating func value(
    _ literal: StringLiteral, of name: String, among known: [String]
  ) -> String? {
    if known.contains(literal.value) { return literal.value }
    let nearest = context.nearest(to: literal.value, among: known)
    let problem = NameProblem.unknownValue(
      literal.value, of: name, nearest: nearest, known: known.count > 12 ? [] : known)
    context.report(.name(problem), at: literal.range)
    return nil
  }
}
