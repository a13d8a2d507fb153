// Private keys as people keep them: PEM, RSA in PKCS #1 or PKCS #8, Ed25519 in PKCS #8 (RFC 8410).

internal import Crypto
internal import CryptoExtras

/// What makes signing impossible.
package enum SigningFault: Error, Sendable, Equatable {
  case badDomain, badSelector
  /// No field can have the name.
  case badFieldName(String)
  /// From must be signed (RFC 6376 §5.4).
  case fromNotListed
  /// No RSA or Ed25519 key in PEM, or an RSA key below 1,024 bits.
  case badKey
  case messageHasNoFrom
  case headerTooLong, tooManyNames
  /// The chain is at its end: it failed before, or has as many sets as there may be.
  case chainEnded
  /// How the chain stands could not be found out; for whoever asks before sealing.
  case chainUnknown(String)
  /// The results to seal hold what no field can.
  case badResults
  /// The library refused to sign.
  case signingFailed
}

/// A private key that has been read.
package struct PrivateKey: Sendable {
  let key: SigningKey

  /// RSA of 1,024 bits or more, or Ed25519.
  package init(pem: String) throws(SigningFault) { key = try SigningKey(pem: pem) }
}

enum SigningKey: Sendable {
  case rsa(_RSA.Signing.PrivateKey)
  case ed25519(Curve25519.Signing.PrivateKey)

  /// What stands before the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410 §7).
  private static let ed25519Prefix: [UInt8] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
  ]

  init(pem: String) throws(SigningFault) {
    if let key = Self.ed25519(pem) {
      self = .ed25519(key)
      return
    }
    // RFC 8301 §3.2 forbids less than 1,024 bits, and so does the library.
    guard let key = try? _RSA.Signing.PrivateKey(unsafePEMRepresentation: pem) else {
      throw .badKey
    }
    self = .rsa(key)
  }

  private static func ed25519(_ pem: String) -> Curve25519.Signing.PrivateKey? {
    let lines = pem.split(whereSeparator: \.isNewline).map { $0.filter { !$0.isWhitespace } }
    guard let start = lines.firstIndex(of: "-----BEGINPRIVATEKEY-----"),
      let end = lines.firstIndex(of: "-----ENDPRIVATEKEY-----"), start < end
    else { return nil }
    let text = Array(lines[(start + 1)..<end].joined().utf8)
    guard let material = Base64.decode(text.span, 0..<text.count), material.count == 48,
      material.starts(with: ed25519Prefix)
    else { return nil }
    return try? Curve25519.Signing.PrivateKey(rawRepresentation: material[16...])
  }

  var algorithm: SignatureAlgorithm {
    switch self {
    case .rsa: .rsaSHA256
    case .ed25519: .ed25519SHA256
    }
  }

  func signature(of signed: [UInt8]) throws(SigningFault) -> [UInt8] {
    let digest = SHA256.hash(data: signed)
    do {
      switch self {
      case .rsa(let key):
        return Array(try key.signature(for: digest, padding: .insecurePKCS1v1_5).rawRepresentation)
      case .ed25519(let key): return Array(try key.signature(for: Array(digest)))
      }
    } catch {
      throw .signingFailed
    }
  }

  /// The `p=` of the key record that goes with it.
  var publicMaterial: [UInt8] {
    switch self {
    case .rsa(let key): Array(key.publicKey.derRepresentation)
    case .ed25519(let key): Array(key.publicKey.rawRepresentation)
    }
  }
}
