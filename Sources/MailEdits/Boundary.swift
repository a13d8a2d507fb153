// The boundary of a multipart that we make: one that does not occur in what goes into it
// (RFC 2046 §5.1.1), the same for the same message, so that a second run writes the same bytes.

internal import MailMessage

enum Boundary {
  /// A boundary for these contents. "=_" never occurs in quoted-printable or base64.
  ///
  /// Cost: each byte twice. A message that foresees its own digest and lists many numbers costs no
  /// more: the numbers that occur are collected in the one pass.
  static func choose(for contents: [[UInt8]]) -> String {
    var digest: UInt64 = 0xCBF2_9CE4_8422_2325  // FNV-1a, 64 bits
    for content in contents {
      for byte in content { digest = (digest ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    }
    let hex = String(digest, radix: 16)
    let stem = "=_" + String(repeating: "0", count: 16 - hex.count) + hex + "_"
    var used: Set<Int> = []
    for content in contents { collectNumbers(after: Array(stem.utf8), in: content, into: &used) }
    var number = 0
    while used.contains(number) { number += 1 }
    return "\(stem)\(number)="
  }

  private static func collectNumbers(
    after stem: [UInt8], in content: [UInt8], into used: inout Set<Int>
  ) {
    let bytes = content.span
    var position = 0
    while let hit = ByteScan.firstIndex(of: stem[0], in: bytes, from: position, to: bytes.count) {
      position = hit + 1
      guard bytes.count - hit > stem.count,
        ByteScan.isEqual(bytes.extracting(hit..<hit + stem.count), stem.span)
      else { continue }
      var number = 0
      var index = hit + stem.count
      while index < bytes.count, (0x30...0x39).contains(bytes[index]), number < 1_000_000_000 {
        number = number * 10 + Int(bytes[index] - 0x30)
        index += 1
      }
      used.insert(number)
    }
  }
}
