// Signs messages (RFC 6376 §5): the field that verifiers will find good over the bytes given, which
// must be those that will be sent.
internal import MailMessage

/// A header field to put on top of a message.
package struct WrittenField: Sendable, Equatable {
  package let name: String
  /// All behind the colon, its leading blank and its folds (CRLF and a tab) included, without the
  /// last line end.
  package let value: [UInt8]

  /// The field with its line end.
  package var bytes: [UInt8] {
    Array("\(name):".utf8) + value + [ASCII.carriageReturn, ASCII.lineFeed]
  }
}

/// Signs for one domain with one key.
package struct DKIMSigner: Sendable {
  /// What RFC 6376 §5.4.1 recommends: what a reader sees, and what shapes how it is shown.
  package static let defaultHeaders = [
    "from", "sender", "reply-to", "subject", "date", "message-id", "to", "cc", "mime-version",
    "content-type", "content-transfer-encoding", "content-id", "content-description", "resent-date",
    "resent-from", "resent-sender", "resent-to", "resent-cc", "resent-message-id", "in-reply-to",
    "references", "list-id", "list-help", "list-unsubscribe", "list-unsubscribe-post",
    "list-subscribe", "list-post", "list-owner", "list-archive",
  ]

  /// Signed once more than they stand there, so that nobody adds one (§8.15). Date and Message-ID
  /// are not among them: mail servers add those that are missing.
  package static let defaultOversigned = [
    "from", "reply-to", "subject", "to", "cc", "content-type",
  ]

  let domain: String
  let selector: String
  let key: SigningKey
  private let headers: [String]
  private let oversigned: Set<String>
  private let headerForm: Canonicalization
  private let bodyForm: Canonicalization
  private let limits: SignatureLimits

  /// - Parameters:
  ///   - headers: Names of fields to sign where the message has them; From must be one.
  ///   - oversigned: Those of `headers` that nobody may add.
  package init(
    domain: String, selector: String, key: PrivateKey,
    headers: [String] = DKIMSigner.defaultHeaders,
    oversigned: [String] = DKIMSigner.defaultOversigned,
    canonicalization: (header: Canonicalization, body: Canonicalization) = (.relaxed, .relaxed),
    limits: SignatureLimits = SignatureLimits()
  ) throws(SigningFault) {
    guard let domain = DomainText.canonical(domain) else { throw .badDomain }
    guard let selector = DomainText.canonical(selector) else { throw .badSelector }
    self.domain = domain
    self.selector = selector
    self.key = key.key
    self.headers = try Self.checkedNames(headers)
    guard self.headers.contains("from") else { throw .fromNotListed }
    self.oversigned = Set(try Self.checkedNames(oversigned))
    (headerForm, bodyForm) = canonicalization
    self.limits = limits
  }

  package init(
    domain: String, selector: String, keyPEM: String,
    headers: [String] = DKIMSigner.defaultHeaders,
    oversigned: [String] = DKIMSigner.defaultOversigned,
    canonicalization: (header: Canonicalization, body: Canonicalization) = (.relaxed, .relaxed),
    limits: SignatureLimits = SignatureLimits()
  ) throws(SigningFault) {
    try self.init(
      domain: domain, selector: selector, key: try PrivateKey(pem: keyPEM), headers: headers,
      oversigned: oversigned, canonicalization: canonicalization, limits: limits)
  }

  /// Lower-case, each once; `h=` has no way of writing others.
  private static func checkedNames(_ names: [String]) throws(SigningFault) -> [String] {
    var checked: [String] = []
    for name in names.map({ $0.lowercased() }) where !checked.contains(name) {
      let isName = name.utf8.allSatisfy { $0 > 32 && $0 < 127 && $0 != 58 && $0 != 59 }
      guard isName, !name.isEmpty else { throw .badFieldName(name) }
      checked.append(name)
    }
    return checked
  }

  /// The TXT record that verifiers need at `keyName`.
  package var keyRecord: String {
    "v=DKIM1; k=\(key.algorithm.keyType); p="
      + String(decoding: Base64Encoder.encode(key.publicMaterial), as: UTF8.self)
  }

  /// Where the key record belongs.
  package var keyName: String { "\(selector)._domainkey.\(domain)" }

  /// The field to put on top of the message.
  ///
  /// - Parameters:
  ///   - bytes: The whole message as it will be sent.
  ///   - now: Seconds since 1970, for `t=`.
  ///   - validSeconds: For `x=`, if the signature shall expire.
  package func sign(
    _ bytes: [UInt8], now: Int64, validSeconds: Int64? = nil
  ) throws(SigningFault) -> WrittenField {
    try sign(bytes, "DKIM-Signature", ("v", "1"), now: now, validSeconds: validSeconds)
  }

  /// - Parameter first: The tag that the field begins with.
  func sign(
    _ bytes: [UInt8], _ fieldName: String, _ first: (name: String, value: String), now: Int64,
    validSeconds: Int64?
  ) throws(SigningFault) -> WrittenField {
    let header = RawHeader(bytes.span, headerBytesMax: limits.headerBytesMax)
    guard !header.isTooLong else { throw .headerTooLong }
    let names = try signedNames(header)
    var writer = TagWriter(fieldName)
    writer.append(first.name, [first.value])
    writer.append("a", [key.algorithm.rawValue])
    writer.append("c", ["\(headerForm.rawValue)/\(bodyForm.rawValue)"])
    writer.append("d", [domain])
    writer.append("s", [selector])
    writer.append("t", [String(now)])
    if let validSeconds { writer.append("x", [String(now + validSeconds)]) }
    writer.append("h", names.enumerated().map { $0 == 0 ? $1 : ":" + $1 })
    writer.append("bh", base64: Base64Encoder.encode(bodyDigest(bytes, header)))
    writer.append("b", base64: [])
    let signature = try key.signature(
      of: signedBytes(bytes, header, names, writer.bytes, fieldName.utf8.count))
    writer.append(base64: Base64Encoder.encode(signature))
    return WrittenField(
      name: fieldName, value: Array(writer.bytes[(fieldName.utf8.count + 1)...]))
  }

  private func signedNames(_ header: RawHeader) throws(SigningFault) -> [String] {
    guard header.indicesByName["from"] != nil else { throw .messageHasNoFrom }
    var names: [String] = []
    for name in headers {
      let count = header.indicesByName[name]?.count ?? 0
      names += Array(repeating: name, count: count + (oversigned.contains(name) ? 1 : 0))
    }
    guard names.count <= limits.headerNamesMax else { throw .tooManyNames }
    return names
  }

  private func bodyDigest(_ bytes: [UInt8], _ header: RawHeader) -> [UInt8] {
    var pass = BodyPass(bodyForm, lengths: [])
    pass.run(bytes.span, header.bodyStart)
    return pass.digest
  }

  private func signedBytes(
    _ bytes: [UInt8], _ header: RawHeader, _ names: [String], _ own: [UInt8],
    _ nameBytes: Int
  ) -> [UInt8] {
    var canonicalizer = HeaderCanonicalizer(headerForm)
    for chosen in header.selection(names) {
      canonicalizer.append(bytes.span, chosen)
      canonicalizer.appendLineEnd()
    }
    let field = RawField(
      name: 0..<nameBytes, whole: 0..<own.count, value: nameBytes + 1..<own.count)
    canonicalizer.append(own.span, field)
    return canonicalizer.bytes
  }
}
