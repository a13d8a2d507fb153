// The machine's words: instructions and text references, both plain 64-bit values.

/// One instruction: an opcode and three operand fields of 8, 16 and 32 bits.
package struct Instruction: BitwiseCopyable, Equatable, Sendable {
  package var opcode: Opcode
  package var a: UInt8
  package var b: UInt16
  package var c: UInt32

  package init(_ opcode: Opcode, a: UInt8 = 0, b: UInt16 = 0, c: UInt32 = 0) {
    self.opcode = opcode
    self.a = a
    self.b = b
    self.c = c
  }
}

/// Where the bytes of a text lie. Each space only grows while it lives.
package enum TextSpace: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  /// The image's strings.
  case constants
  /// The message as it came.
  case raw
  /// Decoded header values and parts.
  case decoded
  /// Texts built in this run; emptied when a run begins.
  case run
  /// What lives as long as the message: message variables, envelope facts.
  case message
  /// What lives as long as the session: session variables, client facts.
  case session
}

/// A text as one word: space (4 bits), offset and length in bytes (30 bits each).
/// The zero word is the empty text.
package struct TextWord: BitwiseCopyable, Equatable, Sendable {
  package var bits: UInt64

  package init(bits: UInt64) { self.bits = bits }

  /// Both numbers must be below 2^30; every space's cap keeps them there.
  package init(_ space: TextSpace, offset: Int, length: Int) {
    bits = UInt64(space.rawValue) << 60 | UInt64(offset) << 30 | UInt64(length)
  }

  package static let empty = TextWord(bits: 0)
  /// The most bytes that a space can hold.
  package static let spaceBytesMax = 1 << 30 - 1

  package var spaceCode: UInt8 { UInt8(bits >> 60) }
  package var offset: Int { Int(bits >> 30 & 0x3fff_ffff) }
  package var length: Int { Int(bits & 0x3fff_ffff) }
  package var isEmpty: Bool { length == 0 }
}

/// The register file's banks. A register's type is the bank it lies in, so no join of two paths
/// can disagree about it and one pass of the verifier settles all types.
package enum RegisterBank {
  package static let truths = 0..<64
  package static let numbers = 64..<112
  package static let texts = 112..<256
}

/// A truth value in a register: 0 false, 1 true, 2 + class for an error of that class. From bit 8
/// on an error carries the index of the failure policy that its own call states, plus one.
package enum TruthWord {
  package static let no: UInt64 = 0
  package static let yes: UInt64 = 1

  package static func failure(_ failure: FailureClass) -> UInt64 { 2 + UInt64(failure.rawValue) }

  /// The class behind an error word; nil for true and false.
  package static func failure(in word: UInt64) -> FailureClass? {
    word < 2
      ? nil : FailureClass(rawValue: UInt8(truncatingIfNeeded: word) &- 2) ?? .internal
  }

  /// The failure policy that an error word carries; nil for the one in force where it is settled.
  package static func policy(in word: UInt64) -> Int? {
    word >> 8 == 0 ? nil : Int(truncatingIfNeeded: word >> 8) - 1
  }

  /// The word, answered by a policy if it is an error that has none yet.
  package static func answered(_ word: UInt64, by policy: UInt32) -> UInt64 {
    word < 2 || word >> 8 != 0 ? word : word | (UInt64(policy) + 1) << 8
  }
}

/// Scores and other decimals: fixed point, in millionths.
package enum Decimal {
  package static let scale: Int64 = 1_000_000
  /// The largest that a text can say: what is computed stays within, so that it can be read again.
  package static let largest = 1_000_000_000 * scale - 1

  /// Reads `[+-]digits[.digits]` with at most six decimals and nine digits before the point.
  package static func parse(_ text: some Collection<UInt8>) -> Int64? {
    var rest = text[...]
    let negative = rest.first == UInt8(ascii: "-")
    if negative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
    let point = rest.firstIndex(of: UInt8(ascii: "."))
    let whole = point.map { rest[..<$0] } ?? rest
    let fraction = point.map { rest[rest.index(after: $0)...] }
    guard whole.count <= 9, (fraction?.count ?? 0) <= 6 else { return nil }
    guard !whole.isEmpty, fraction?.isEmpty != true else { return nil }
    var value: Int64 = 0
    for byte in Array(whole) + Array(fraction ?? whole.prefix(0)) {
      guard byte >= 48, byte <= 57 else { return nil }
      value = value * 10 + Int64(byte - 48)
    }
    for _ in (fraction?.count ?? 0)..<6 { value *= 10 }
    return negative ? -value : value
  }

  /// The shortest decimal text with at least one decimal: "4.0", "-0.25".
  package static func text(_ value: Int64) -> String {
    // What most scores are; each message's is told.
    if value == 0 { return "0.0" }
    let magnitude = value.magnitude
    var fraction = magnitude % UInt64(scale)
    var places = 6
    while places > 1, fraction % 10 == 0 {
      fraction /= 10
      places -= 1
    }
    let digits = String(fraction)
    let zeros = String(repeating: "0", count: places - digits.utf8.count)
    return "\(value < 0 ? "-" : "")\(magnitude / UInt64(scale)).\(zeros)\(digits)"
  }
}
