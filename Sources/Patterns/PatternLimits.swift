// The limits of patterns, all in one place.

/// What a pattern may be, and what reading it may cost.
package struct PatternLimits: Sendable, Equatable {
  /// Bytes of a pattern's text. PCRE2's own bound on compiled patterns is 64 KiB.
  package var sourceBytesMax = 16_384
  /// Groups inside groups. The parser of the analysis recurses so deep, no deeper.
  package var nestingMax = 100
  /// Characters of the automaton, each copy in a counted repetition for itself.
  package var positionsMax = 6_000
  /// Transitions of the automaton.
  package var edgesMax = 60_000
  /// Classes of characters that a pattern tells apart.
  package var classesMax = 254
  /// A repetition with a higher bound is read as one without: more paths, never fewer.
  package var copiesMax = 24
  /// Steps of each search of the analysis. A pattern it does not get through is not classified.
  package var stepsMax = 600_000
  /// Steps for one byte of a text, in the worst case, that a pattern may cost.
  package var stepsPerByteMax = 1_024

  /// Texts of which a match must hold one: their length, and the shortest worth looking for.
  package var literalBytesMax = 64
  package var literalBytesMin = 3
  /// How many there may be side by side, and as alternatives of a whole pattern.
  package var literalWaysMax = 16
  package var literalsMax = 64

  package init() {}
}
