// The boundaries of multiparts that we make: none occurs in what goes into them (RFC 2046 §5.1.1),
// and a second run over the same message writes the same ones.

internal import MailMessage

/// Gives boundaries for one message. "=_" never occurs in quoted-printable or base64, and
/// `TextBody` encodes other new text that has it, so only the message itself is looked through.
struct Boundaries {
  private let message: MailMessage
  private var stem = ""
  private var used: Set<Int> = []
  private var number = 0

  init(_ message: MailMessage) { self.message = message }

  /// Cost: the first time one search for `_`, which base64 does not have. A message that foresees
  /// its own digest and lists many numbers costs no more: those that occur are collected in the
  /// one pass.
  mutating func next() -> String {
    if stem.isEmpty {
      stem = Self.stem(of: message)
      collectNumbers()
    }
    while used.contains(number) { number += 1 }
    defer { number += 1 }
    return "\(stem)\(number)="
  }

  /// From the header, and from bytes all over the body: enough for different messages to differ.
  private static func stem(of message: MailMessage) -> String {
    var digest: UInt64 = 0xCBF2_9CE4_8422_2325  // FNV-1a, 64 bits
    func take(_ byte: UInt8) { digest = (digest ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    let bytes = message.bytes
    for index in 0..<min(bytes.count, 4_096) { take(bytes[index]) }
    for index in stride(from: 4_096, to: bytes.count, by: max(1, bytes.count / 4_096)) {
      take(bytes[index])
    }
    for shift in stride(from: 0, to: 64, by: 8) {
      take(UInt8(truncatingIfNeeded: bytes.count >> shift))
    }
    let hex = String(digest, radix: 16)
    return "=_" + String(repeating: "0", count: 16 - hex.count) + hex + "_"
  }

  private mutating func collectNumbers() {
    let held = message.bytes
    let bytes = held.span
    let stem = Array(stem.utf8)
    var position = 1
    while let hit = ByteScan.firstIndex(of: stem[1], in: bytes, from: position, to: bytes.count) {
      position = hit + 1
      guard bytes.count - hit >= stem.count, bytes[hit - 1] == stem[0],
        ByteScan.isEqual(bytes.extracting(hit - 1..<hit - 1 + stem.count), stem.span)
      else { continue }
      var number = 0
      var index = hit - 1 + stem.count
      while index < bytes.count, (0x30...0x39).contains(bytes[index]), number < 1_000_000_000 {
        number = number * 10 + Int(bytes[index] - 0x30)
        index += 1
      }
      used.insert(number)
    }
  }
}
