// base64 (RFC 4648 §4) as one run of letters; who needs lines puts the ends in.

package enum Base64Encoder {
  /// Which 64 letters, and whether `=` fills the last group.
  package enum Alphabet: Sendable {
    /// Of mail (RFC 2045 §6.8), with padding.
    case standard
    /// For names of files and addresses (RFC 4648 §5), without padding.
    case nameSafe
  }

  private static let standard = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let nameSafe = Array(standard.dropLast(2)) + Array("-_".utf8)

  /// Appends; a caller that cuts its bytes into lines cuts at multiples of three.
  package static func append(
    _ bytes: Span<UInt8>, _ alphabet: Alphabet = .standard, to output: inout [UInt8]
  ) {
    let letters = alphabet == .standard ? standard : nameSafe
    var index = 0
    while index < bytes.count {
      let left = bytes.count - index
      let first = bytes[index]
      let second = left > 1 ? bytes[index + 1] : 0
      let third = left > 2 ? bytes[index + 2] : 0
      output.append(letters[Int(first >> 2)])
      output.append(letters[Int((first & 0x03) << 4 | second >> 4)])
      if left > 1 { output.append(letters[Int((second & 0x0F) << 2 | third >> 6)]) }
      if left > 2 { output.append(letters[Int(third & 0x3F)]) }
      index += 3
    }
    guard alphabet == .standard, bytes.count % 3 > 0 else { return }
    for _ in bytes.count % 3..<3 { output.append(ASCII.equals) }
  }

  package static func encode(
    _ bytes: some Collection<UInt8>, _ alphabet: Alphabet = .standard
  ) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count / 3 * 4 + 4)
    let whole = Array(bytes)
    append(whole.span, alphabet, to: &output)
    return output
  }

  package static func text(
    _ bytes: some Collection<UInt8>, _ alphabet: Alphabet = .standard
  ) -> String {
    String(decoding: encode(bytes, alphabet), as: UTF8.self)
  }
}
