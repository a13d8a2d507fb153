// The field names that the reader itself looks for.

/// A field name that means something to the reader, lower-case.
enum FieldName: CaseIterable {
  case contentType, contentDisposition, contentEncoding, contentLocation, contentDescription
  case version

  var text: String {
    switch self {
    case .contentType: "content-type"
    case .contentDisposition: "content-disposition"
    case .contentEncoding: "content-transfer-encoding"
    case .version: "mime-version"
    case .contentLocation: "content-location"
    case .contentDescription: "content-description"
    }
  }

  /// The name as bytes, made once.
  var utf8Bytes: [UInt8] {
    switch self {
    case .contentType: Self.contentTypeBytes
    case .contentDisposition: Self.contentDispositionBytes
    case .contentEncoding: Self.contentEncodingBytes
    case .version: Self.versionBytes
    case .contentLocation: Self.contentLocationBytes
    case .contentDescription: Self.contentDescriptionBytes
    }
  }

  private static let contentTypeBytes = Array("content-type".utf8)
  private static let contentDispositionBytes = Array("content-disposition".utf8)
  private static let contentEncodingBytes = Array("content-transfer-encoding".utf8)
  private static let versionBytes = Array("mime-version".utf8)
  private static let contentLocationBytes = Array("content-location".utf8)
  private static let contentDescriptionBytes = Array("content-description".utf8)
}
