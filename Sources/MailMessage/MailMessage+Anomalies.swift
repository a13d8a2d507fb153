// The anomalies that the structure alone does not show; looked for when asked.

extension MailMessage {
  /// Every kind of anomaly on the message and its parts. Reads all bytes and decodes what is
  /// base64: keep the answer.
  package var anomalies: [Anomaly] {
    var found = lineFaults
    for part in parts {
      found.formUnion(part.structuralAnomalies)
      // Another way to decode the same bytes has nothing to add.
      if part.variant == .standard { found.formUnion(part.contentAnomalies) }
    }
    return found.members
  }

  /// Those of its lines alone, whichever part they belong to.
  package var lineAnomalies: [Anomaly] { lineFaults.members }

  private var lineFaults: AnomalySet { LineFaults.find(bytes.span, 0..<bytes.count) }
}

extension Part {
  /// Every anomaly of the part: of its header, its structure and, unless it is a container, its
  /// content. Reads the part's bytes and decodes what is base64: keep the answer.
  package var anomalies: [Anomaly] {
    var found = structuralAnomalies
    found.formUnion(contentAnomalies)
    // A file that was found inside of a text has no lines that a mail server reads.
    guard isInMessage || !fields.isEmpty else { return found.members }
    let read = isContainer ? header : extent
    found.formUnion(LineFaults.find(bytes.span, read))
    return found.members
  }

  /// What header and content show, line ends left out.
  var contentAnomalies: AnomalySet {
    var found = AnomalySet()
    if hasRepeatedField { found.insert(.duplicateHeaders) }
    found.formUnion(nameAnomalies)
    found.formUnion(HeaderFaults.find(bytes.span, header))
    if !isContainer { found.formUnion(encodingFaults) }
    if contentType.type == "text" { found.formUnion(charsetFaults) }
    return found
  }

  /// Content that is not what its encoding says.
  private var encodingFaults: AnomalySet {
    var found = AnomalySet()
    let content = bytes.span.extracting(body)
    switch encoding {
    case .base64: if !Base64Decoder.isWellFormed(content) { found.insert(.badBase64) }
    case .quotedPrintable:
      // 8-bit bytes must be escaped (RFC 2045 §6.7).
      if !QuotedPrintable.isWellFormed(content) || !content.isASCII {
        found.insert(.badQuotedPrintable)
      }
    case .sevenBit:
      if encodingName != nil, !content.isASCII { found.insert(.encodingMismatch) }
    case .eightBit, .binary, .uuencode, .unknown: break
    }
    return found
  }

  /// The content is base64, and broken.
  package var hasBadBase64: Bool {
    encoding == .base64 && !isContainer
      && !Base64Decoder.isWellFormed(bytes.span.extracting(body))
  }

  /// The declared charset can be converted, and hides ASCII from a reader of bytes.
  package var hidesASCII: Bool { charset.map(CharsetName.hidesASCII) ?? false }

  /// The declared charset, if any, can be converted.
  package var isCharsetKnown: Bool { charset.map(CharsetName.isKnown) ?? true }

  private var charsetFaults: AnomalySet {
    var found = AnomalySet()
    let charsets = charsets
    if let first = charsets.first, !CharsetName.isKnown(first) { found.insert(.unknownCharset) }
    if charsets.prefix(namesMax).contains(where: CharsetName.hidesASCII) {
      found.insert(.riskyCharset)
    }
    return found
  }

  /// RFC 5322 §3.6 allows these once in a message, RFC 2045 the MIME fields once in a part.
  package static let onceOnlyNames: Set<String> = [
    "from", "sender", "reply-to", "to", "cc", "bcc", "message-id", "in-reply-to", "references",
    "subject", "date", "mime-version", "content-type", "content-transfer-encoding",
    "content-disposition", "content-id",
  ]
  private static let onceOnly: [[UInt8]] = onceOnlyNames.map { Array($0.utf8) }

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
