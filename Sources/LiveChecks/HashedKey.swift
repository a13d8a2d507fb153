// How lists of hashes name their entries. A label of the DNS holds 63 bytes (RFC 1035 §2.3.4): MD5
// and SHA-1 fit as hexadecimal digits, which is what lists of addresses take; the 64 digits of a
// SHA-256 do not, so lists of files and addresses that use it take base32 (RFC 4648 §6) without
// padding, as SpamAssassin's HashBL and rspamd ask for it.
internal import Crypto
internal import RuleBytecode

enum HashedKey {
  /// What stands before the zone; nil for a hash that nobody knows.
  static func label(of key: String, by hash: String) -> String? {
    switch hash {
    case "sha256": base32(SHA256.digest(of: Array(key.utf8)))
    case "sha1": Array(Insecure.SHA1.hash(data: Array(key.utf8))).hex
    case "md5": Array(Insecure.MD5.hash(data: Array(key.utf8))).hex
    // `${part.sha256}` is 64 digits: what lists keep of it is the other spelling.
    case "none": bytes(ofDigits: key).map(base32) ?? key
    default: nil
    }
  }

  /// Of the 64 digits of a SHA-256.
  private static func bytes(ofDigits text: String) -> [UInt8]? {
    let digits = text.utf8.compactMap { digit in
      UInt8(String(UnicodeScalar(digit)), radix: 16)
    }
    guard digits.count == 64, text.utf8.count == 64 else { return nil }
    return stride(from: 0, to: 64, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }

  static func base32(_ bytes: [UInt8]) -> String {
    let letters = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)
    var (result, held, bits) = ([UInt8](), 0, 0)
    for byte in bytes {
      held = held << 8 | Int(byte)
      bits += 8
      while bits >= 5 {
        bits -= 5
        result.append(letters[held >> bits & 31])
      }
      held &= 1 << bits - 1
    }
    if bits > 0 { result.append(letters[held << (5 - bits) & 31]) }
    return String(decoding: result, as: UTF8.self)
  }
}
