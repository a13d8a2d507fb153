// What a file of this directory declares: one declaration of the language, what it says as words,
// and how the rest of the checker finds it by name.

import RuleBytecode

/// A declaration of the language: something under a name, or a setting of the whole policy.
protocol DeclarationCommand: Sendable {
  static var signature: Signature { get }
  static var role: DeclarationRole { get }
  /// What its last argument names; nil for what stands once in a policy.
  static var kind: DeclarationKind? { get }
  /// Its name is the first argument; else it is the last.
  static var isNamedFirst: Bool { get }
  /// What it says, as the image keeps it; nil when a mistake was reported.
  static func check(_ call: Call, _ context: inout CheckContext) -> [DeclaredValue]?
}

extension DeclarationCommand {
  static var kind: DeclarationKind? { nil }
  static var isNamedFirst: Bool { false }
}

/// One of the things that a declaration says. Several may have the same name: a list.
struct DeclaredValue: Equatable, Sendable {
  let name: String
  let value: String

  init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// A declaration that was checked.
struct CheckedDeclaration: Sendable {
  let role: DeclarationRole
  /// Empty for what has no name.
  let name: String
  let range: SourceRange
  let values: [DeclaredValue]

  /// The first value of that name.
  func value(_ name: String) -> String? { values.first { $0.name == name }?.value }

  func values(_ name: String) -> [String] { values.filter { $0.name == name }.map(\.value) }
}

/// A name among those of its kind: a table and a scanner may share one.
struct DeclaredName: Hashable, Sendable {
  let kind: DeclarationKind
  let name: String

  init(_ kind: DeclarationKind, _ name: String) {
    self.kind = kind
    self.name = name
  }
}

extension DeclarationKind {
  /// The command that declares it.
  var command: String { self == .define ? "define" : rawValue }

  /// What the command of that name declares.
  init?(command: String) {
    switch command {
    case "define": self = .define
    case "table": self = .table
    default:
      guard let kind = Registry.declarations[command]?.kind else { return nil }
      self = kind
    }
  }

  func note(_ name: String) -> Diagnostic.Note.Reason { .declared("\(command) \"\(name)\"") }
}

extension CheckContext {
  // MARK: Using what is declared

  /// The declaration of that name, for whoever uses it: `scan "clamav"`, `save_copy :store "x"`. A
  /// name that is not declared, or only further down, is reported.
  mutating func declared(
    _ kind: DeclarationKind, _ name: String, at range: SourceRange
  ) -> CheckedDeclaration? {
    let key = DeclaredName(kind, name)
    names.used.insert(key)
    if let declaration = names.declarations[key] { return declaration }
    reportMissing(kind, name, at: range)
    return nil
  }

  /// The same for a name that a call has as a string: it must be constant.
  mutating func declared(
    _ kind: DeclarationKind, _ literal: StringLiteral?, _ label: String, of call: String
  ) -> CheckedDeclaration? {
    guard let literal, let name = constant(literal, label, of: call) else { return nil }
    return declared(kind, name, at: literal.range)
  }

  /// The declaration of a role that stands once, wherever it does: `own`, `on_mixed`, `settings`.
  func declared(_ role: DeclarationRole) -> CheckedDeclaration? {
    names.declarationOrder.first { $0.role == role }
  }

  /// Whether a statement of that name stands anywhere in the policy, checked already or not.
  func isWritten(_ role: DeclarationRole) -> Bool { names.written.contains(role.name) }

  /// Says why a name cannot be used: there is none, or only behind this place.
  mutating func reportMissing(_ kind: DeclarationKind, _ name: String, at range: SourceRange) {
    let key = DeclaredName(kind, name)
    // A declaration with a mistake of its own has been reported.
    if names.checked.contains(key) || names.damagedKinds.contains(kind) { return }
    guard let declared = names.places[key] else {
      let known = names.places.keys.filter { $0.kind == kind }.map(\.name)
      let nearest = nearest(to: name, among: known)
      if let nearest { names.used.insert(DeclaredName(kind, nearest)) }
      report(.declaration(.undefined(name, kind: kind, nearest: nearest)), at: range)
      return
    }
    report(
      .declaration(.usedBeforeDefinition(name, kind: kind)), at: range,
      notes: [.init(kind.note(name), at: declared)])
  }

  // MARK: Declaring

  /// What a declaration names, right or wrong, is not missing. A damaged one may have been meant to
  /// name anything.
  mutating func noteDeclaration(_ command: Command) {
    guard let kind = DeclarationKind(command: command.name.text) else { return }
    if command.isDamaged { names.damagedKinds.insert(kind) }
    if let literal = Registry.nameLiteral(of: command) {
      names.checked.insert(DeclaredName(kind, literal.value))
    }
  }

  /// A declaration under a mistyped command is one mistake: what it names counts as declared.
  mutating func adoptDeclaration(_ command: Command) {
    guard let meant = nearest(to: command.name.text, among: Registry.topLevel),
      let name = command.arguments.items.last?.strings?.first?.value
    else { return }
    if let kind = DeclarationKind(command: meant) { names.checked.insert(DeclaredName(kind, name)) }
  }

  mutating func declare(_ command: Command, _ declaration: any DeclarationCommand.Type) {
    guard let call = ArgumentBinder.bind(command, declaration.signature, &self) else {
      hasHoles = true
      if let kind = declaration.kind, let literal = Registry.nameLiteral(of: command) {
        names.checked.insert(DeclaredName(kind, literal.value))
      }
      // With its arguments in another order, the name may be any of its strings.
      if let kind = declaration.kind {
        let items = command.arguments.items + command.arguments.tests.flatMap(\.arguments.items)
        for item in items.compactMap(\.strings) where item.count == 1 {
          names.checked.insert(DeclaredName(kind, item[0].value))
        }
      }
      return
    }
    let place: (name: String, range: SourceRange)?
    if let kind = declaration.kind {
      let index = declaration.isNamedFirst ? 0 : declaration.signature.positional.count - 1
      place = call.string(index).flatMap { takeName($0, kind) }
    } else {
      place = once(call, declaration.role)
    }
    let values = declaration.check(call, &self)
    guard let place, let values else {
      hasHoles = true
      return
    }
    let checked = CheckedDeclaration(
      role: declaration.role, name: place.name, range: place.range, values: values)
    if let kind = declaration.kind {
      names.declarations[DeclaredName(kind, place.name)] = checked
    }
    names.declarationOrder.append(checked)
  }

  /// Takes a name for a declaration; nil when it cannot be one, or is one already.
  mutating func takeName(
    _ literal: StringLiteral, _ kind: DeclarationKind
  ) -> (name: String, range: SourceRange)? {
    guard let name = constant(literal, "name", of: kind.command) else { return nil }
    let key = DeclaredName(kind, name)
    let isFirst = names.checked.insert(key).inserted
    guard Literals.isDeclaredName(name) else {
      report(.literal(.badName(name, kind: kind)), at: literal.range)
      return nil
    }
    guard isFirst else {
      let note = names.places[key].map { [Diagnostic.Note(kind.note(name), at: $0)] } ?? []
      report(
        .declaration(.duplicateName(name, kind: kind)), at: literal.range, notes: note)
      return nil
    }
    return (name, literal.range)
  }

  /// What stands once in a policy: a second one is reported.
  private mutating func once(
    _ call: Call, _ role: DeclarationRole
  ) -> (name: String, range: SourceRange)? {
    let range = call.name.range
    guard let first = declared(role) else { return ("", range) }
    report(
      .declaration(.standsTwice(role.name)), at: range,
      notes: [.init(.declared(role.name), at: first.range)])
    return nil
  }

  // MARK: What declarations say

  /// The constant text of a tag.
  mutating func constant(_ call: Call, _ tag: String) -> String? {
    guard let literal = call.tag(tag)?.string else { return nil }
    return constant(literal, ":" + tag, of: call.name.text)
  }

  /// One word of a fixed list.
  mutating func word(_ call: Call, _ tag: String, _ known: [String]) -> String? {
    guard let literal = call.tag(tag)?.string, let word = constant(call, tag) else { return nil }
    if known.contains(word) { return word }
    let nearest = nearest(to: word, among: known)
    report(
      .name(.unknownValue(word, of: ":" + tag, nearest: nearest, known: known)), at: literal.range)
    return nil
  }

  /// The number of a tag, when it is in range.
  mutating func number(_ call: Call, _ tag: String, in range: ClosedRange<Int>) -> Int? {
    guard let literal = call.tag(tag)?.number else { return nil }
    if range.contains(literal.value) { return literal.value }
    let problem = ArgumentProblem.outOfRange(
      ":" + tag, value: literal.value, allowed: range, of: call.name.text)
    report(.argument(problem), at: literal.range)
    return nil
  }

  /// A path, from the folder of the file that names it.
  mutating func path(_ literal: StringLiteral, _ label: String, of name: String) -> String? {
    guard let text = constant(literal, label, of: name) else { return nil }
    guard Literals.isPath(text) else {
      report(.literal(.path(text)), at: literal.range)
      return nil
    }
    return sources.file(of: literal.range)?.resolve(text) ?? text
  }

  /// Names of tables, as `"table:x"`, of one of these types.
  mutating func tables(
    _ literals: [StringLiteral], _ types: [TableType], of name: String
  ) -> [String]? {
    var found: [String] = []
    for literal in literals {
      guard let text = constant(literal, "table name", of: name),
        let bare = tableName(text, of: name, at: literal.range),
        let table = table(bare, at: literal.range, of: types)
      else { return nil }
      // It is asked while a rule runs, which does not wait for it.
      guard !table.source.isOutside else {
        report(
          .declaration(
            .wrongTableType(
              bare, type: table.source.name, wanted: [":inline", ":file"])), at: literal.range)
        return nil
      }
      found.append(table.name)
    }
    return found
  }
}
