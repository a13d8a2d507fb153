// Which bytes begin and continue the tokens of RFC 5228 §8.1.

extension UInt8 {
  var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

  /// `(ALPHA / "_")`
  var startsName: Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) || self == UInt8(ascii: "_")
  }

  var continuesName: Bool { startsName || isDigit }

  /// White space, or a byte that some token begins with.
  var startsToken: Bool {
    if self <= 0x20 || self == 0x7F || continuesName { return true }
    switch self {
    case UInt8(ascii: "\""), UInt8(ascii: ":"), UInt8(ascii: ";"), UInt8(ascii: ","),
      UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "("), UInt8(ascii: ")"),
      UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "#"):
      return true
    default: return false
    }
  }
}
