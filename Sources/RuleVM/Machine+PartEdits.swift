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
    let place = decisions.actions.count
    action.partIndex = index
    if spec.action == .replaceWithLink { action.link = try linkPlace(index, spec, program) }
    if let edit = try partEdit(action) {
      withEdits(spec.flags) {
        $0.edit(part: index, edit, breaksSignature: breaks, record: place)
      }
    }
    if let list = action.argument("list") { order(.link(Array(list.utf8)), spec) }
    if spec.action.coversPart, !spec.flags.contains(.split) { coveredParts.insert(index) }
    partRecords[index, default: []].append(place)
    try record(action, program)
  }

  /// What the plan does for an action; nil for what is carried out elsewhere.
  private func partEdit(_ action: ActionRecord) throws(Trap) -> PartEdit? {
    switch action.kind {
    case .keep: return .keep
    case .drop: return .drop
    case .replace, .replaceWithLink: return .replace(action.replacement)
    case .replaceWithFile:
      var replacement = action.replacement
      replacement.text = try policyFile(action.argument("file") ?? "")
      return .replace(replacement)
    case .enclose:
      let fields = action.arguments.first { $0.name == "header" }?.values ?? []
      return .enclose(
        Enclosure(
          text: Array((action.value ?? "").utf8),
          subject: action.argument("subject").map { Array($0.utf8) },
          fields: fields.compactMap { Enclosure.Field(Array($0.utf8)) }))
    case .rename: return .rename(action.name ?? "")
    case .settype: return .settype(action.argument("type") ?? "")
    case .stripRedundantHtml: return .stripRedundantHTML
    default: return rewrite(action).map { .rewrite($0) }
    }
  }

  private func rewrite(_ action: ActionRecord) -> ContentRewrite? {
    switch action.kind {
    case .compress:
      let days = Int((Double(nowSeconds) / 86_400).rounded(.down))
      return .compress(name: action.name, modified: CivilDate(daysSince1970: days))
    case .sanitizeHtml:
      let links = action.argument("links").flatMap { ContentRewrite.Links(rawValue: $0) }
      return .sanitizeHTML(links: links ?? .keep)
    case .htmlToText: return .htmlToText
    case .stripTracking: return .stripTracking
    case .filterProgram: return .program(action.argument("program") ?? "", output: nil)
    default: return nil
    }
  }

  /// A file of the policy's, read when the policy was loaded.
  private func policyFile(_ path: String) throws(Trap) -> [UInt8] {
    guard let bytes = tables.files[path] else { throw .misplaced("the file \(path)") }
    return bytes
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
        decisions.actions[place].supersededBy = decisions.actions.count
      } else {
        if earlier.kind == .drop, earlier.recipient == own { return false }
        live.append(place)
      }
    }
    partRecords[index] = live
    if spec.action.settlesPart { coveredParts.remove(index) }
    return true
  }

  // MARK: The message

  /// A warning for the reader; warnings add up.
  mutating func warn(_ spec: ActionSpec, _ program: borrowing VerifiedProgram) throws(Trap) {
    let index = try targetPart(ofLoop: Int(spec.loop))
    guard try isMessageOpen(spec, program) else { return }
    var action = try describe(spec, program)
    action.part = message?.parts[index].path
    let text = Array((action.value ?? "").utf8)
    let style = warningStyle(program)
    order(.warn(text), spec) { $0.style = style }
    try record(action, program)
  }

  /// `disclaimer`, `addpart`, `canonicalize`.
  mutating func editMessage(
    _ spec: ActionSpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) {
    guard try isMessageOpen(spec, program) else { return }
    let action = try describe(spec, program)
    switch spec.action {
    case .addpart:
      order(.addPart(action.replacement, first: spec.flags.contains(.first)), spec)
    case .canonicalize:
      let names = action.arguments.first { $0.name == "only" }?.values
      order(.canonicalize(only: names.map { Set($0.compactMap(Mend.init)) }), spec)
    case .disclaimer:
      let insertion = Insertion(
        text: action.value.map { Array($0.utf8) },
        html: action.argument("html").map { Array($0.utf8) },
        mark: action.argument("once").map { Array($0.utf8) })
      order(.disclaimer(insertion, all: spec.flags.contains(.all)), spec)
    default: break
    }
    try record(action, program)
  }

  private mutating func order(
    _ edit: MessageEdit, _ spec: ActionSpec, _ prepare: (inout EditPlan) -> Void = { _ in }
  ) {
    let place = decisions.actions.count
    let breaks = spec.flags.contains(.breakSignature)
    withEdits(spec.flags) {
      prepare(&$0)
      $0.edit(message: edit, breaksSignature: breaks, record: place)
    }
  }

  /// False, and said in the trace, where all of the message is signed or encrypted and the command
  /// does not say `:break_signature`. Before the message is there nobody can know: the plan looks
  /// again. Mending leaves alone what is sealed.
  private mutating func isMessageOpen(
    _ spec: ActionSpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> Bool {
    guard message != nil, spec.action != .canonicalize else { return true }
    return try partOrder(0, spec, program) != nil
  }

  /// `warnings`.
  private func warningStyle(_ program: borrowing VerifiedProgram) -> WarningStyle {
    var style = WarningStyle()
    guard let declared = program.program.declaration(.warnings) else { return style }
    for (name, value) in program.program.arguments(of: declared) {
      switch name {
      case "place": style.place = WarningStyle.Place(rawValue: value) ?? .first
      case "preamble": style.preamble = Array(value.utf8)
      default: break
      }
    }
    return style
  }

  // MARK: Links

  /// The first half of `replace_with_link`: the part's place in its store is known before the text
  /// that names it is built.
  mutating func prepareLink(
    _ spec: ActionSpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) {
    let index = try targetPart(ofLoop: Int(spec.loop))
    facts[.linkURL] = try keepForMessage(linkPlace(index, spec, program).url.utf8)
  }

  /// Where a part lies in the store that the command names.
  mutating func linkPlace(
    _ index: Int, _ spec: ActionSpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> LinkPlace {
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
    return LinkPlace(digest: digest, file: file, url: "\(base)/\(digest)/\(file)")
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

extension ActionRecord {
  /// The part that it puts somewhere.
  fileprivate var replacement: Replacement {
    var replacement = Replacement(
      text: Array((value ?? "").utf8), type: argument("type") ?? "text/plain", name: name,
      disposition: argument("disposition") ?? "inline")
    replacement.isWholePart = flags.contains(.mime)
    replacement.takesAlternatives = flags.contains(.alternatives)
    replacement.subject = argument("subject").map { Array($0.utf8) }
    replacement.from = argument("from").map { Array($0.utf8) }
    return replacement
  }
}
