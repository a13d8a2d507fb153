// How each record of an image is laid out: little-endian, fixed sizes, in field order.

struct ImageOutput {
  private(set) var bytes: [UInt8] = []

  mutating func u8(_ value: UInt8) { bytes.append(value) }
  mutating func u16(_ value: UInt16) { append(value) }
  mutating func u32(_ value: UInt32) { append(value) }
  mutating func i64(_ value: Int64) { append(value) }
  mutating func code(_ value: some RawRepresentable<UInt8>) { bytes.append(value.rawValue) }
  mutating func bit(_ value: Bool) { bytes.append(value ? 1 : 0) }
  mutating func raw(_ value: [UInt8]) { bytes += value }

  private mutating func append<Value: FixedWidthInteger>(_ value: Value) {
    for shift in stride(from: 0, to: Value.bitWidth, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> Value(shift)))
    }
  }
}

/// Reads records whose total size has been checked before.
struct ImageInput {
  private let bytes: [UInt8]
  private var at: Int
  let section: Section
  var index = 0

  init(_ bytes: [UInt8], at: Int, section: Section) {
    self.bytes = bytes
    self.at = at
    self.section = section
  }

  mutating func u8() -> UInt8 {
    defer { at += 1 }
    return bytes[at]
  }
  mutating func u16() -> UInt16 { UInt16(u8()) | UInt16(u8()) << 8 }
  mutating func u32() -> UInt32 { UInt32(u16()) | UInt32(u16()) << 16 }
  mutating func i64() -> Int64 {
    Int64(bitPattern: UInt64(u32()) | UInt64(u32()) << 32)
  }
  mutating func bit() throws(Flaw) -> Bool {
    let value = u8()
    guard value < 2 else { throw .unknownValue(section, index: index) }
    return value == 1
  }
  mutating func code<Value: RawRepresentable<UInt8>>(_: Value.Type) throws(Flaw) -> Value {
    guard let value = Value(rawValue: u8()) else { throw .unknownValue(section, index: index) }
    return value
  }
}

protocol ImageRecord {
  static var sizeBytes: Int { get }
  func write(to output: inout ImageOutput)
  init(from input: inout ImageInput) throws(Flaw)
}

extension UInt8: ImageRecord {
  static var sizeBytes: Int { 1 }
  func write(to output: inout ImageOutput) { output.u8(self) }
  init(from input: inout ImageInput) throws(Flaw) { self = input.u8() }
}

extension UInt32: ImageRecord {
  static var sizeBytes: Int { 4 }
  func write(to output: inout ImageOutput) { output.u32(self) }
  init(from input: inout ImageInput) throws(Flaw) { self = input.u32() }
}

extension Int64: ImageRecord {
  static var sizeBytes: Int { 8 }
  func write(to output: inout ImageOutput) { output.i64(self) }
  init(from input: inout ImageInput) throws(Flaw) { self = input.i64() }
}

extension StringRange: ImageRecord {
  static var sizeBytes: Int { 8 }
  func write(to output: inout ImageOutput) {
    output.u32(offset)
    output.u32(length)
  }
  init(from input: inout ImageInput) throws(Flaw) {
    self.init(offset: input.u32(), length: input.u32())
  }
}

extension KeySet: ImageRecord {
  static var sizeBytes: Int { 9 }
  func write(to output: inout ImageOutput) {
    output.code(kind)
    output.u32(first)
    output.u32(count)
  }
  init(from input: inout ImageInput) throws(Flaw) {
    self.init(kind: try input.code(SetKind.self), first: input.u32(), count: input.u32())
  }
}

extension Variable: ImageRecord {
  static var sizeBytes: Int { 5 }
  func write(to output: inout ImageOutput) {
    output.u32(name)
    output.code(scope)
  }
  init(from input: inout ImageInput) throws(Flaw) {
    self.init(name: input.u32(), scope: try input.code(VariableScope.self))
  }
}

extension FailurePolicy: ImageRecord {
  static var sizeBytes: Int { FailureClass.allCases.count }
  func write(to output: inout ImageOutput) { for answer in answers { output.code(answer) } }
  init(from input: inout ImageInput) throws(Flaw) {
    self.init()
    for failure in FailureClass.allCases { self[failure] = try input.code(FailureAnswer.self) }
  }
}

extension Reply: ImageRecord {
  static var sizeBytes: Int { 11 }
  func write(to output: inout ImageOutput) {
    output.code(kind)
    output.bit(wholeMessage)
    output.bit(endsTurn)
    output.u32(code)
    output.u32(enhanced)
  }
  init(from input: inout ImageInput) throws(Flaw) {
    self.init(
      kind: try input.code(VerdictKind.self), wholeMessage: try input.bit(),
      endsTurn: try input.bit(), code: input.u32(), enhanced: input.u32())
  }
}
