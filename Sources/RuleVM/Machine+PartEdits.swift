// Edits of parts: recorded with the part they are for, the last of those that exclude each other
// holds (LANGUAGE.md §3).
internal import MailEdits
internal import MailMessage
internal import RuleBytecode

extension Action {
  /// Each of these on a part takes the place of what was ordered for it before.
  fileprivate var settlesPart: Bool {
    switch self {
    case .keep, .drop, .replace, .enclose, .replaceWithFile, .replaceWithLink: true
    default: false
    }
  }

  /// What is inside of the part goes with it, so its children are not visited.
  fileprivate var coversPart: Bool {
    switch self {
    case .drop, .replace, .replaceWithFile, .replaceWithLink: true
    default: false
    }
  }
}

extension Machine {
  /// The edits that an order goes to: this recipient's own, or the message's.
  mutating func withEdits(_ flags: ActionFlags, _ body: (inout EditPlan) -> Void) {
    if let turn, flags.contains(.split) {
      body(&decisions.recipientEdits[turn, default: EditPlan()])
    } else {
      body(&decisions.edits)
    }
  }

  /// The path of a part that may be edited; nil, and said in the trace, for one that is signed or
  /// encrypted when the command does not say `:break_signature`.
  mutating func partOrder(
    _ index: Int, _ spec: ActionSpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> String? {
    guard let message else { throw .misplaced("a MIME part") }
    let path = message.parts[index].path
    if spec.flags.contains(.breakSignature) || !EditPlan.isSealed(part: index, in: message) {
      return path
    }
    traceRule(program)
    tracer.add(
      .action("\(spec.action.name) part \(path) is not done: it is signed or encrypted"),
      limit: limits.traceEventsMax)
    return nil
  }

  /// The part that an edit acts on: of what stands in other bytes of the message only by another
  /// reading, or is a file inside of a text, that is the part whose bytes they share.
  func targetPart(ofLoop loop: Int) throws(Trap) -> Int {
    let index = try part(ofLoop: loop)
    return message?.parts[index].target ?? index
  }

  mutating func editPart(
    _ spec: ActionSpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) {
    let index = try targetPart(ofLoop: Int(spec.loop))
    guard let path = try partOrder(index, spec, program) else { return }
    var action = try describe(spec, program)
    action.part = path
    guard supersede(index, spec) else { return }
    let breaks = spec.flags.contains(.breakSignature)
    switch spec.action {
    case .keep: withEdits(spec.flags) { $0.edit(part: index, .keep) }
    case .drop: withEdits(spec.flags) { $0.edit(part: index, .drop, breaksSignature: breaks) }
    case .replace:
      let new = replacement(action)
      withEdits(spec.flags) { $0.edit(part: index, .replace(new), breaksSignature: breaks) }
    default: break
    }
    if spec.action.coversPart, !spec.flags.contains(.split) { coveredParts.insert(index) }
    partRecords[index, default: []].append(decisions.actions.count)
    try record(action, program)
  }

  private func replacement(_ action: ActionRecord) -> Replacement {
    func argument(_ name: String) -> String? {
      action.arguments.first { $0.name == name }?.values.first
    }
    return Replacement(
      text: Array((action.value ?? "").utf8), type: argument("type") ?? "text/plain",
      name: action.name, disposition: argument("disposition") ?? "inline")
  }

  /// Takes back what an order for a part makes void; false when the order itself is, since the
  /// part was dropped.
  private mutating func supersede(_ index: Int, _ spec: ActionSpec) -> Bool {
    let own = spec.flags.contains(.split) ? turn.map { recipients[$0].address } : nil
    var live: [Int] = []
    for place in partRecords[index] ?? [] {
      let earlier = decisions.actions[place]
      let isRival = spec.action.settlesPart || earlier.kind == spec.action
      if earlier.recipient == own, isRival {
        decisions.actions[place].isSuperseded = true
      } else {
        if earlier.kind == .drop, earlier.recipient == own { return false }
        live.append(place)
      }
    }
    partRecords[index] = live
    if spec.action.settlesPart { coveredParts.remove(index) }
    return true
  }

  /// A warning for the reader; warnings add up.
  mutating func warn(_ spec: ActionSpec, _ program: borrowing VerifiedProgram) throws(Trap) {
    let index = try targetPart(ofLoop: Int(spec.loop))
    var action = try describe(spec, program)
    action.part = message?.parts[index].path
    let text = Array((action.value ?? "").utf8)
    withEdits(spec.flags) { $0.warn(text) }
    try record(action, program)
  }

  // MARK: Links

  /// The first half of `replace_with_link`: the part's place in its store is known before the text
  /// that names it is built.
  mutating func prepareLink(
    _ spec: ActionSpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) {
    let index = try targetPart(ofLoop: Int(spec.loop))
    let name = string("store", of: spec, program) ?? ""
    let store = program.program.declaration(.store, named: name)
    let url = store.flatMap { declared in
      program.program.arguments(of: declared).first { $0.name == "url" }?.value
    }
    guard var digest = try candidates(.sha256, of: index)?.first else {
      throw .spaceFull(name: "decoded message", bytesMax: limits.decodedSpaceBytesMax)
    }
    // Who has the same file cannot guess where it lies.
    if spec.flags.contains(.salt) {
      digest = SHA256.digest(of: (Array(digest.utf8) + linkSalt).span).hex
    }
    let file = try nameForLink(ofPart: index)
    var base = url ?? ""
    while base.last == "/" { base.removeLast() }
    facts[.linkURL] = try keepForMessage("\(base)/\(digest)/\(file)".utf8)
  }

  /// The name of the file that the store will make, percent-encoded (RFC 3986 §2.3).
  private mutating func nameForLink(ofPart index: Int) throws(Trap) -> String {
    let name = LinkName.safe(try candidates(.name, of: index)?.first ?? "")
    var result = ""
    for byte in name.utf8 {
      let isPlain =
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || [45, 46, 95, 126].contains(byte)
      result += isPlain ? String(UnicodeScalar(byte)) : Self.escaped(byte)
    }
    return result
  }

  private static func escaped(_ byte: UInt8) -> String {
    let hex = String(byte, radix: 16, uppercase: true)
    return hex.utf8.count == 1 ? "%0\(hex)" : "%\(hex)"
  }
}
