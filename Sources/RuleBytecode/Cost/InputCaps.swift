// What one session and one message can bring at most: the numbers behind every worst case. They are
// the reader's and the machine's limits; a test holds them equal.

package struct InputCaps: Equatable, Sendable {
  /// Bytes of the message's header.
  package var headerBytes = 262_144
  /// Fields of the header.
  package var fields = 1_000
  /// Fields of the headers of the message and of all parts together.
  package var allFields = 20_000
  /// Bytes of the headers of the message and of all parts together.
  package var allHeaderBytes = 1 << 20
  /// Bytes of the whole message.
  package var messageBytes = 64 << 20
  /// Bytes of all parts, decoded.
  package var decodedBytes = 128 << 20
  /// Bytes that are read again where mail programs differ.
  package var readingBytes = 32 << 20
  /// Bytes that are decoded to find parts in them.
  package var embeddedBytes = 64 << 20
  /// Bytes of all texts that one `body` compares: not lowered, more than there can be.
  package var textBytes = 256 << 20
  /// Bytes that are read and unpacked of documents.
  package var documentBytes = 128 << 20
  /// Bytes that are unpacked of archives, members whose type libmagic tells, texts that one
  /// question compares of an archive's members, and their bytes.
  package var archiveBytes = 128 << 20
  package var archiveHeads = 200
  package var memberTexts = 40_000
  package var memberTextBytes = 1 << 20
  /// MIME parts.
  package var parts = 500
  /// Names of one part.
  package var names = 16
  /// How deep parts nest.
  package var depth = 50
  /// Accepted recipients of one message.
  package var recipients = 1_000
  /// Bytes of a path, a host or login name, and of other short facts (`Fact.isLong` tells).
  package var nameBytes = 1_024
  /// Bytes of any other fact, macro or ESMTP argument.
  package var factBytes = 8_192
  /// Bytes of a variable.
  package var variableBytes = 65_536
  /// Texts that one run builds, in bytes.
  package var runTextBytes = 4 << 20
  /// Bytes of a wildcard pattern that is built at run time.
  package var wildcardKeyBytes = 1_024
  /// Steps that one test may spend on patterns without a bound of their own.
  package var patternSteps = 500_000
  /// Bytes of a regular expression that is built at run time.
  package var builtPatternBytes = 1_024
  /// Bytes of one argument of a question to the outside, and kept of a text in its answer.
  package var checkArgumentBytes = 16_384
  package var answerTextBytes = 65_536
  /// Questions to the outside of one message, and those about its recipients.
  package var checks = 100
  package var recipientChecks = 1_000

  package init() {}

  /// Bytes of the content of all parts of all readings: no transfer encoding makes more bytes of
  /// less.
  package var contentBytes: Int {
    let encoded = Int.cost(messageBytes, plus: readingBytes)
    return Int.cost(encoded, plus: min(embeddedBytes, decodedBytes))
  }
}

/// What a policy may cost: the fuel of one message, and of each run before it.
package struct CostBudget: Equatable, Sendable {
  package var fuel = 5_000_000_000

  package init() {}
}

extension Int {
  /// Costs do not wrap: past the largest number they stay there.
  static func cost(_ left: Int, times right: Int) -> Int {
    let (product, overflow) = left.multipliedReportingOverflow(by: right)
    return overflow ? .max : product
  }

  static func cost(_ left: Int, plus right: Int) -> Int {
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? .max : sum
  }
}
