// Seals messages (RFC 8617 §5.1): one more set on top of a chain, over the bytes given, which must
// be those that will be sent.
internal import MailMessage

/// Seals for one domain with one key.
package struct ARCSealer: Sendable {
  private let signer: DKIMSigner
  private let limits: SignatureLimits

  /// - Parameter headers: Names of fields that the message signature covers; From must be one.
  package init(
    domain: String, selector: String, key: PrivateKey,
    headers: [String] = DKIMSigner.defaultHeaders + ["dkim-signature"],
    limits: SignatureLimits = SignatureLimits()
  ) throws(SigningFault) {
    for name in headers.map({ $0.lowercased() })
    where ARCSets.names.contains(name) || name == "authentication-results" {
      throw .badFieldName(name)
    }
    signer = try DKIMSigner(
      domain: domain, selector: selector, key: key, headers: headers,
      canonicalization: (.relaxed, .relaxed), limits: limits)
    self.limits = limits
  }

  package init(
    domain: String, selector: String, keyPEM: String,
    headers: [String] = DKIMSigner.defaultHeaders + ["dkim-signature"],
    limits: SignatureLimits = SignatureLimits()
  ) throws(SigningFault) {
    try self.init(
      domain: domain, selector: selector, key: try PrivateKey(pem: keyPEM), headers: headers,
      limits: limits)
  }

  /// The three fields to put on top of the message, in the order in which they are to stand there.
  ///
  /// - Parameters:
  ///   - bytes: The whole message as it will be sent.
  ///   - chain: What `ARCReading` said of the message when it came.
  ///   - results: What was found, as in Authentication-Results behind its colon:
  ///     `mx.example.org; spf=pass smtp.mailfrom=a@example.com`.
  ///   - now: Seconds since 1970.
  package func seal(
    _ bytes: [UInt8], chain: ARCResult, results: String, now: Int64
  ) throws(SigningFault) -> [WrittenField] {
    try seal(bytes, chain: chain.outcome, of: chain.instanceCount, results: results, now: now)
  }

  /// The same where only the outcome is known.
  ///
  /// - Parameter count: of the sets that were found, where that is known.
  package func seal(
    _ bytes: [UInt8], chain: SignatureOutcome, of count: Int? = nil, results: String, now: Int64
  ) throws(SigningFault) -> [WrittenField] {
    let header = RawHeader(bytes.span, headerBytesMax: limits.headerBytesMax)
    guard !header.isTooLong else { throw .headerTooLong }
    let sets = ARCSets(bytes.span, header, instancesMax: limits.instancesMax)
    let instance = sets.sets.count + 1
    // A failed chain is left as it is: sealing it would say nothing that anybody may use (§5.1.2).
    guard chain == (instance == 1 ? .none : .pass), sets.reason == nil,
      count ?? instance - 1 == instance - 1, instance <= limits.instancesMax
    else { throw .chainEnded }
    let found = try resultsField(results, instance)
    let signature = try signer.sign(
      bytes, "ARC-Message-Signature", ("i", String(instance)), now: now, validSeconds: nil)
    let seal = try self.seal(found, signature, sets, bytes, instance, now)
    return [seal, signature, found]
  }

  private func resultsField(
    _ results: String, _ instance: Int
  ) throws(SigningFault) -> WrittenField {
    guard !results.isEmpty, results.utf8.allSatisfy({ $0 >= 32 && $0 != 127 }) else {
      throw .badResults
    }
    let folded = "i=\(instance); \(results)".split(separator: ";").map {
      $0.drop { $0 == " " }
    }.joined(separator: ";\r\n\t")
    return WrittenField(name: "ARC-Authentication-Results", value: Array(" \(folded)".utf8))
  }

  private func seal(
    _ found: WrittenField, _ signature: WrittenField, _ sets: ARCSets, _ bytes: [UInt8],
    _ instance: Int, _ now: Int64
  ) throws(SigningFault) -> WrittenField {
    var signed = sets.signedBytes(
      bytes.span, through: sets.sets.count, isFurther: true)
    for field in [found, signature] {
      signed.append(field.bytes.span, Self.raw(field.name, field.bytes.count - 2))
      signed.appendLineEnd()
    }
    var writer = TagWriter("ARC-Seal")
    writer.append("i", [String(instance)])
    writer.append("a", [signer.key.algorithm.rawValue])
    writer.append("t", [String(now)])
    writer.append("cv", [instance == 1 ? "none" : "pass"])
    writer.append("d", [signer.domain])
    writer.append("s", [signer.selector])
    writer.append("b", base64: [])
    signed.append(writer.bytes.span, Self.raw("ARC-Seal", writer.bytes.count))
    writer.append(base64: Base64Encoder.encode(try signer.key.signature(of: signed.bytes)))
    return WrittenField(name: "ARC-Seal", value: Array(writer.bytes[9...]))
  }

  private static func raw(_ name: String, _ byteCount: Int) -> RawField {
    let nameBytes = name.utf8.count
    return RawField(
      name: 0..<nameBytes, whole: 0..<byteCount, value: nameBytes + 1..<byteCount)
  }
}
