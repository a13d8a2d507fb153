// Every limit of the compiler by name. Each is tested at the limit and one past it; the language
// manual lists them.

package import RuleBytecode

/// What a source may ask of the compiler.
package struct CompilerLimits: Equatable, Sendable {
  /// Bytes of one source file. Longer lists belong into a file of their own (`table :file`).
  package var sourceBytesMax = 8 << 20
  /// Tokens of one source file; 12 bytes of memory each.
  package var tokensMax = 2_000_000
  /// Commands and tests of one source file.
  package var nodesMax = 200_000
  /// Blocks inside blocks.
  package var commandNestingMax = 32
  /// Tests inside tests: `not`, `anyof`, `allof`, and the tests they hold.
  package var testNestingMax = 32
  /// Strings of one list.
  package var listEntriesMax = 100_000
  /// Arguments of one command or test, tags counted.
  package var argumentsMax = 64
  /// Bytes of one string between its quotes, or of one `text:`.
  package var stringBytesMax = 1 << 20
  /// Bytes of one identifier or tag.
  package var nameBytesMax = 64
  /// Value of one number, its quantifier applied. RFC 5228 §2.4.1 asks for 2^31-1 at least.
  package var numberMax = UInt64.max
  /// Files that one policy includes.
  package var includesMax = 255
  /// Files that include files.
  package var includeNestingMax = 10
  /// Diagnostics shown for one run.
  package var diagnosticsMax = 100
  /// Diagnostics kept for one run, from which those shown are chosen.
  package var diagnosticsKept = 2_000
  /// How often the lexer goes back to a string that was probably left open.
  package var stringRecoveriesMax = 8

  /// Bytes of the value of a field that a plain script adds.
  package var addedFieldBytesMax = Int.max

  /// What one message can bring, for the worst case.
  package var inputs = InputCaps()
  /// What a policy may cost in the worst case.
  package var budget = CostBudget()

  package static let standard = CompilerLimits()

  /// `foreverypart` inside `foreverypart`; how deep loops nest bounds what a message costs.
  package static let loopNestingMax = 4

  /// Variables that one plain Sieve script sets; RFC 5229 §6 asks for 128 at least.
  package static let plainVariablesMax = 255

  package init() {}
}
