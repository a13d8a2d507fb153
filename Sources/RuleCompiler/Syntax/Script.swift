// The syntax tree: the generic grammar of RFC 5228 §8.2 and nothing else. It knows no command by
// its meaning; the checker turns it into a `CheckedScript`. Each node keeps its source range.
// Depth is bounded by `CompilerLimits`, so walking it by recursion is safe.

/// One source file, parsed. It may come from a file with syntax errors: then what could be
/// understood is here, and the nodes that could not are marked `isDamaged`.
package struct Script: Equatable, Sendable {
  /// Index of the file in the `SourceSet`.
  package let file: Int
  package var commands: [Command]
  /// Comments in source order, for the formatter.
  package var comments: [Comment]
  /// False when braces or quotes did not pair up: what is nested in what is then a guess, and
  /// complaints about nesting would be noise.
  package var isStructureReliable: Bool
}

/// A name as the grammar's `identifier` (RFC 5228 §8.1). Case does not count, as in all strings of
/// such a grammar (RFC 5234 §2.3), so `text` is folded; what was written is at `range`.
package struct Identifier: Equatable, Sendable {
  /// ASCII lower case.
  package let text: String
  package let range: SourceRange
}

/// `command = identifier arguments (";" / block)`.
package struct Command: Equatable, Sendable {
  package let name: Identifier
  package var arguments: Arguments
  package var block: Block?
  /// From the name to its `;` or to the `}` of its block.
  package var range: SourceRange
  /// A syntax error was reported inside this command's head (not in its block): its arguments may
  /// be incomplete, so complaints about missing ones would be noise.
  package var isDamaged: Bool
  /// The statement before it lacks its `;`: a name that nobody knows may have been meant for that.
  package var mayBelongAbove = false
}

/// `test = identifier arguments`.
package struct Test: Equatable, Sendable {
  package let name: Identifier
  package var arguments: Arguments
  /// From the name to its last argument.
  package var range: SourceRange
  /// As in `Command`.
  package var isDamaged: Bool
}

/// `block = "{" commands "}"`.
package struct Block: Equatable, Sendable {
  package var commands: [Command]
  package let openBrace: SourceRange
  /// Empty, and at the place where it was expected, when the brace is missing.
  package let closeBrace: SourceRange
  package var range: SourceRange { openBrace.through(closeBrace) }
}

/// `arguments = *argument [ test / test-list ]`.
package struct Arguments: Equatable, Sendable {
  /// Tags, numbers, strings and string lists, in source order.
  package var items: [Argument]
  /// The trailing test (one, and `testList` is nil) or the tests of the trailing list.
  package var tests: [Test]
  /// Range of the trailing test list with its parentheses.
  package var testList: SourceRange?
  /// All of it; empty, behind the name, when there are no arguments.
  package var range: SourceRange
}

/// `argument = string-list / number / tag`.
package struct Argument: Equatable, Sendable {
  package enum Value: Equatable, Sendable {
    /// The name without its colon, in ASCII lower case.
    case tag(String)
    case number(NumberLiteral)
    case string(StringLiteral)
    /// Written in brackets; never empty unless the command is damaged.
    case list([StringLiteral])
  }

  package let value: Value
  package let range: SourceRange
}

/// `number = 1*DIGIT [ QUANTIFIER ]`.
package struct NumberLiteral: Equatable, Sendable {
  /// With the quantifier applied; at most `CompilerLimits.numberMax`.
  package let value: Int
  package let range: SourceRange
}

/// `string = quoted-string / multi-line`.
package struct StringLiteral: Equatable, Sendable {
  package enum Form: Equatable, Sendable { case quoted, multiLine }

  /// Escapes and dot-stuffing undone, each line end as CRLF whatever the file has: a policy must
  /// not change its meaning when an editor changes its line ends. Invalid UTF-8 is U+FFFD here.
  /// `${…}` is left as it is. `SourceFile.range(ofValue:in:)` finds a piece of it in the source.
  package let value: String
  package let form: Form
  /// With its quotes, or from `text:` to the line with the dot.
  package let range: SourceRange
  /// Characters given by number were put in: pieces of the value are not found in the source.
  package var isDecoded = false
}

/// A comment, for the formatter.
package struct Comment: Equatable, Sendable {
  package enum Form: Equatable, Sendable { case hash, bracket }

  package let form: Form
  /// Without the line end of a hash comment.
  package let range: SourceRange
}

extension Argument {
  /// The tag's name without colon, if this is a tag.
  package var tag: String? {
    if case .tag(let name) = value { name } else { nil }
  }

  /// One string, or each of a list; nil for tags and numbers. A single string stands for a list
  /// of one (RFC 5228 §2.4.2.1).
  package var strings: [StringLiteral]? {
    switch value {
    case .string(let literal): [literal]
    case .list(let literals): literals
    case .tag, .number: nil
    }
  }
}
