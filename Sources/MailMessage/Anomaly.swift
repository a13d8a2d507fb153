// What is odd about a message: where mail programs may read the same bytes differently.

/// One kind of oddity, on a part or on the message.
package enum Anomaly: UInt8, CaseIterable, Sendable {
  /// A CR that no LF follows (RFC 5322 §2.3 forbids it).
  case bareCR
  /// A LF without a CR before it.
  case bareLF
  /// A NUL byte (RFC 5322 §4 obsoletes it).
  case nul
  /// A field that RFC 5322 §3.6 allows once stands more than once in a header.
  case duplicateHeaders
  /// More than one Content-Type field.
  case duplicateContentType
  /// Boundaries that disagree, repeat an outer one, or begin like another (RFC 2046 §5.1.1).
  case boundaryConflict
  /// Encodings that disagree, or one on a container where RFC 2045 §6.4 forbids it.
  case encodingConflict
  /// base64 with foreign characters, with padding in the middle or without any.
  case badBase64
  /// The declared names of a part have different extensions.
  case nameConflict
  /// A multipart that ends without its closing delimiter.
  case missingEnd
  /// A header that is followed by something else than a blank line.
  case missingBlankLine
  /// A multipart without a boundary, or whose boundary begins no part.
  case missingBoundary
  /// A Content-Transfer-Encoding that nobody defined: the bytes are taken as they are.
  case unknownEncoding
  /// A charset that cannot be converted: only its ASCII and UTF-8 can be read.
  case unknownCharset
  /// Where the header ends is read differently: a line of blanks, CRs, or text that is no field.
  case headerEndConflict
  /// A line of a header that is no field: no colon, or a name that RFC 5322 §2.2 forbids.
  case badHeaderLine
  /// A Content-Type that can be read as more than one type.
  case typeConflict
  /// Parts that only some readings show: no header declares them plainly.
  case hiddenPart
  /// A parameter with an open quote, a control, a stray sign (RFC 2045 §5.1).
  case badParameter
  /// Pieces of a parameter that are doubled, missing or of mixed kinds (RFC 2231 §3).
  case badContinuation
  /// An encoded word in a parameter, where RFC 2047 §5 forbids it.
  case encodedParameter
  /// quoted-printable with signs that escape nothing (RFC 2045 §6.7).
  case badQuotedPrintable
  /// A uuencoded, yEnc, BinHex or TNEF file that is damaged.
  case badEmbedded
  /// 8-bit content that is declared as 7bit (RFC 2045 §6.2).
  case encodingMismatch
  /// A charset that hides ASCII text from a reader of bytes: UTF-7, UTF-16, EBCDIC.
  case riskyCharset
  /// 8-bit text in a header that is no UTF-8, or a control character (RFC 6532 §3).
  case badHeaderText
  /// A line of more than 998 bytes (RFC 5322 §2.1.1).
  case longLine
  /// A dot alone on a line that ends with a bare LF or CR: some servers end the message there.
  case smuggling
  /// A name with characters that turn the direction of writing.
  case nameBidi
  /// A name with a document's extension before one of a program.
  case nameDoubleExtension
  /// A name with dots or blanks at its end, or many blanks before its extension.
  case namePadding
  /// A name with a path in it.
  case namePath
  /// A name with NUL or another control character.
  case nameControl
  /// A name whose extension shows only after decoding: percent signs, full-width forms, invisible
  /// characters.
  case nameDisguise

  /// The name in the language, such as `bare-cr`.
  package var name: String {
    switch self {
    case .bareCR: "bare-cr"
    case .bareLF: "bare-lf"
    case .nul: "nul"
    case .duplicateHeaders: "duplicate-headers"
    case .duplicateContentType: "duplicate-content-type"
    case .boundaryConflict: "boundary-conflict"
    case .encodingConflict: "encoding-conflict"
    case .badBase64: "bad-base64"
    case .nameConflict: "name-conflict"
    case .missingEnd: "missing-end"
    case .missingBlankLine: "missing-blank-line"
    case .missingBoundary: "missing-boundary"
    case .unknownEncoding: "unknown-encoding"
    case .unknownCharset: "unknown-charset"
    case .headerEndConflict: "header-end-conflict"
    case .badHeaderLine: "bad-header-line"
    case .typeConflict: "type-conflict"
    case .hiddenPart: "hidden-part"
    case .badParameter: "bad-parameter"
    case .badContinuation: "bad-continuation"
    case .encodedParameter: "encoded-parameter"
    case .badQuotedPrintable: "bad-quoted-printable"
    case .badEmbedded: "bad-embedded"
    case .encodingMismatch: "encoding-mismatch"
    case .riskyCharset: "risky-charset"
    case .badHeaderText: "bad-header-text"
    case .longLine: "long-line"
    case .smuggling: "smuggling"
    case .nameBidi: "name-bidi"
    case .nameDoubleExtension: "name-double-extension"
    case .namePadding: "name-padding"
    case .namePath: "name-path"
    case .nameControl: "name-control"
    case .nameDisguise: "name-disguise"
    }
  }
}

/// Several anomalies in one word, so that a part carries them without an allocation.
package struct AnomalySet: Sendable, Equatable {
  private var bits: UInt64 = 0

  package init() {}

  package var isEmpty: Bool { bits == 0 }

  package func contains(_ anomaly: Anomaly) -> Bool { bits & (1 << anomaly.rawValue) != 0 }

  package mutating func insert(_ anomaly: Anomaly) { bits |= 1 << anomaly.rawValue }

  package mutating func formUnion(_ other: AnomalySet) { bits |= other.bits }

  /// The members, in the order of their declaration.
  package var members: [Anomaly] { isEmpty ? [] : Anomaly.allCases.filter(contains) }
}
