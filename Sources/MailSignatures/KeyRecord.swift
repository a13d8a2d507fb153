// Key records (RFC 6376 §3.6.1, RFC 8463 §4). The owner of the domain wrote them, and that may be
// the sender of the worst: bounded before anything is read.
internal import MailMessage

/// What the lookup of `selector._domainkey.domain` gave.
package enum KeyRecordAnswer: Sendable, Equatable {
  /// The TXT records, the strings of each joined.
  case records([[UInt8]])
  /// No such name, or no TXT record.
  case none
  /// Timeout, SERVFAIL and the like: another attempt may help.
  case temporaryFailure
}

/// A key record that can be used.
struct KeyRecord: Sendable {
  let key: VerificationKey
  let isTesting: Bool
  let isStrict: Bool
}

/// Reads a key record for one algorithm.
struct KeyRecordReader {
  private let list: TagList
  private(set) var isTesting = false
  private(set) var isStrict = false

  init(_ bytes: Span<UInt8>, _ limits: SignatureLimits) throws(SignatureReason) {
    guard bytes.count <= limits.keyRecordBytesMax else { throw .keyRecordTooLong }
    do throws(SignatureReason) {
      list = try TagList(bytes, 0..<bytes.count, tagsMax: limits.tagsMax)
    } catch {
      throw error == .tooManyTags ? error : .keyUnreadable
    }
    // The version may be missing, but not be another, nor stand elsewhere than in front.
    if let version = list["v"] {
      guard list.firstName == "v", ASCII.text(bytes, version.value) == "DKIM1" else {
        throw .keyUnreadable
      }
    }
    isTesting = words(bytes, "t")?.contains("y") ?? false
    isStrict = words(bytes, "t")?.contains("s") ?? false
  }

  func read(
    _ bytes: Span<UInt8>, for algorithm: SignatureAlgorithm, _ limits: SignatureLimits
  ) throws(SignatureReason) -> KeyRecord {
    let type = list["k"].map { ASCII.text(bytes, $0.value) } ?? "rsa"
    guard type == algorithm.keyType else { throw .keyOfOtherType }
    if let hashes = words(bytes, "h"), !hashes.contains("sha256") { throw .keyForOtherHash }
    if let services = words(bytes, "s"), !services.contains("*"), !services.contains("email") {
      throw .keyForOtherService
    }
    guard let tag = list["p"] else { throw .keyUnreadable }
    guard !tag.value.isEmpty else { throw .keyRevoked }
    guard let material = Base64.decode(bytes, tag.value) else { throw .keyUnreadable }
    let key = try VerificationKey(material, algorithm, limits)
    return KeyRecord(key: key, isTesting: isTesting, isStrict: isStrict)
  }

  private func words(_ bytes: Span<UInt8>, _ name: String) -> [String]? {
    list[name].map { tag in
      ASCII.pieces(bytes, tag.value, separator: ASCII.colon).map { ASCII.text(bytes, $0) }
    }
  }
}
