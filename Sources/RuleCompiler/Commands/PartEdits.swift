// What the edits of parts and messages have in common: `:break_signature`, loops over recipients,
// and texts that become HTML.

import RuleBytecode

enum PartEdits {
  static let breakTag = TagSignature("break_signature")

  static let dispositions = ["inline", "attachment"]

  /// `:type`, `:name` and `:disposition` of a new part.
  static let newPartTags = [
    TagSignature("type", .string), TagSignature("name", .string),
    TagSignature("disposition", .string),
  ]

  /// An edit of a part that takes no argument.
  static func bare(
    _ action: Action, _ call: Call, _ context: inout CheckContext
  ) -> PlannedAction? {
    var planned = PlannedAction(action)
    return context.planEdit(call, &planned) ? planned : nil
  }
}

extension CheckContext {
  /// What every edit of a part or message has: where it can stand, and `:break_signature`.
  mutating func planEdit(_ call: Call, _ action: inout PlannedAction) -> Bool {
    guard isEditPossible(call.name.text, at: call.name.range, &action) else { return false }
    breakSignature(call, &action)
    return true
  }

  /// In a loop over recipients an edit is one of this recipient's own copy, which the loop must
  /// allow.
  mutating func isEditPossible(
    _ name: String, at range: SourceRange, _ action: inout PlannedAction
  ) -> Bool {
    if place.phase == nil { place.notForTurns = place.notForTurns ?? (name, range) }
    guard let level = recipientLoop else { return true }
    guard loops[level].isSplit else {
      report(.flow(.editNeedsSplit(name)), at: range)
      return false
    }
    action.flags.insert(.split)
    return true
  }

  mutating func breakSignature(_ call: Call, _ action: inout PlannedAction) {
    guard let tag = call.tag("break_signature") else { return }
    action.flags.insert(.breakSignature)
    report(.flow(.breaksSignature(call.name.text)), at: tag.range)
  }

  /// A tag of an action is about this part.
  mutating func isPartHere(_ name: String, at range: SourceRange) -> Bool {
    let phases = PhaseSet(partLoop == nil ? [.part] : [.part, .eom])
    guard hasPart(for: name, at: range) else { return false }
    return limit(to: phases, as: name, at: range) {
      .actionNotPossible(name, phase: $0.name, need: .part, possible: phases.phases.map(\.name))
    }
  }

  /// `:type T`; whether the text is HTML.
  mutating func mediaType(_ call: Call, _ action: inout PlannedAction) -> Bool {
    guard let tag = call.tag("type")?.string,
      let type = constant(tag, ":type", of: call.name.text)
    else { return false }
    if !Literals.isMediaType(type) { report(.literal(.mediaType(type)), at: tag.range) }
    action.set("type", TextValue(type))
    return type.lowercasedASCII == "text/html"
  }

  /// `:type :name :disposition` of a new part, and its text: in HTML `${…}` is escaped.
  mutating func newPart(_ call: Call, _ action: inout PlannedAction, text index: Int?) {
    let isHTML = mediaType(call, &action)
    if let index, let literal = call.string(index) {
      var value = text(literal)
      value.escapesHTML = isHTML
      action.set("text", value)
    }
    if let tag = call.tag("name")?.string { action.set("name", headerValue(tag)) }
    if let disposition = word(of: call, "disposition", PartEdits.dispositions) {
      action.set("disposition", TextValue(disposition))
    }
  }

  /// A tag's word out of a fixed list.
  mutating func word(of call: Call, _ tag: String, _ known: [String]) -> String? {
    guard let literal = call.tag(tag)?.string,
      let word = constant(literal, ":" + tag, of: call.name.text)
    else { return nil }
    if known.contains(word) { return word }
    let nearest = nearest(to: word, among: known)
    report(
      .name(.unknownValue(word, of: ":" + tag, nearest: nearest, known: known)), at: literal.range)
    return nil
  }

  /// A constant text of an argument that is not empty.
  mutating func word(_ literal: StringLiteral?, _ label: String, of name: String) -> String? {
    guard let literal, let text = constant(literal, label, of: name) else { return nil }
    if !text.isEmpty { return text }
    report(.argument(.emptyValue(label, of: name)), at: literal.range)
    return nil
  }
}
