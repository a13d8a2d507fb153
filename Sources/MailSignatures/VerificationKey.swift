// Public keys of signatures, on BoringSSL. RSA with PKCS #1 v1.5 and no other padding is what the
// standard has (RFC 6376 §3.3); Ed25519 signs the hash, not the text (RFC 8463 §3).

internal import Crypto
internal import CryptoExtras

/// A public key.
enum VerificationKey: Sendable {
  case rsa(_RSA.Signing.PublicKey)
  case ed25519(Curve25519.Signing.PublicKey)

  init(
    _ material: [UInt8], _ algorithm: SignatureAlgorithm, _ limits: SignatureLimits
  ) throws(SignatureReason) {
    switch algorithm {
    case .rsaSHA256: self = .rsa(try Self.rsa(material, limits))
    case .ed25519SHA256:
      guard material.count == 32,
        let key = try? Curve25519.Signing.PublicKey(rawRepresentation: material)
      else { throw .keyUnreadable }
      self = .ed25519(key)
    }
  }

  private static func rsa(
    _ material: [UInt8], _ limits: SignatureLimits
  ) throws(SignatureReason) -> _RSA.Signing.PublicKey {
    guard let bits = RSAKeySize.bits(material.span) else { throw .keyUnreadable }
    guard bits >= limits.rsaKeyBitsMin else { throw .keyTooShort(bits: bits) }
    guard bits <= limits.rsaKeyBitsMax else { throw .keyTooLong(bits: bits) }
    // The name warns of keys below 2,048 bits, with which half of the world still signs.
    guard let key = try? _RSA.Signing.PublicKey(unsafeDERRepresentation: material) else {
      throw .keyUnreadable
    }
    return key
  }

  var bits: Int {
    switch self {
    case .rsa(let key): key.keySizeInBits
    case .ed25519: 256
    }
  }

  func verifies(_ signature: [UInt8], of signed: [UInt8]) -> Bool {
    let digest = SHA256.hash(data: signed)
    switch self {
    case .rsa(let key):
      let signature = _RSA.Signing.RSASignature(rawRepresentation: signature)
      return key.isValidSignature(signature, for: digest, padding: .insecurePKCS1v1_5)
    case .ed25519(let key):
      return key.isValidSignature(signature, for: Array(digest))
    }
  }
}

/// The length of an RSA modulus, read from DER: the library refuses short keys without saying so.
enum RSAKeySize {
  private static let integer: UInt8 = 0x02
  private static let bitString: UInt8 = 0x03
  private static let sequence: UInt8 = 0x30

  /// Of a SubjectPublicKeyInfo (RFC 5280 §4.1), or of a bare RSAPublicKey (RFC 8017 §A.1.1), which
  /// RFC 6376 §3.6.1 speaks of.
  static func bits(_ bytes: Span<UInt8>) -> Int? {
    guard let outer = element(bytes, 0, sequence) else { return nil }
    guard let algorithm = element(bytes, outer.lowerBound, sequence) else {
      return modulusBits(bytes, outer)
    }
    guard let string = element(bytes, algorithm.upperBound, bitString), string.count > 1,
      bytes[string.lowerBound] == 0,
      let key = element(bytes, string.lowerBound + 1, sequence)
    else { return nil }
    return modulusBits(bytes, key)
  }

  private static func modulusBits(_ bytes: Span<UInt8>, _ key: Range<Int>) -> Int? {
    guard let modulus = element(bytes, key.lowerBound, integer) else { return nil }
    guard let first = modulus.first(where: { bytes[$0] != 0 }) else { return nil }
    return (modulus.upperBound - first) * 8 - bytes[first].leadingZeroBitCount
  }

  /// The content of the element at `start` if it has this tag.
  private static func element(_ bytes: Span<UInt8>, _ start: Int, _ tag: UInt8) -> Range<Int>? {
    guard start + 2 <= bytes.count, bytes[start] == tag else { return nil }
    var count = Int(bytes[start + 1])
    var content = start + 2
    if count >= 0x80 {
      let lengthBytes = count - 0x80
      guard lengthBytes > 0, lengthBytes <= 3, content + lengthBytes <= bytes.count else {
        return nil
      }
      count = 0
      for index in content..<content + lengthBytes { count = count << 8 | Int(bytes[index]) }
      content += lengthBytes
    }
    guard content + count <= bytes.count else { return nil }
    return content..<content + count
  }
}
