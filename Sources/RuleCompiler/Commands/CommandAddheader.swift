// `addheader [:last] NAME VALUE;` (RFC 5293 §4).

import RuleBytecode

enum CommandAddheader: ActionCommand {
  static let signature = Signature(
    name: "addheader", availability: .oursOr("editheader"), tags: [TagSignature("last")],
    positional: [.init("header name", .string), .init("value", .string)], need: .message)
  static let action = Action.addheader

  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)? {
    let name = context.editedName(call)
    guard let literal = call.string(1) else { return nil }
    let value = context.headerValue(literal)
    guard let name else { return nil }
    var action = PlannedAction(.addheader)
    action.flags = context.editFlags(call)
    action.set("name", name)
    action.set("value", value)
    return context.planEdit(call, &action) ? action : nil
  }
}

extension CheckContext {
  /// The name of the field that is edited. In plain Sieve it may be built at run time.
  mutating func editedName(_ call: Call) -> TextValue? {
    guard !file.isPolicy, let literal = call.string(0) else {
      return headerName(call, 0).map { TextValue($0) }
    }
    let name = text(literal)
    guard let constant = name.constant, !Literals.isHeaderName(constant) else { return name }
    report(.literal(.headerName(constant)), at: literal.range)
    return nil
  }

  func editFlags(_ call: Call) -> ActionFlags {
    var flags: ActionFlags = call.has("last") ? .last : []
    if !file.isPolicy { flags.insert(.plain) }
    return flags
  }

  /// The header name that stands as one argument. Mail must not choose it.
  mutating func headerName(_ call: Call, _ index: Int) -> String? {
    call.string(index).flatMap { headerName($0, of: call.name.text) }
  }

  private mutating func headerName(_ literal: StringLiteral, of name: String) -> String? {
    guard let text = constant(literal, "header name", of: name) else { return nil }
    if Literals.isHeaderName(text) {
      if file.isPolicy, !isTestSuite, Self.isGlob(text) {
        report(.flow(.otherMeaning(.star(text, in: .fieldName))), at: literal.range)
      }
      return text
    }
    report(.literal(.headerName(text)), at: literal.range)
    return nil
  }

  /// A list of header names; nil when one is none.
  mutating func headerNames(_ call: Call, _ index: Int) -> [String]? {
    let literals = call.strings(index)
    var names: [String] = []
    var seen: Set<String> = []
    for literal in literals {
      guard let name = headerName(literal, of: call.name.text) else { continue }
      if !seen.insert(name.lowercasedASCII).inserted {
        report(.flow(.duplicateKey(name)), at: literal.range)
      }
      names.append(name)
    }
    return names.count == literals.count ? names : nil
  }

  /// A field's value; it is folded when it is written, so it has no line ends of its own. In plain
  /// Sieve a value may have lines (RFC 5293 §4), which become blanks; other controls are refused.
  mutating func headerValue(_ literal: StringLiteral) -> TextValue {
    let value = text(literal)
    if !file.isPolicy, let constant = value.constant, constant.utf8.count > addedFieldBytesMax {
      let problem = ArgumentProblem.outOfRange(
        "value's size in bytes", value: constant.utf8.count, allowed: 0...addedFieldBytesMax,
        of: "addheader")
      report(.argument(problem), at: literal.range)
    }
    for case .literal(let text) in value.pieces {
      let lines = text.utf8.filter { $0 != 10 && $0 != 13 }
      let checked = file.isPolicy ? text : String(decoding: lines, as: UTF8.self)
      let control = Literals.control(in: checked)
      guard let control else { continue }
      report(.literal(.headerValueControl(control)), at: literal.range)
    }
    return value
  }

  /// `:index n`, from 1; 0 when it is not there.
  mutating func index(of call: Call, tag: String = "index") -> UInt32 {
    guard let number = call.tag(tag)?.number else { return 0 }
    let allowed = 1...1_000_000
    if !allowed.contains(number.value) {
      let problem = ArgumentProblem.outOfRange(
        ":" + tag, value: number.value, allowed: allowed, of: call.name.text)
      report(.argument(problem), at: number.range)
    }
    return UInt32(clamping: number.value)
  }
}
