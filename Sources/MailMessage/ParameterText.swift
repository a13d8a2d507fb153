// Values of ESMTP parameters (RFC 3461 §4, RFC 2852 §4): xtext, lists and the Deliver-By time.

/// Reads values of MAIL and RCPT parameters.
package enum ParameterText {
  /// Appends xtext decoded (RFC 3461 §4): `+2B` is a plus sign. What is no escape stays.
  package static func appendDecodedXtext(_ bytes: Span<UInt8>, to text: inout [UInt8]) {
    var index = 0
    while index < bytes.count {
      if bytes[index] == 43, index + 2 < bytes.count, let high = ASCII.hex(bytes[index + 1]),
        let low = ASCII.hex(bytes[index + 2])
      {
        text.append(high << 4 | low)
        index += 3
      } else {
        text.append(bytes[index])
        index += 1
      }
    }
  }
}

/// The BY parameter of MAIL (RFC 2852 §4): `120;R`, `-30;NT`.
package struct DeliverBy: Sendable, Equatable {
  package enum Mode: String, Sendable {
    case notify, `return`
  }

  /// Seconds from the moment of MAIL; negative when it is too late already.
  package let seconds: Int
  package let mode: Mode
  package let isTraced: Bool

  package init?(_ value: some Sequence<UInt8>) {
    var bytes = Array(value)[...]
    var sign = 1
    if let first = bytes.first, first == ASCII.dash || first == 43 {
      sign = first == ASCII.dash ? -1 : 1
      bytes.removeFirst()
    }
    // Nine digits (RFC 2852 §4).
    let digits = bytes.prefix { ASCII.digit($0) != nil }
    guard (1...9).contains(digits.count) else { return nil }
    let size = digits.reduce(0) { $0 * 10 + Int($1 - 48) }
    let rest = bytes[digits.endIndex...].map(ASCII.lower)
    guard let mode = Self.modes.first(where: { rest.starts(with: $0.mark.utf8) }) else {
      return nil
    }
    let modifier = rest.dropFirst(mode.mark.utf8.count)
    guard modifier.isEmpty || modifier.elementsEqual("t".utf8) else { return nil }
    seconds = sign * size
    self.mode = mode.mode
    isTraced = !modifier.isEmpty
  }

  private static let modes: [(mark: String, mode: Mode)] = [(";r", .return), (";n", .notify)]
}
