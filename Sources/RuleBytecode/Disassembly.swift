// A program as text: derived from the opcode sheet, one line an instruction.

package struct Disassembly {
  private let verified: VerifiedProgram
  /// Where a source place begins, by instruction.
  private let places: [UInt32: SourcePlace]
  private var program: Program { verified.program }

  package init(_ program: VerifiedProgram) {
    verified = program
    // The verifier has shown that no instruction has two.
    let marks = program.program.sourceMap.map { ($0.pc, $0.place) }
    places = Dictionary(marks, uniquingKeysWith: { first, _ in first })
  }

  package var text: String {
    var lines = [
      "; policy image, format \(ImageFormat.version), digest \(verified.digest.hex)",
      "; sources \(program.files.map { program.string($0) }.joined(separator: ", "))"
        + " \(program.sourceDigest.hex)",
      "; \(program.rules.count) rules, \(program.code.count) instructions,"
        + " \(program.sets.count) sets, \(program.entries.count) entries",
    ]
    lines += declarations + tables
    for (index, block) in program.blocks.enumerated() {
      lines.append("")
      lines.append(title(of: index))
      let end =
        index + 1 < program.blocks.count
        ? Int(program.blocks[index + 1].start) : program.code.count
      for pc in Int(block.start)..<end { lines.append(line(pc)) }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// `scanner "clamav" kind "clamd" address "unix:/run/clamav"`.
  private var declarations: [String] {
    program.declarations.map { declaration in
      let name = program.string(declaration.name)
      let values = program.arguments(of: declaration).map { "\($0.name) \(quoted($0.value))" }
      return ([declaration.role.name] + (name.isEmpty ? [] : [quoted(name)]) + values)
        .joined(separator: " ")
    }
  }

  /// `table "vips" address file path "vips.txt" :max 1000 within 5000 ms`.
  private var tables: [String] {
    program.tables.map { table in
      let words = program.words(ofSet: table.arguments)
      let source = stride(from: 0, to: words.count - 1, by: 2).map {
        " \(words[$0]) \(quoted(words[$0 + 1]))"
      }
      let name = quoted(program.string(table.name))
      let inline = table.keys == 0 ? "" : " " + keys(of: Int(table.keys) - 1)
      let values = table.values == 0 ? "" : " gives " + keys(of: Int(table.values) - 1)
      return "table \(name) \(table.type.name) \(table.source.name)" + source.joined() + inline
        + values + " :max \(table.entriesMax) within \(table.timeoutMilliseconds) ms"
    }
  }

  private func title(of index: Int) -> String {
    if let timer = program.timers.first(where: { Int($0.block) == index }) {
      return "every \(timer.seconds) s \(quoted(program.string(program.blocks[index].name))):"
    }
    if let entry = program.phases.first(where: { Int($0.block) == index }) {
      return "phase \(entry.phase.name):"
    }
    return "define \"\(program.string(program.blocks[index].name))\":"
  }

  /// `   12  jump-if-false  t0, 17    ; policy.rules:14:5`
  private func line(_ pc: Int) -> String {
    let instruction = program.code[pc]
    let shape = instruction.opcode.shape
    let values = [UInt32(instruction.a), UInt32(instruction.b), instruction.c]
    let operands = zip(shape.operands, values).compactMap { operand, value in
      text(of: operand, value)
    }
    var line = pad(String(pc), 6) + "  " + shape.name
    if !operands.isEmpty {
      line += String(repeating: " ", count: max(1, 18 - shape.name.count))
      line += operands.joined(separator: ", ")
    }
    if let place = places[UInt32(pc)] {
      line += String(repeating: " ", count: max(2, 52 - line.count))
      line += "; " + program.location(place)
    }
    return line
  }

  private func pad(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  private func text(of operand: Operand, _ value: UInt32) -> String? {
    switch operand {
    case .none: nil
    case .truthIn, .truthOut: "t\(Int(value) - RegisterBank.truths.lowerBound)"
    case .numberIn, .numberOut: "n\(Int(value) - RegisterBank.numbers.lowerBound)"
    case .textIn, .textOut: "s\(Int(value) - RegisterBank.texts.lowerBound)"
    case .target, .bit, .loopStart: "\(value)"
    case .loop: "loop \(value)"
    case .loopOrNone: value == 0 ? nil : "loop \(value - 1)"
    case .loopKind: LoopKind(code: Int(value)).map(describe)
    case .modifier: TextModifier(rawValue: UInt8(value)).map { ":\($0.name)" }
    case .group: "${\(value)}"
    case .number: "\(program.numbers[Int(value)])"
    case .string: quoted(program.string(value))
    case .variable: "${\(program.string(program.variables[Int(value)].name))}"
    case .rule: quoted(program.string(program.rules[Int(value)].name))
    case .function: quoted(program.string(program.blocks[Int(value)].name))
    case .probe: quoted(program.string(program.probes[Int(value)].text))
    case .fact, .numberFact: Fact(rawValue: UInt8(value))?.name
    case .factFamily: FactFamily(rawValue: UInt8(value))?.prefix
    case .logLevel: LogLevel(rawValue: UInt8(value))?.name
    case .query: describe(program.queries[Int(value)])
    case .action: describe(program.actions[Int(value)])
    case .policy, .check, .reply: describe(operand, value)
    }
  }

  private func describe(_ operand: Operand, _ value: UInt32) -> String {
    switch operand {
    case .policy:
      let policy = program.policies[Int(value)]
      return words(policy, FailureClass.allCases)
    case .check:
      let check = program.checks[Int(value)]
      let match = check.spec == 0 ? "" : " " + describe(program.specs[Int(check.spec) - 1])
      return "\(check.kind.name) \(keys(of: Int(check.arguments)))"
        + texts(check.firstText, check.textCount) + match
        + " within \(check.timeoutMilliseconds) ms"
    default:
      let reply = program.replies[Int(value)]
      let codes = " \(program.string(reply.code)) \(program.string(reply.enhanced))"
      return reply.kind.name + (codes == "  " ? "" : codes)
        + (reply.wholeMessage ? " :message" : "") + (reply.endsTurn ? " ends turn" : "")
    }
  }

  private func describe(_ query: QuerySpec) -> String {
    var text = query.source.name
    if query.source.info.detailCount > 1 {
      text += "." + (query.source.detailName(query.detail) ?? "\(query.detail)")
    }
    for (flag, name) in QueryFlags.names where query.flags.contains(flag) { text += " :\(name)" }
    if query.loop > 0 { text += " of loop \(query.loop - 1)" }
    if query.index > 0 { text += " index \(query.index)" }
    if query.names > 0 { text += " \(keys(of: Int(query.names) - 1))" }
    if query.word > 0 { text += " \(quoted(program.string(query.word - 1)))" }
    text += texts(query.firstText, query.textCount)
    if query.spec > 0 { text += " " + describe(program.specs[Int(query.spec) - 1]) }
    return text
  }

  private func describe(_ action: ActionSpec) -> String {
    var text = action.action.name
    for (flag, name) in ActionFlags.names where action.flags.contains(flag) { text += " :\(name)" }
    if action.loop > 0 { text += " of loop \(action.loop - 1)" }
    if action.index > 0 { text += " index \(action.index)" }
    text += texts(action.firstText, action.textCount)
    if action.spec > 0 { text += " " + describe(program.specs[Int(action.spec) - 1]) }
    if action.policy > 0 {
      let classes = action.action.failures
      text += " failing " + words(program.policies[Int(action.policy) - 1], classes)
    }
    return text
  }

  private func words(_ policy: FailurePolicy, _ classes: [FailureClass]) -> String {
    classes.map { ":\($0.name) \(policy[$0].name)" }.joined(separator: " ")
  }

  private func describe(_ loop: LoopKind) -> String {
    switch loop {
    case .parts(nil): "parts"
    case .parts(.some(let outer)): "parts inside loop \(outer)"
    case .recipients: "recipients"
    }
  }

  /// The registers of texts: ` s3 s4`.
  private func texts(_ first: UInt8, _ count: UInt8) -> String {
    (0..<Int(count)).map { " s\(Int(first) + $0 - RegisterBank.texts.lowerBound)" }.joined()
  }

  private func describe(_ spec: MatchSpec) -> String {
    var words = [":\(spec.type.name)"]
    if spec.addressPart != .all { words.append(":\(spec.addressPart.name)") }
    if spec.everyCandidate { words.append("every") }
    if spec.type == .value || spec.type == .count { words.append(spec.relation.name) }
    if spec.comparator != .asciiCasemap { words.append(spec.comparator.name) }
    for set in 0..<Int(spec.setCount) { words.append(keys(of: Int(spec.firstSet) + set)) }
    for key in 0..<Int(spec.keyCount) {
      words.append("s\(Int(spec.firstKey) + key - RegisterBank.texts.lowerBound)")
    }
    return words.joined(separator: " ")
  }

  /// The first keys of a set.
  private func keys(of index: Int) -> String {
    let set = program.sets[index]
    if set.kind == .addresses { return "{\(set.count) networks}" }
    if set.kind == .table {
      return "table:\(program.string(program.tables[Int(set.first)].name))"
    }
    let shown = program.entries[Int(set.first)..<Int(set.first) + min(4, Int(set.count))]
    let words = shown.map { entry in
      let start = Int(entry.offset)
      return quoted(
        String(
          decoding: program.stringBytes[start..<start + Int(entry.length)], as: UTF8.self))
    }
    return "{" + words.joined(separator: " ") + (set.count > 4 ? " … \(set.count) keys" : "") + "}"
  }

  private func quoted(_ text: String) -> String {
    let shown = text.count > 60 ? text.prefix(60) + "…" : text[...]
    return shown.debugDescription
  }
}
