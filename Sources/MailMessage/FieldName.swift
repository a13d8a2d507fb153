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

/// The fields that say how a part is read, found where they stand in an unusual way.
enum MIMEField {
  private static let names: [FieldName] = [.contentType, .contentEncoding, .contentDisposition]

  /// Whether such a field's name stands there, behind blanks and controls.
  static func begins(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    name(bytes, range) != nil
  }

  /// Where the name stands, behind blanks and controls; no letter follows it.
  static func name(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int>? {
    var start = range.lowerBound
    while start < range.upperBound, bytes[start] <= ASCII.space { start += 1 }
    guard start < range.upperBound, ASCII.lower(bytes[start]) == 99 else { return nil }
    for name in names.map(\.utf8Bytes) {
      let end = start + name.count
      guard end <= range.upperBound, ASCII.isEqual(bytes.extracting(start..<end), name.span) else {
        continue
      }
      let isWhole = end == range.upperBound || !ASCII.isAlphanumeric(bytes[end])
      if isWhole, end == range.upperBound || bytes[end] != ASCII.dash { return start..<end }
    }
    return nil
  }
}
