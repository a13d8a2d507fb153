// One signature against one key record.

struct SignatureTrial {
  let tags: SignatureTags
  /// What the signature was made over.
  let signed: [UInt8]
  /// Nil for a seal, which covers no body.
  let digests: BodyDigests?
  let limits: SignatureLimits

  func run(_ record: [UInt8], _ result: inout SignatureResult) {
    do throws(SignatureReason) {
      let reader = try KeyRecordReader(record.span, limits)
      result.isTesting = reader.isTesting
      result.isStrict = reader.isStrict
      let key = try reader.read(record.span, for: tags.algorithm, limits).key
      result.keyBits = key.bits
      guard !reader.isStrict || tags.identityDomain == tags.domain else {
        throw .identityInSubdomain
      }
      if let digests {
        guard let digest = digests.digest(tags.body) else { throw .lengthBeyondBody }
        guard digest == tags.bodyHash else { throw .bodyChanged }
      }
      guard key.verifies(tags.signature, of: signed) else { throw .headerChanged }
      result.pass()
    } catch {
      result.set(error)
      if case .keyTooShort(let bits) = error { result.keyBits = bits }
      if case .keyTooLong(let bits) = error { result.keyBits = bits }
      // RFC 6376 §3.6.1: a domain that only tries must not be treated worse than one without.
      if result.isTesting, result.outcome == .fail { result.outcome = .neutral }
    }
  }
}
