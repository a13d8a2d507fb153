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
    }
  }
}

/// Several anomalies in one word, so that a part carries them without an allocation.
package struct AnomalySet: Sendable, Equatable {
  private var bits: UInt32 = 0

  package init() {}

  package var isEmpty: Bool { bits == 0 }

  package func contains(_ anomaly: Anomaly) -> Bool { bits & (1 << anomaly.rawValue) != 0 }

  package mutating func insert(_ anomaly: Anomaly) { bits |= 1 << anomaly.rawValue }

  package mutating func formUnion(_ other: AnomalySet) { bits |= other.bits }

  /// The members, in the order of their declaration.
  package var members: [Anomaly] { isEmpty ? [] : Anomaly.allCases.filter(contains) }
}
