// The anomalies that the structure alone does not show; looked for when asked.

extension MailMessage {
  /// Every kind of anomaly on the message and its parts. Reads all bytes and decodes what is
  /// base64: keep the answer.
  package var anomalies: [Anomaly] {
    var found = LineFaults.find(bytes.span, 0..<bytes.count)
    for part in parts {
      found.formUnion(part.structuralAnomalies)
      found.formUnion(part.contentAnomalies)
    }
    return found.members
  }
}

extension Part {
  /// Every anomaly of the part: of its header, its structure and, unless it is a container, its
  /// content. Reads the part's bytes and decodes what is base64: keep the answer.
  package var anomalies: [Anomaly] {
    var found = structuralAnomalies
    found.formUnion(contentAnomalies)
    let read = isContainer ? header : extent
    found.formUnion(LineFaults.find(bytes.span, read))
    return found.members
  }

  /// What header and content show, line ends left out.
  var contentAnomalies: AnomalySet {
    var found = AnomalySet()
    if hasRepeatedField { found.insert(.duplicateHeaders) }
    found.formUnion(nameAnomalies)
    if encoding == .base64, !isContainer,
      !Base64Decoder.isWellFormed(bytes.span.extracting(body))
    {
      found.insert(.badBase64)
    }
    if encoding == .quotedPrintable, !isContainer,
      !QuotedPrintable.isWellFormed(bytes.span.extracting(body))
    {
      found.insert(.badQuotedPrintable)
    }
    if contentType.type == "text", let charset, !CharsetName.isKnown(charset) {
      found.insert(.unknownCharset)
    }
    return found
  }

  /// RFC 5322 §3.6 allows these once in a message, RFC 2045 the MIME fields once in a part.
  private static let onceOnly: [[UInt8]] = [
    "from", "sender", "reply-to", "to", "cc", "bcc", "message-id", "in-reply-to", "references",
    "subject", "date", "mime-version", "content-type", "content-transfer-encoding",
    "content-disposition", "content-id",
  ].map { Array($0.utf8) }

  private var hasRepeatedField: Bool {
    let span = bytes.span
    return Self.onceOnly.contains { wanted in
      var count = 0
      for field in fields where field.name.count == wanted.count {
        if ASCII.isEqual(span.extracting(field.name), wanted.span) { count += 1 }
      }
      return count > 1
    }
  }
}

/// Line ends that are none, and NULs.
enum LineFaults {
  static func find(_ bytes: Span<UInt8>, _ range: Range<Int>) -> AnomalySet {
    var found = AnomalySet()
    let end = range.upperBound
    let nul = ByteScan.firstIndex(of: ASCII.nul, in: bytes, from: range.lowerBound, to: end)
    if nul != nil { found.insert(.nul) }
    var line = range.lowerBound
    while line < end, !(found.contains(.bareCR) && found.contains(.bareLF)) {
      let lineFeed = ByteScan.firstIndex(
        of: ASCII.lineFeed, in: bytes, from: line, to: end)
      note(bytes, line, lineFeed, end, &found)
      line = lineFeed.map { $0 + 1 } ?? end
    }
    return found
  }

  /// In a line that ends well the first CR is the one before the LF.
  private static func note(
    _ bytes: Span<UInt8>, _ line: Int, _ lineFeed: Int?, _ end: Int, _ found: inout AnomalySet
  ) {
    let stop = lineFeed ?? end
    let hasReturn = stop > line && bytes[stop - 1] == ASCII.carriageReturn
    if lineFeed != nil, !hasReturn { found.insert(.bareLF) }
    let last = hasReturn && lineFeed != nil ? stop - 1 : stop
    if ByteScan.firstIndex(of: ASCII.carriageReturn, in: bytes, from: line, to: last) != nil {
      found.insert(.bareCR)
    }
  }
}
