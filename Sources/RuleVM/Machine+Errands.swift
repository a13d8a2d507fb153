// What errands need of the machine: the content of parts, and what was ordered taken back.
internal import MailEdits
internal import MailMessage
internal import RuleBytecode

extension Machine {
  /// A part with its content; nil where a cap kept it from being decoded.
  mutating func partCopy(_ index: Int) -> PartCopy? {
    guard let part = message?.parts[index] else { return nil }
    do throws(Trap) {
      guard let word = try content(of: index) else { return nil }
      return PartCopy(
        path: part.path, name: part.names.first ?? "", type: part.contentType.name,
        content: Array(contentBytes(word)), raw: Array(part.bytes[part.extent]))
    } catch {
      return nil
    }
  }

  /// What a program made of a part stands in its place.
  mutating func replaceContent(of index: Int?, by content: [UInt8]) {
    guard let index else { return }
    edits(of: index) { $0.setOutput(content, record: index) }
  }

  /// What a program is given: the part's content as the edits before left it; nil where it goes.
  mutating func programInput(_ index: Int) -> [UInt8]? {
    guard let message else { return nil }
    var content: [UInt8]?
    edits(of: index) { content = $0.content(before: index, in: message) }
    return content
  }

  /// A command could not be carried out: all is as if it had not stood there.
  mutating func withdraw(_ index: Int) {
    decisions.actions[index].isSuperseded = true
    for place in decisions.actions.indices where decisions.actions[place].supersededBy == index {
      decisions.actions[place].isSuperseded = false
    }
    edits(of: index) { $0.takeBack(record: index) }
    let own = decisions.dispositions.filter { $0.action == index }
    guard !own.isEmpty else { return }
    decisions.dispositions.removeAll { $0.action == index }
    for recipient in own.compactMap(\.recipient) {
      recipients[recipient].isQuarantined = decisions.dispositions.contains {
        $0.recipient == recipient && $0.kind == .quarantine
      }
    }
  }

  /// The plan that a record's edit went to: its recipient's own, or the message's.
  private mutating func edits(of index: Int, _ change: (inout EditPlan) -> Void) {
    let record = decisions.actions[index]
    let owner = recipients.firstIndex { $0.address == record.recipient }
    if record.flags.contains(.split), let owner {
      change(&decisions.recipientEdits[owner, default: EditPlan()])
    } else {
      change(&decisions.edits)
    }
  }
}
