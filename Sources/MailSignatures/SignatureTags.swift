// The tags of a signature (RFC 6376 §3.5), read into values. What the header says of itself is kept
// for the report even where it is wrong.
internal import MailMessage

/// `a=`: RFC 8301 leaves these two.
package enum SignatureAlgorithm: String, Sendable, CaseIterable {
  case rsaSHA256 = "rsa-sha256"
  case ed25519SHA256 = "ed25519-sha256"

  /// `k=` of the key that it needs.
  var keyType: String { self == .rsaSHA256 ? "rsa" : "ed25519" }
}

/// A signature whose tags make sense.
struct SignatureTags: Sendable {
  let algorithm: SignatureAlgorithm
  let signature: [UInt8]
  /// The value of `b=` in the message, which is not signed.
  let signatureRange: Range<Int>
  let bodyHash: [UInt8]
  let headerForm: Canonicalization
  let body: BodyRequest
  let domain: String
  let selector: String
  /// The part of `i=` behind the last `@`, lower-case.
  let identityDomain: String
  /// `h=`, lower-case.
  let names: [String]

  var keyName: String { "\(selector)._domainkey.\(domain)" }
}

/// Reads tags, and notes in a result what they claim.
struct SignatureTagReader {
  let list: TagList
  private let limits: SignatureLimits
  private(set) var result: SignatureResult

  init(
    _ bytes: Span<UInt8>, _ field: RawField, _ limits: SignatureLimits
  ) throws(SignatureReason) {
    guard field.whole.count <= limits.fieldBytesMax else { throw .fieldTooLong }
    list = try TagList(bytes, field.value, tagsMax: limits.tagsMax)
    self.limits = limits
    // Nothing is good until a key says so.
    result = SignatureResult(.keyUnavailable)
    result.domain = list["d"].flatMap { DomainText.canonical(bytes, $0.value) } ?? ""
    result.selector = list["s"].flatMap { DomainText.canonical(bytes, $0.value) } ?? ""
    result.algorithm = list["a"].map { ASCII.text(bytes, $0.value) } ?? ""
  }

  mutating func read(_ bytes: Span<UInt8>) throws(SignatureReason) -> SignatureTags {
    // Before all others: what another version means by its tags is unknown.
    guard ASCII.text(bytes, try tag("v").value) == "1" else { throw .unknownVersion }
    return try readContent(bytes) { (reader) throws(SignatureReason) in
      try reader.readIdentity(bytes)
    }
  }

  /// An ARC-Message-Signature: `i=` is its instance, a version it has none (RFC 8617 §4.1.2).
  mutating func readMessageSignature(
    _ bytes: Span<UInt8>
  ) throws(SignatureReason) -> SignatureTags {
    try readContent(bytes) { (reader) throws(SignatureReason) in reader.result.domain }
  }

  /// An ARC-Seal: it covers no body and names no fields (RFC 8617 §4.1.3).
  func readSeal(_ bytes: Span<UInt8>) throws(SignatureReason) -> SignatureTags {
    for name in ["a", "b", "d", "s"] { _ = try tag(name) }
    guard list["h"] == nil else { throw .badValue("h") }
    let algorithm = try self.algorithm()
    guard !result.domain.isEmpty else { throw .badValue("d") }
    guard !result.selector.isEmpty else { throw .badValue("s") }
    return SignatureTags(
      algorithm: algorithm, signature: try base64(bytes, "b"),
      signatureRange: try tag("b").whole, bodyHash: [], headerForm: .relaxed,
      body: BodyRequest(form: .relaxed, length: nil), domain: result.domain,
      selector: result.selector, identityDomain: result.domain, names: [])
  }

  private mutating func readContent(
    _ bytes: Span<UInt8>,
    identity: (inout SignatureTagReader) throws(SignatureReason) -> String
  ) throws(SignatureReason) -> SignatureTags {
    for name in ["a", "b", "bh", "d", "h", "s"] { _ = try tag(name) }
    let algorithm = try self.algorithm()
    guard !result.domain.isEmpty else { throw .badValue("d") }
    guard !result.selector.isEmpty else { throw .badValue("s") }
    let identityDomain = try identity(&self)
    let forms = try canonicalizations(bytes)
    let names = try signedNames(bytes)
    try checkQuery(bytes)
    try readTimes(bytes)
    result.signedBodyBytes = try number(bytes, "l").map { Int($0) }
    guard names.contains("from") else { throw .fromNotSigned }
    result.fromSignedCount = names.count { $0 == "from" }
    return SignatureTags(
      algorithm: algorithm, signature: try base64(bytes, "b"),
      signatureRange: try tag("b").whole, bodyHash: try base64(bytes, "bh"),
      headerForm: forms.header,
      body: BodyRequest(form: forms.body, length: result.signedBodyBytes), domain: result.domain,
      selector: result.selector, identityDomain: identityDomain, names: names)
  }

  private func tag(_ name: String) throws(SignatureReason) -> TagList.Tag {
    guard let tag = list[name] else { throw .missingTag(name) }
    return tag
  }

  private func algorithm() throws(SignatureReason) -> SignatureAlgorithm {
    if let algorithm = SignatureAlgorithm(rawValue: result.algorithm) { return algorithm }
    // RFC 8301 §3.1: such a signature has permanently failed.
    throw result.algorithm == "rsa-sha1" ? .historicAlgorithm : .unknownAlgorithm
  }

  private func base64(_ bytes: Span<UInt8>, _ name: String) throws(SignatureReason) -> [UInt8] {
    guard let value = Base64.decode(bytes, try tag(name).value) else { throw .badValue(name) }
    return value
  }

  private func canonicalizations(
    _ bytes: Span<UInt8>
  ) throws(SignatureReason) -> (header: Canonicalization, body: Canonicalization) {
    guard let tag = list["c"] else { return (.simple, .simple) }
    let words = ASCII.text(bytes, tag.value).split(separator: "/", omittingEmptySubsequences: false)
    guard words.count <= 2, let header = Canonicalization(rawValue: String(words[0])),
      let body = words.count < 2 ? .simple : Canonicalization(rawValue: String(words[1]))
    else { throw .unknownCanonicalization }
    return (header, body)
  }

  private func signedNames(_ bytes: Span<UInt8>) throws(SignatureReason) -> [String] {
    let pieces = ASCII.pieces(bytes, try tag("h").value, separator: ASCII.colon)
    guard pieces.count <= limits.headerNamesMax else { throw .tooManyNames }
    guard
      pieces.allSatisfy({ piece in
        !piece.isEmpty && piece.allSatisfy { bytes[$0] > 32 && bytes[$0] < 127 }
      })
    else { throw .badValue("h") }
    return pieces.map { ASCII.text(bytes, $0).lowercased() }
  }

  private func checkQuery(_ bytes: Span<UInt8>) throws(SignatureReason) {
    guard let tag = list["q"] else { return }
    let methods = ASCII.pieces(bytes, tag.value, separator: ASCII.colon)
      .map { ASCII.text(bytes, $0) }
    guard methods.contains("dns/txt") else { throw .unknownQuery }
  }

  private mutating func readTimes(_ bytes: Span<UInt8>) throws(SignatureReason) {
    result.signedAt = try number(bytes, "t")
    result.expiresAt = try number(bytes, "x")
    guard let signedAt = result.signedAt, let expiresAt = result.expiresAt else { return }
    guard expiresAt > signedAt else { throw .badValue("x") }
  }

  /// A decimal number; what is too large for any body or time counts as the largest one.
  private func number(_ bytes: Span<UInt8>, _ name: String) throws(SignatureReason) -> Int64? {
    guard let tag = list[name] else { return nil }
    guard !tag.value.isEmpty, tag.value.count <= 76,
      tag.value.allSatisfy({ ASCII.isDigit(bytes[$0]) })
    else { throw .badValue(name) }
    return Int64(ASCII.text(bytes, tag.value)) ?? .max
  }

  /// `i=` is quoted-printable of a kind (§2.11), and inside of `d=`.
  private mutating func readIdentity(_ bytes: Span<UInt8>) throws(SignatureReason) -> String {
    result.identity = "@" + result.domain
    guard let tag = list["i"] else { return result.domain }
    guard let identity = Self.unquoted(bytes, tag.value), let at = identity.lastIndex(of: ASCII.at)
    else { throw .badValue("i") }
    guard let domain = DomainText.canonical(identity.span, at + 1..<identity.count) else {
      throw .badValue("i")
    }
    guard DomainText.isInside(domain, result.domain) else { throw .identityOutsideDomain }
    result.identity = String(decoding: identity[..<at], as: UTF8.self) + "@" + domain
    return domain
  }

  private static func unquoted(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt8]? {
    var decoded: [UInt8] = []
    var index = range.lowerBound
    while index < range.upperBound {
      let byte = bytes[index]
      index += 1
      if ASCII.isFolding(byte) { continue }
      guard byte == ASCII.equals else {
        decoded.append(byte)
        continue
      }
      guard index + 1 < range.upperBound, let high = ASCII.hex(bytes[index]),
        let low = ASCII.hex(bytes[index + 1])
      else { return nil }
      decoded.append(high << 4 | low)
      index += 2
    }
    return decoded
  }
}
