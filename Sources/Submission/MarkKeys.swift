// The keys of our mark: 32 random bytes in STATE/mark.key, which hosts that filter each other's
// mail share, and the former one in STATE/mark.key.old, which is still believed.
internal import Crypto
internal import MailMessage

struct MarkKey: Sendable {
  static let byteCount = 32

  private let secret: SymmetricKey
  /// Tells keys apart without saying anything about them.
  let identifier: String

  init(_ bytes: [UInt8]) {
    secret = SymmetricKey(data: bytes)
    let digest = SHA256.hash(data: Array("defang mark key\n".utf8) + bytes)
    identifier = String(Base64Encoder.text(Array(digest), .nameSafe).prefix(8))
  }

  /// Each purpose has a name of its own, so that what is signed for one is no good for another.
  func signature(_ purpose: String, _ content: [UInt8]) -> [UInt8] {
    Array(HMAC<SHA256>.authenticationCode(for: Self.framed(purpose, content), using: secret))
  }

  /// In constant time.
  func isValid(_ signature: [UInt8], _ purpose: String, _ content: [UInt8]) -> Bool {
    let expected = self.signature(purpose, content)
    guard !signature.isEmpty, signature.count <= expected.count else { return false }
    var difference: UInt8 = 0
    for index in signature.indices { difference |= signature[index] ^ expected[index] }
    return difference == 0
  }

  private static func framed(_ purpose: String, _ content: [UInt8]) -> [UInt8] {
    Array("defang \(purpose)\n".utf8) + content
  }
}

/// The key that signs and those that are believed.
package struct MarkKeys: Sendable {
  let current: MarkKey
  private let former: MarkKey?

  static let fileName = "mark.key"
  static let formerFileName = "mark.key.old"

  /// Reads the keys of a state folder; makes the first one where there is none. Several processes
  /// may do so at once: one key wins, and all have it.
  package init(stateFolder: String) throws(StateFault) {
    let path = stateFolder + "/" + Self.fileName
    if !StateFiles.exists(path) { try Self.make(path, in: stateFolder) }
    guard let current = try Self.read(path) else {
      throw .badContent(path, "it is gone")
    }
    self.current = current
    former = try Self.read(stateFolder + "/" + Self.formerFileName)
  }

  init(current: [UInt8], former: [UInt8]? = nil) {
    self.current = MarkKey(current)
    self.former = former.map { MarkKey($0) }
  }

  func key(_ identifier: some StringProtocol) -> MarkKey? {
    if identifier == current.identifier { return current }
    return former.flatMap { identifier == $0.identifier ? $0 : nil }
  }

  private static func make(_ path: String, in folder: String) throws(StateFault) {
    let temporary = folder + "/." + fileName + "." + RandomText.make(byteCount: 8)
    try StateFiles.write([RandomText.bytes(MarkKey.byteCount)], to: temporary)
    // A link never takes the place of a key that another process has made meanwhile.
    do throws(StateFault) {
      _ = try StateFiles.link(temporary, path)
      try StateFiles.remove(temporary)
    } catch {
      try? StateFiles.remove(temporary)
      throw error
    }
    try StateFiles.syncFolder(folder)
  }

  private static func read(_ path: String) throws(StateFault) -> MarkKey? {
    do throws(StateFault) {
      let bytes = try StateFiles.readSecret(path, bytesMax: MarkKey.byteCount)
      guard bytes.count == MarkKey.byteCount else {
        throw .badContent(path, "a key has \(MarkKey.byteCount) bytes")
      }
      return MarkKey(bytes)
    } catch {
      if error.isMissing { return nil }
      throw error
    }
  }
}

/// Unguessable names, from the system's own generator (getrandom(2)).
enum RandomText {
  static func bytes(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
  }

  static func make(byteCount: Int) -> String { Base64Encoder.text(bytes(byteCount), .nameSafe) }
}
