// `apply_scan_headers`: what a scanner would have changed in the header becomes edits of the
// message. A scanner's words are a stranger's: names are checked and values cleaned as those of any
// edit, the number is bounded (`ScanHeaderEdits`), and fields that say what the body is, or where
// the message has been, stay as they are. A scanner that wraps spam would else leave a body that
// nobody can read.
internal import MailEdits
internal import MailMessage
internal import RuleBytecode

extension Machine {
  mutating func applyScanHeaders(
    _ spec: ActionSpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) {
    var action = try describe(spec, program)
    if turn == nil || !spec.flags.contains(.split) { action.recipient = nil }
    let scanner = action.argument("scanner") ?? ""
    let edits = facts.scanHeaders[scanner]
    action.waitsForScan = edits == nil
    try record(action, program)
    for edit in Self.possible(edits ?? []) {
      try show(edit)
      withEdits(spec.flags) { $0.edit(header: edit.planned) }
    }
  }

  /// Ordered before the scanner was asked: done now, if it was asked since.
  mutating func applyLateScanHeaders() {
    for action in decisions.actions where action.waitsForScan && !action.isSuperseded {
      let edits = facts.scanHeaders[action.argument("scanner") ?? ""] ?? []
      let owner = recipients.firstIndex { $0.address == action.recipient }
      for edit in Self.possible(edits) {
        if action.flags.contains(.split), let owner {
          decisions.recipientEdits[owner, default: EditPlan()].edit(header: edit.planned)
        } else {
          decisions.edits.edit(header: edit.planned)
        }
      }
    }
  }

  private static func possible(_ edits: [ScanHeaderEdit]) -> [ScanHeaderEdit] {
    edits.filter { edit in
      let name = edit.name.lowercased()
      return FieldText.isName(name.utf8) && !keptNames.contains(name)
        && !name.hasPrefix("content-")
    }
  }

  private static let keptNames: Set = ["mime-version", "received", "return-path"]

  /// Later tests see it.
  private mutating func show(_ edit: ScanHeaderEdit) throws(Trap) {
    try charge(headers.fields.count * ByteCost.fieldVisit)
    let key = edit.name.utf8.map(\.foldedASCII)
    switch edit {
    case .add(let name, let value, let position):
      try charge(name.utf8.count + value.utf8.count)
      let word = try keepForMessage(FieldText.clean(value.utf8))
      if let position {
        headers.insert(key, word, at: max(0, position))
      } else {
        headers.add(key, word, last: true)
      }
    case .remove(_, let occurrence):
      let places = headers.indices(named: key)
      let number = occurrence > 0 ? occurrence - 1 : places.count + occurrence
      let gone = occurrence == 0 ? Array(places.indices) : [number]
      for index in gone.reversed() where places.indices.contains(index) {
        headers.delete(at: places[index])
      }
    }
  }
}

extension ScanHeaderEdit {
  fileprivate var name: String {
    switch self {
    case .add(let name, _, _), .remove(let name, _): name
    }
  }

  fileprivate var planned: HeaderEdit {
    switch self {
    case .add(let name, let value, let position?):
      .insert(name: name, value: Array(value.utf8), at: max(0, position))
    case .add(let name, let value, nil): .add(name: name, value: Array(value.utf8), last: true)
    case .remove(let name, 0): .delete(name: name, occurrences: nil)
    case .remove(let name, let occurrence): .delete(name: name, occurrences: [occurrence])
    }
  }
}
