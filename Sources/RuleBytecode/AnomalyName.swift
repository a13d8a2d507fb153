// The oddities of messages that rules can ask for: names, how grave each is, and what it means. The
// reader of mail that finds them is tested against this list.

/// An oddity: mail programs may read the same bytes differently.
package enum AnomalyName: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case bareCR, bareLF, nul
  case duplicateHeaders, duplicateContentType, boundaryConflict, encodingConflict
  case badBase64, nameConflict, missingEnd, missingBlankLine, missingBoundary
  case unknownEncoding, unknownCharset, zipDirectoryMismatch

  /// The name in the language, such as `bare-cr`.
  package var name: String {
    switch self {
    case .bareCR: "bare-cr"
    case .bareLF: "bare-lf"
    case .badBase64: "bad-base64"
    default: Self.dashed("\(self)", by: "-")
    }
  }

  /// High: programs can see different content, so that one filter or reader misses a part. Medium:
  /// correct programs do not write it, and readers mend it in different ways. Low: sloppy, common
  /// in honest mail.
  package var severity: Severity {
    switch self {
    case .nul, .duplicateContentType, .boundaryConflict, .encodingConflict, .nameConflict,
      .missingBoundary, .zipDirectoryMismatch:
      .high
    case .bareCR, .duplicateHeaders, .badBase64, .missingBlankLine, .unknownEncoding: .medium
    case .bareLF, .missingEnd, .unknownCharset: .low
    }
  }

  /// One line for people, without a full stop.
  package var meaning: String {
    switch self {
    case .bareCR: "a CR that no LF follows"
    case .bareLF: "a LF without a CR before it"
    case .nul: "a NUL byte"
    case .duplicateHeaders: "a field stands twice that may stand once, such as From"
    case .duplicateContentType: "more than one Content-Type on one part"
    case .boundaryConflict: "boundaries that disagree, repeat or begin like each other"
    case .encodingConflict: "encodings that disagree, or one on a container"
    case .badBase64: "base64 with foreign characters or misplaced padding"
    case .nameConflict: "declared names of one part with different extensions"
    case .missingEnd: "a multipart without its closing delimiter"
    case .missingBlankLine: "a header that no blank line ends"
    case .missingBoundary: "a multipart without a boundary, or without any part"
    case .unknownEncoding: "a transfer encoding that nobody defined"
    case .unknownCharset: "a charset that cannot be converted"
    case .zipDirectoryMismatch: "a zip whose directory and members disagree"
    }
  }

  package static func named(_ name: some StringProtocol) -> AnomalyName? {
    allCases.first { $0.name == name }
  }
}
