// Header edits (RFC 5293): given before the header is there, they wait; after that they show at
// once in the view, and become edits of the message at its end.
internal import MailEdits
internal import MailMessage
internal import RuleBytecode

/// An edit as a rule ordered it. Its texts are kept in message space.
struct HeaderEditOrder {
  let spec: ActionSpec
  let name: TextWord
  let value: TextWord
  let keys: [TextWord]
  let rule: String?
  /// Whose own copy it is for; nil for the message.
  var recipient: Int?
}

extension Machine {
  /// Records a header edit; when the header is there it shows at once.
  mutating func editHeader(
    _ spec: ActionSpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) {
    let name = parameter("name", of: spec, program) ?? []
    let given = parameter("value", of: spec, program) ?? []
    try charge(name.count + given.count)
    try checkName(name, of: spec)
    if spec.flags.contains(.plain), given.count > settings.addedFieldBytesMax {
      throw .fieldTooLong(bytesMax: settings.addedFieldBytesMax)
    }
    // Tests see the value as it will be written.
    let value = FieldText.clean(given)
    var keys: [TextWord] = []
    if spec.spec > 0 {
      let match = program.program.specs[Int(spec.spec) - 1]
      for key in Int(match.firstKey)..<Int(match.firstKey) + Int(match.keyCount) {
        try charge(TextWord(bits: registers[key]).length)
        keys.append(try keepForMessage(bytes(in: key, program)))
      }
    }
    let order = HeaderEditOrder(
      spec: spec, name: try keepForMessage(name), value: try keepForMessage(value), keys: keys,
      rule: currentRule(program)?.name, recipient: spec.flags.contains(.split) ? turn : nil)
    if message == nil { pendingEdits.append(order) } else { try apply(order, program) }
    try acted(Self.shown(spec.action, name, value), program)
  }

  private static func shown(
    _ action: Action, _ name: ArraySlice<UInt8>, _ value: some Sequence<UInt8>
  ) -> String {
    let words = "\(action.name) \(String(decoding: name, as: UTF8.self))"
    guard action != .deleteheader else { return words }
    return "\(words): \(String(decoding: Array(value), as: UTF8.self).prefix(120))"
  }

  /// The header has come: what was ordered before it is done now, in order.
  mutating func applyPendingEdits(_ program: borrowing VerifiedProgram) throws(Trap) {
    let orders = pendingEdits
    pendingEdits = []
    metMatchLimit = false
    stepsTaken = 0
    for order in orders { try apply(order, program) }
    // The rule that ordered it is over: nobody is left to answer.
    if metMatchLimit { throw .patternLimit }
  }

  mutating func apply(
    _ order: HeaderEditOrder, _ program: borrowing VerifiedProgram
  ) throws(Trap) {
    // Each edit looks through the view.
    try charge(headers.fields.count * ByteCost.fieldVisit)
    let name = String(decoding: bytes(of: order.name, program), as: UTF8.self)
    let key = name.utf8.map(\.foldedASCII)
    if order.spec.flags.contains(.plain), isProtected(key, from: order.spec.action) { return }
    switch order.spec.action {
    case .setheader: try set(order, key, name, program)
    case .deleteheader: try delete(order, key, name, program)
    case .insertheader:
      let place = max(0, Int(order.spec.index) - 1)
      headers.insert(key, order.value, at: place)
      let value = Array(bytes(of: order.value, program))
      record(order, .insert(name: name, value: value, at: place), name, value)
    default:
      let last = order.spec.flags.contains(.last)
      headers.add(key, order.value, last: last)
      let value = Array(bytes(of: order.value, program))
      record(order, .add(name: name, value: value, last: last), name, value)
    }
  }

  private mutating func set(
    _ order: HeaderEditOrder, _ key: [UInt8], _ name: String, _ program: borrowing VerifiedProgram
  ) throws(Trap) {
    let value = Array(bytes(of: order.value, program))
    let places = headers.indices(named: key)
    let wanted = order.spec.index == 0 ? 1 : Int(order.spec.index)
    if let index = places[at: wanted, fromEnd: order.spec.flags.contains(.last)] {
      let old = bytes(of: try headerValue(index), program)
      if old.elementsEqual(value) { return }
      headers.change(at: index, to: order.value)
    } else {
      // Without `:index` a field that is not there is added; with it, that one was meant.
      guard order.spec.index == 0 else { return }
      headers.add(key, order.value, last: true)
    }
    let occurrence = order.spec.flags.contains(.last) ? -wanted : wanted
    record(order, .set(name: name, value: value, occurrence: occurrence), name, value)
  }

  private mutating func delete(
    _ order: HeaderEditOrder, _ key: [UInt8], _ name: String, _ program: borrowing VerifiedProgram
  ) throws(Trap) {
    let places = headers.indices(named: key)
    var wanted = Array(places.indices)
    if order.spec.index > 0 {
      let number =
        order.spec.flags.contains(.last)
        ? places.count - Int(order.spec.index) : Int(order.spec.index) - 1
      wanted = places.indices.contains(number) ? [number] : []
    }
    var occurrences: [Int] = []
    for number in wanted.reversed() where try isMatched(places[number], by: order, program) {
      occurrences.append(number + 1)
    }
    // What could not be compared to the end is not done at all.
    guard !occurrences.isEmpty, !metMatchLimit else { return }
    for number in occurrences { headers.delete(at: places[number - 1]) }
    record(order, .delete(name: name, occurrences: occurrences.reversed()), name, nil)
  }

  private mutating func isMatched(
    _ index: Int, by order: HeaderEditOrder, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> Bool {
    guard order.spec.spec > 0 else { return true }
    let spec = program.program.specs[Int(order.spec.spec) - 1]
    for (offset, key) in order.keys.enumerated() {
      registers[Int(spec.firstKey) + offset] = key.bits
    }
    return try matches(try headerValue(index), spec, program)
  }

  private mutating func record(
    _ order: HeaderEditOrder, _ edit: HeaderEdit, _ name: String, _ value: [UInt8]?
  ) {
    var action = ActionRecord(order.spec.action, rule: order.rule)
    action.flags = order.spec.flags
    action.index = order.spec.index
    action.name = name
    action.value = value.map { String(decoding: $0, as: UTF8.self) }
    if let recipient = order.recipient { action.recipient = recipients[recipient].address }
    decisions.actions.append(action)
    withEdits(order.spec.flags) { $0.edit(header: edit) }
  }
}

extension Machine {
  /// What a script may not touch is left as it is, in silence (RFC 5293 §6).
  private func isProtected(_ name: [UInt8], from action: Action) -> Bool {
    let names = action == .addheader ? settings.namesNotAdded : settings.namesNotDeleted
    return names.contains(String(decoding: name, as: UTF8.self))
  }

  /// A name that was built at run time may be none.
  func checkName(_ name: ArraySlice<UInt8>, of spec: ActionSpec) throws(Trap) {
    guard spec.flags.contains(.plain), !FieldText.isName(name) else { return }
    throw .badFieldName(String(decoding: name, as: UTF8.self))
  }

  /// Octets of the message with the header as edited so far.
  mutating func editedSize(
    _ message: MailMessage, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> Int {
    guard headers.isEdited else { return message.bytes.count }
    try charge(headers.fields.count * ByteCost.fieldVisit)
    var size = message.bytes.count
    for field in message.headers { size -= field.line.count }
    for field in headers.fields {
      if let original = field.original, !field.isChanged {
        size += message.headers[original].line.count
      } else if let value = field.value {
        try charge(value.length * ByteCost.decodeHeaderPerByte)
        let name = String(decoding: field.name, as: UTF8.self)
        size += FieldText.byteCount(name, Array(bytes(of: value, program)))
      }
    }
    return size
  }
}

extension [Int] {
  /// The element of a 1-based place, counted from the front or the end.
  fileprivate subscript(at place: Int, fromEnd fromEnd: Bool) -> Int? {
    let index = fromEnd ? count - place : place - 1
    return indices.contains(index) ? self[index] : nil
  }
}
