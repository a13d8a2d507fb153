// What the rules did is recorded with its rule; nothing is carried out here. A rule that only
// observes leaves its records among the observed and changes nothing (LANGUAGE.md §3).
internal import MailMessage
internal import RuleBytecode

extension Machine {
  /// Whether what is done now is only to be listed.
  func isObserving(_ program: borrowing VerifiedProgram) -> Bool {
    if observesAll { return true }
    return ruleIndex.map { program.program.rules[Int($0)].mode == .observe } ?? false
  }

  /// An empty record of the current rule.
  func newRecord(_ kind: Action, _ program: borrowing VerifiedProgram) -> ActionRecord {
    ActionRecord(kind, rule: currentRule(program)?.name)
  }

  /// A rule has acted: it is listed once, and the trace says what it did.
  mutating func acted(
    _ what: @autoclosure () -> String, _ program: borrowing VerifiedProgram
  ) throws(Trap) {
    traceRule(program)
    // What was looked at for an action belongs to no test.
    tracer.acted(ruleIndex, phase)
    tracer.add(.action(what()), limit: limits.traceEventsMax)
    meter.hit(ruleIndex)
    guard let rule = currentRule(program)?.name else { return }
    if decisions.rules.last != rule, ruleNames.insert(rule).inserted {
      decisions.rules.append(rule)
    }
    try countRecord()
  }

  /// What a rule would do that only observes.
  mutating func observe(
    _ record: ActionRecord, _ program: borrowing VerifiedProgram
  ) throws(Trap) {
    traceRule(program)
    tracer.acted(ruleIndex, phase)
    meter.hit(ruleIndex)
    tracer.add(.observed(record.shown), limit: limits.traceEventsMax)
    try countRecord()
    try countRecordBytes(record.bytes)
    decisions.observed.append(record)
  }

  private mutating func countRecord() throws(Trap) {
    recordCount += 1
    guard recordCount <= limits.recordsMax else {
      throw .tooManyRecords(limit: limits.recordsMax)
    }
  }

  /// Pays for a text that a record keeps.
  mutating func keepInRecords(_ byteCount: Int) throws(Trap) {
    try charge(byteCount)
    try countRecordBytes(byteCount)
  }

  private mutating func countRecordBytes(_ byteCount: Int) throws(Trap) {
    recordBytes += byteCount
    guard recordBytes <= limits.recordBytesMax else {
      throw .recordsTooLong(bytesMax: limits.recordBytesMax)
    }
  }

  /// Records an action that is carried out later, and says so in the trace.
  mutating func record(
    _ record: ActionRecord, _ program: borrowing VerifiedProgram
  ) throws(Trap) {
    decisions.actions.append(record)
    try acted(record.shown, program)
  }

  // MARK: Texts of an action

  /// A parameter's text as it stands in its register; nil when it was not given.
  func parameter(
    _ name: String, of spec: ActionSpec, _ program: borrowing VerifiedProgram
  ) -> ArraySlice<UInt8>? {
    spec.register(of: name).map { bytes(in: $0, program) }
  }

  /// The same as a string.
  func string(
    _ name: String, of spec: ActionSpec, _ program: borrowing VerifiedProgram
  ) -> String? {
    parameter(name, of: spec, program).map { String(decoding: $0, as: UTF8.self) }
  }

  /// A record of an action with all that it says; its texts are paid for.
  mutating func describe(
    _ spec: ActionSpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> ActionRecord {
    var record = newRecord(spec.action, program)
    record.flags = spec.flags
    record.index = spec.index
    record.policy = spec.policy > 0 ? Int(spec.policy) - 1 : nil
    for (place, name) in spec.action.parameters.enumerated() {
      let registers = spec.registers(of: name)
      guard !registers.isEmpty else { continue }
      var values: [String] = []
      for register in registers {
        try keepInRecords(TextWord(bits: registers.isEmpty ? 0 : self.registers[register]).length)
        values.append(string(in: register, program))
      }
      let isList = spec.action.isVariadic && place == spec.action.parameters.count - 1
      record.set(name, values, isList: isList)
    }
    if let recipient = turn { record.recipient = recipients[recipient].address }
    return record
  }
}

extension ActionRecord {
  /// Puts a parameter where reports look for it.
  mutating func set(_ name: String, _ values: [String], isList: Bool) {
    switch name {
    case "name" where kind != .event: self.name = values.first
    case "value" where !isList, "text": value = values.first
    case "address": address = values.first
    case "reason": reason = values.first
    default: arguments.append(Argument(name: name, values: values, isList: isList))
    }
  }

  /// Bytes that the record keeps, for its cap.
  var bytes: Int {
    let own = [part, name, value, address, reason].reduce(0) { $0 + ($1?.utf8.count ?? 0) }
    return arguments.reduce(own) { sum, argument in
      argument.values.reduce(sum) { $0 + $1.utf8.count }
    }
  }

  /// On one line, for the trace; long texts are cut.
  var shown: String {
    var words = [action]
    if let part { words.append("part \(part)") }
    words += flags.shownNames.map { ":\($0)" }
    if index > 0 { words.append(":\(kind == .insertheader ? "at" : "index") \(index)") }
    if let name { words.append(value == nil ? name : "\(name):") }
    if let address { words.append("<\(address)>") }
    if let value { words.append(String(value.prefix(Self.shownMax))) }
    if let reason { words.append("(\(reason.prefix(Self.shownMax)))") }
    for argument in arguments {
      words.append("\(argument.name)=\(argument.values.joined(separator: ","))")
    }
    if let recipient { words.append("for <\(recipient)>") }
    return words.joined(separator: " ")
  }

  private static let shownMax = 120
}

extension ActionFlags {
  /// The tags that are set, by their names in a policy.
  package var shownNames: [String] { Self.names.filter { contains($0.flag) }.map(\.name) }
}
