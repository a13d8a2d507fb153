// Layout of the records about matches, queries, checks, actions and declarations.

extension MatchSpec: ImageRecord {
  static var sizeBytes: Int { 18 }
  func write(to output: inout ImageOutput) {
    output.code(type)
    output.code(relation)
    output.code(comparator)
    output.code(addressPart)
    output.bit(everyCandidate)
    output.bit(captures)
    output.u32(backtrack)
    output.u32(firstSet)
    output.u16(setCount)
    output.u8(firstKey)
    output.u8(keyCount)
  }
  init(from input: inout ImageInput) throws(Flaw) {
    self.init(
      type: try input.code(MatchType.self), relation: try input.code(Relation.self),
      comparator: try input.code(Comparator.self),
      addressPart: try input.code(AddressPart.self), everyCandidate: try input.bit(),
      captures: try input.bit(), backtrack: input.u32(), firstSet: input.u32(),
      setCount: input.u16(), firstKey: input.u8(), keyCount: input.u8())
  }
}

extension QuerySpec: ImageRecord {
  static var sizeBytes: Int { 23 }
  func write(to output: inout ImageOutput) {
    output.code(source)
    output.u8(detail)
    output.u16(flags.rawValue)
    output.u8(loop)
    output.u8(firstText)
    output.u8(textCount)
    output.u32(index)
    output.u32(names)
    output.u32(spec)
    output.u32(word)
  }
  init(from input: inout ImageInput) throws(Flaw) {
    self.init(
      try input.code(QuerySource.self), detail: input.u8(),
      flags: QueryFlags(rawValue: input.u16()), loop: input.u8(), firstText: input.u8(),
      textCount: input.u8(), index: input.u32(), names: input.u32(), spec: input.u32(),
      word: input.u32())
  }
}

extension ActionSpec: ImageRecord {
  static var sizeBytes: Int { 18 }
  func write(to output: inout ImageOutput) {
    output.code(action)
    output.u16(flags.rawValue)
    output.u8(loop)
    output.u8(firstText)
    output.u8(textCount)
    output.u16(present)
    output.u32(index)
    output.u32(spec)
    output.u16(policy)
  }
  init(from input: inout ImageInput) throws(Flaw) {
    self.init(
      try input.code(Action.self), flags: ActionFlags(rawValue: input.u16()), loop: input.u8(),
      firstText: input.u8(), textCount: input.u8(), present: input.u16(), index: input.u32(),
      spec: input.u32(), policy: input.u16())
  }
}

extension CheckSpec: ImageRecord {
  static var sizeBytes: Int { 21 }
  func write(to output: inout ImageOutput) {
    output.code(kind)
    output.u8(aspect)
    output.u32(arguments)
    output.u8(firstText)
    output.u8(textCount)
    output.u32(timeoutMilliseconds)
    output.u32(spec)
    output.u32(variable)
    output.u8(loop)
  }
  init(from input: inout ImageInput) throws(Flaw) {
    self.init(
      kind: try input.code(CheckKind.self), aspect: input.u8(), arguments: input.u32(),
      firstText: input.u8(), textCount: input.u8(), timeoutMilliseconds: input.u32(),
      spec: input.u32(), variable: input.u32(), loop: input.u8())
  }
}

extension TableSpec: ImageRecord {
  static var sizeBytes: Int { 26 }
  func write(to output: inout ImageOutput) {
    output.u32(name)
    output.code(type)
    output.code(source)
    output.u32(arguments)
    output.u32(timeoutMilliseconds)
    output.u32(entriesMax)
    output.u32(keys)
    output.u32(values)
  }
  init(from input: inout ImageInput) throws(Flaw) {
    self.init(
      name: input.u32(), type: try input.code(TableType.self),
      source: try input.code(TableSource.self), arguments: input.u32(),
      timeoutMilliseconds: input.u32(), entriesMax: input.u32(), keys: input.u32(),
      values: input.u32())
  }
}

extension Declaration: ImageRecord {
  static var sizeBytes: Int { 9 }
  func write(to output: inout ImageOutput) {
    output.code(role)
    output.u32(name)
    output.u32(arguments)
  }
  init(from input: inout ImageInput) throws(Flaw) {
    self.init(
      role: try input.code(DeclarationRole.self), name: input.u32(), arguments: input.u32())
  }
}

extension Timer: ImageRecord {
  static var sizeBytes: Int { 8 }
  func write(to output: inout ImageOutput) {
    output.u32(seconds)
    output.u32(block)
  }
  init(from input: inout ImageInput) throws(Flaw) {
    self.init(seconds: input.u32(), block: input.u32())
  }
}
