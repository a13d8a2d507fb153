// Layout of the records about sources, blocks and code.

extension SourcePlace: ImageRecord {
  static var sizeBytes: Int { 12 }
  func write(to output: inout ImageOutput) {
    output.u32(file)
    output.u32(line)
    output.u32(column)
  }
  init(from input: inout ImageInput) throws(Flaw) {
    self.init(file: input.u32(), line: input.u32(), column: input.u32())
  }
}

extension RuleInfo: ImageRecord {
  static var sizeBytes: Int { 14 + SourcePlace.sizeBytes }
  func write(to output: inout ImageOutput) {
    output.u32(name)
    output.code(phase)
    output.code(mode)
    output.u32(severity)
    output.u32(reference)
    place.write(to: &output)
  }
  init(from input: inout ImageInput) throws(Flaw) {
    self.init(
      name: input.u32(), phase: try input.code(Phase.self), mode: try input.code(RuleMode.self),
      severity: input.u32(), reference: input.u32(), place: try SourcePlace(from: &input))
  }
}

extension ProbeInfo: ImageRecord {
  static var sizeBytes: Int { 4 + SourcePlace.sizeBytes }
  func write(to output: inout ImageOutput) {
    output.u32(text)
    place.write(to: &output)
  }
  init(from input: inout ImageInput) throws(Flaw) {
    self.init(text: input.u32(), place: try SourcePlace(from: &input))
  }
}

extension Block: ImageRecord {
  static var sizeBytes: Int { 8 }
  func write(to output: inout ImageOutput) {
    output.u32(name)
    output.u32(start)
  }
  init(from input: inout ImageInput) throws(Flaw) {
    self.init(name: input.u32(), start: input.u32())
  }
}

extension PhaseEntry: ImageRecord {
  static var sizeBytes: Int { 5 }
  func write(to output: inout ImageOutput) {
    output.code(phase)
    output.u32(block)
  }
  init(from input: inout ImageInput) throws(Flaw) {
    self.init(phase: try input.code(Phase.self), block: input.u32())
  }
}

extension SourceMark: ImageRecord {
  static var sizeBytes: Int { 4 + SourcePlace.sizeBytes }
  func write(to output: inout ImageOutput) {
    output.u32(pc)
    place.write(to: &output)
  }
  init(from input: inout ImageInput) throws(Flaw) {
    self.init(pc: input.u32(), place: try SourcePlace(from: &input))
  }
}

extension Instruction: ImageRecord {
  static var sizeBytes: Int { 8 }
  func write(to output: inout ImageOutput) {
    output.code(opcode)
    output.u8(a)
    output.u16(b)
    output.u32(c)
  }
  init(from input: inout ImageInput) throws(Flaw) {
    guard let opcode = Opcode(rawValue: input.u8()) else {
      throw .unknownOpcode(at: input.index)
    }
    self.init(opcode, a: input.u8(), b: input.u16(), c: input.u32())
  }
}
