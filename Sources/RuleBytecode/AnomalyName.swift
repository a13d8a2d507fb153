// The oddities of messages that rules can ask for: names, how grave each is, and what it means. The
// reader of mail that finds them is tested against this list.

/// An oddity: mail programs may read the same bytes differently.
package enum AnomalyName: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case bareCR, bareLF, nul
  case duplicateHeaders, duplicateContentType, boundaryConflict, encodingConflict
  case badBase64, nameConflict, missingEnd, missingBlankLine, missingBoundary
  case unknownEncoding, unknownCharset, zipDirectoryMismatch
  case headerEndConflict, badHeaderLine, typeConflict, hiddenPart, badParameter, badContinuation
  case encodedParameter, badQuotedPrintable, badEmbedded, encodingMismatch, riskyCharset
  case badHeaderText, longLine, smuggling, nameBidi, nameDoubleExtension, namePadding, namePath
  case nameControl, nameDisguise
  case zipSeveralDirectories, zipOverlap, archivePath, archiveDamaged, officeDamaged, polyglot

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
      .missingBoundary, .zipDirectoryMismatch,
      .headerEndConflict, .typeConflict, .hiddenPart, .smuggling, .nameBidi, .namePadding,
      .nameControl, .nameDisguise, .zipSeveralDirectories, .zipOverlap, .polyglot:
      .high
    case .bareCR, .duplicateHeaders, .badBase64, .missingBlankLine, .unknownEncoding,
      .badHeaderLine, .badParameter, .badContinuation, .badEmbedded, .riskyCharset,
      .nameDoubleExtension, .namePath, .archivePath, .archiveDamaged, .officeDamaged:
      .medium
    case .bareLF, .missingEnd, .unknownCharset,
      .encodedParameter, .badQuotedPrintable, .encodingMismatch, .badHeaderText, .longLine:
      .low
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
    case .headerEndConflict: "a header whose end programs see in different places"
    case .badHeaderLine: "a line in a header that is no field"
    case .typeConflict: "a Content-Type that can be read as different types"
    case .hiddenPart: "parts that only some mail programs show"
    case .badParameter: "a parameter of a MIME field that is not well formed"
    case .badContinuation: "pieces of a parameter that do not fit together"
    case .encodedParameter: "an encoded word inside a parameter"
    case .badQuotedPrintable: "quoted-printable with signs that escape nothing"
    case .badEmbedded: "a damaged file inside of a text, or a damaged winmail.dat"
    case .encodingMismatch: "8-bit content declared as 7bit"
    case .riskyCharset: "a charset that hides ASCII text, such as UTF-7"
    case .badHeaderText: "a header with 8-bit text that is not UTF-8, or with controls"
    case .longLine: "a line of more than 998 bytes"
    case .smuggling: "a dot on a line of its own between bare line ends, as SMTP smuggling has it"
    case .nameBidi: "a file name with characters that turn its direction"
    case .nameDoubleExtension: "a file name such as invoice.pdf.exe"
    case .namePadding: "a file name padded with dots or blanks around its extension"
    case .namePath: "a file name with a path"
    case .nameControl: "a file name with NUL or another control character"
    case .nameDisguise: "a file name whose extension shows only after decoding"
    case .zipSeveralDirectories: "a zip with more than one directory, as two zips joined have"
    case .zipOverlap: "a zip whose members share bytes, as bombs do"
    case .archivePath: "an archive with members that would leave its folder"
    case .archiveDamaged: "an archive that cannot be read to its end"
    case .officeDamaged: "an office document or a PDF whose structure is broken"
    case .polyglot: "content that is a file of more than one type at once"
    }
  }

  /// Found in files, not in the structure of mail.
  package var isOfContent: Bool {
    switch self {
    case .zipDirectoryMismatch, .zipSeveralDirectories, .zipOverlap, .archivePath,
      .archiveDamaged, .officeDamaged, .polyglot:
      true
    default: false
    }
  }

  /// Found by reading archives.
  package var isOfArchives: Bool {
    switch self {
    case .zipDirectoryMismatch, .zipSeveralDirectories, .zipOverlap, .archivePath,
      .archiveDamaged:
      true
    default: false
    }
  }

  package static func named(_ name: some StringProtocol) -> AnomalyName? {
    allCases.first { $0.name == name }
  }
}
