// Reading texts: which fact, variable or match variable each `${…}` is, and whether it is known
// here.

import RuleBytecode

/// What a name in `${…}` or in the test `fact` stands for.
enum FactReference: Sendable {
  case fact(Fact)
  case named(FactFamily, String)

  var phases: PhaseSet {
    switch self {
    case .fact(let fact): fact.info.phases
    case .named(let family, _): family.phases
    }
  }

  var isKnownInTimer: Bool {
    switch self {
    case .fact(let fact): TimerRights.facts.contains(fact)
    case .named(let family, _): TimerRights.families.contains(family)
    }
  }
}

extension CheckContext {
  /// Whether `${…}` mean something in this file.
  private var hasVariables: Bool {
    file.isPolicy || file.capabilities.contains("variables") || file.isRequireUnsure
  }

  /// A text of the policy. Mistakes in it are reported; it can be used all the same.
  mutating func text(_ given: StringLiteral) -> TextValue {
    let literal = decoded(given)
    let references = hasVariables ? TextScanner.references(in: literal.value) : []
    if references.isEmpty { return TextValue(literal.value) }
    let bytes = Array(literal.value.utf8)
    var pieces: [TextPiece] = []
    var end = 0
    for reference in references {
      // RFC 5229 §3: what is no variable stands for itself. Ours says so instead.
      guard let name = reference.name else {
        if file.isPolicy {
          let text = String(decoding: bytes[reference.range], as: UTF8.self)
          report(.literal(.badVariable(text)), at: place(of: reference.range, in: literal))
          pieces.append(.group(0))
          hasHoles = true
        }
        continue
      }
      append(bytes[end..<reference.range.lowerBound], to: &pieces)
      end = reference.range.upperBound
      let place = place(of: reference.range, in: literal)
      // What could not be resolved is reported; a piece in its place keeps the text from looking
      // constant, and with that from drawing a second complaint.
      pieces.append(resolve(name, at: place) ?? .group(0))
    }
    append(bytes[end...], to: &pieces)
    return TextValue(pieces: pieces)
  }

  /// A text that must be known now; `${…}` in it is reported.
  mutating func constant(
    _ given: StringLiteral, _ label: String, of name: String
  ) -> String? {
    let literal = decoded(given)
    let references = hasVariables ? TextScanner.references(in: literal.value) : []
    guard let first = references.first(where: { $0.name != nil || file.isPolicy }) else {
      return literal.value
    }
    let range = place(of: first.range, in: literal)
    if first.name == nil {
      let bytes = Array(literal.value.utf8)[first.range]
      report(.literal(.badVariable(String(decoding: bytes, as: UTF8.self))), at: range)
    } else {
      report(.argument(.notConstant(label, of: name)), at: range)
    }
    return nil
  }

  /// Where a piece of a string's value stands in the source.
  func place(of piece: Range<Int>, in literal: StringLiteral) -> SourceRange {
    if literal.isDecoded { return literal.range }
    return sources.file(of: literal.range)?.range(ofValue: piece, in: literal) ?? literal.range
  }

  private func append(_ bytes: ArraySlice<UInt8>, to pieces: inout [TextPiece]) {
    if !bytes.isEmpty { pieces.append(.literal(String(decoding: bytes, as: UTF8.self))) }
  }

  // MARK: Names

  private mutating func resolve(_ name: String, at range: SourceRange) -> TextPiece? {
    if let first = name.utf8.first, first >= 48 && first <= 57 {
      return group(name, at: range)
    }
    let folded = name.lowercasedASCII
    if file.isPolicy, folded.contains(".") || Fact.named(folded) != nil {
      return fact(name, at: range).map {
        switch $0 {
        case .fact(let fact): .fact(fact, loop: loop(of: fact))
        case .named(let family, let name): .named(family, name)
        }
      }
    }
    if let piece = suiteFact(folded) { return piece }
    if folded.contains("."), !(hasGlobals && folded.hasPrefix(CommandGlobal.space)) {
      unknownFact(folded, at: range)
      return nil
    }
    return variable(folded, at: range).map { .variable($0) }
  }

  /// The fact of that name, if there is one and it is known in this phase.
  mutating func fact(_ name: String, at range: SourceRange) -> FactReference? {
    let folded = name.lowercasedASCII
    var found = Fact.named(folded).map { FactReference.fact($0) }
    for family in FactFamily.allCases where folded.hasPrefix(family.prefix) {
      let own = String(name.dropFirst(family.prefix.count))
      // Macro names are case-sensitive, ESMTP parameters are not (RFC 5321 §4.1.1.11).
      if !own.isEmpty { found = .named(family, family.isOfESMTP ? own.uppercasedASCII : own) }
    }
    guard let found else {
      unknownFact(folded, at: range)
      return nil
    }
    guard let found = declaredFact(found, at: range) else { return nil }
    guard allowInTimer(folded, found.isKnownInTimer, at: range) else { return nil }
    var phases = found.phases
    if case .fact(let fact) = found, loop(of: fact) != nil { phases = fact.phases(inLoop: true) }
    if case .named(.rcptArgument, _) = found {
      phases = PhaseSet([recipientLoop == nil ? .rcpt : .eom])
    }
    let isKnown = limit(to: phases, as: folded, at: range) {
      .factNotKnown(folded, phase: $0.name, known: phases.phases.map(\.name))
    }
    guard isKnown else { return nil }
    if case .fact(.direction) = found, !knowsOwn(for: folded, at: range) { return nil }
    noteCheck(of: found, as: folded, at: range)
    return found
  }

  /// A fact of something declared, under the name of its declaration.
  private mutating func declaredFact(
    _ fact: FactReference, at range: SourceRange
  ) -> FactReference? {
    guard case .named(let family, let name) = fact else { return fact }
    switch family {
    case .macro, .senderArgument, .rcptArgument: return fact
    case .switch: return declaredFact(.switch, name, field: "", .switch, at: range)
    case .scan:
      let known = FactFamily.scanFields
      guard let dot = name.lastIndex(of: ".") else {
        // One half is missing: the scanner before a field, or the field.
        let scanners = names.places.keys.filter { $0.kind == .scanner }.map(\.name)
        let right =
          known.contains(name.lowercasedASCII)
          ? scanners.min().map { "scan.\($0).\(name)" } : "scan.\(name).result"
        report(.name(.unknownFact("scan." + name, nearest: right)), at: range)
        return nil
      }
      let field = name[dot...].lowercased()
      guard known.contains(String(field.dropFirst())) else {
        let nearest = nearest(to: String(field.dropFirst()), among: known)
        let problem: NameProblem =
          nearest.map { .unknownFact("scan." + name, nearest: "scan.\(name[..<dot]).\($0)") }
          ?? .unknownValue(
            String(field.dropFirst()), of: "scan.\(name[..<dot])", nearest: nil, known: known)
        report(.name(problem), at: range)
        return nil
      }
      return declaredFact(.scanner, String(name[..<dot]), field: field, .scan, at: range)
    }
  }

  private mutating func declaredFact(
    _ kind: DeclarationKind, _ name: String, field: String, _ family: FactFamily,
    at range: SourceRange
  ) -> FactReference? {
    let name = spelled(name, kind)
    let known = names.places.keys.filter { $0.kind == kind }.map(\.name)
    if !known.contains(name), let nearest = nearest(to: name, among: known) {
      let (wrong, right) = (family.prefix + name + field, family.prefix + nearest + field)
      names.used.insert(DeclaredName(kind, nearest))
      report(.name(.unknownFact(wrong, nearest: right)), at: range)
      return nil
    }
    return declared(kind, name, at: range).map { .named(family, $0.name + field) }
  }

  /// Names in `${…}` are the same in upper and lower case; those of declarations are not.
  private func spelled(_ name: String, _ kind: DeclarationKind) -> String {
    if names.places[DeclaredName(kind, name)] != nil { return name }
    let folded = name.lowercasedASCII
    return names.places.keys.filter { $0.kind == kind && $0.name.lowercasedASCII == folded }
      .map(\.name).min() ?? name
  }

  private mutating func unknownFact(_ name: String, at range: SourceRange) {
    let known = Fact.allCases.map(\.name)
    let space = name.split(separator: ".", maxSplits: 1).first.map(String.init) ?? name
    let spaces = Set(
      (known + FactFamily.allCases.map(\.prefix)).compactMap {
        $0.split(separator: ".").first.map(String.init)
      })
    if !name.contains(".") || spaces.contains(space) {
      let nearest = ForeignWords.facts[name] ?? nearest(to: name, among: known)
      report(.name(.unknownFact(name, nearest: nearest)), at: range)
    } else if let meant = ForeignWords.facts[name] {
      report(.name(.unknownFact(name, nearest: meant)), at: range)
    } else {
      let nearest = nearest(to: space, among: spaces)
      // What is declared may be meant.
      hasHoles = true
      report(.name(.unknownNamespace(space, nearest: nearest)), at: range)
    }
  }

  // MARK: Match variables

  private mutating func group(_ name: String, at range: SourceRange) -> TextPiece? {
    guard let index = Int(name) else {
      report(.literal(.badVariable("${\(name)}")), at: range)
      return nil
    }
    // RFC 5229 §3.2: without a match, or beyond its groups, it is empty. Ours says so instead.
    guard file.isPolicy else {
      return use(group: index, of: ImageFormat.matchGroupsMax - 1, at: range)
    }
    guard let groups = captures.groups else {
      report(.literal(.captureWithoutMatch(index: index)), at: range)
      return nil
    }
    return use(group: index, of: groups, at: range)
  }

  private mutating func use(group index: Int, of most: Int, at range: SourceRange) -> TextPiece? {
    guard index <= most else {
      report(.literal(.captureBeyondGroups(index: index, groups: most)), at: range)
      return nil
    }
    capturedMatches.formUnion(captures.live)
    captures.live.removeAll(keepingCapacity: true)
    return .group(index)
  }

  // MARK: Variables

  /// The variable that a name means here: the innermost scope in which it is set.
  private mutating func variable(_ name: String, at range: SourceRange) -> VariableReference? {
    let name = keptName(name)
    names.readVariables.insert(name)
    guard let facts = names.variables[name] else {
      let isSwitch = names.places[DeclaredName(.switch, name)] != nil
      let nearest =
        isSwitch
        ? "switch." + name
        : ForeignWords.facts[name]
          ?? nearest(to: name, among: Array(names.variables.keys) + Fact.allCases.map(\.name))
      if isSwitch { names.used.insert(DeclaredName(.switch, name)) }
      // That the meant one is not read is no second mistake.
      if let nearest { names.readVariables.insert(nearest) }
      report(.declaration(.variableNeverSet(name, nearest: nearest)), at: range)
      return VariableReference(name: name, scope: .run)
    }
    guard let phase = place.phase else { return variable(name, facts, inDefinitionAt: range) }
    if facts.isSetInDefinition || facts.runPhases.contains(phase) {
      return VariableReference(name: name, scope: .run)
    }
    for scope in [VariableScope.recipient, .message, .session] where facts.scopes.contains(scope) {
      if phases(of: scope).contains(phase) { return VariableReference(name: name, scope: scope) }
    }
    reportUnseen(name, facts, phase, at: range)
    return nil
  }

  private mutating func reportUnseen(
    _ name: String, _ facts: VariableFacts, _ phase: Phase, at range: SourceRange
  ) {
    // Where it is set, that has been said.
    if facts.isMisplaced { return }
    if let scope = facts.scopes.min(by: { $0.rawValue < $1.rawValue }) {
      let possible = phases(of: scope).phases.map(\.name)
      let problem = PhaseProblem.scopeNotPossible(
        scope.name, phase: phase.name, possible: possible)
      report(.phase(problem), at: range, notes: [setNote(name, facts)])
      return
    }
    let setIn = facts.runPhases.phases.first ?? phase
    let scope: VariableScope = setIn < .mail ? .session : .message
    let problem = PhaseProblem.variableOfOtherPhase(
      name, phase: phase.name, setIn: setIn.name, scope: scope.name)
    report(
      .phase(problem), at: range, notes: [setNote(name, facts)],
      fixIts: widened(facts, to: scope))
  }

  /// The scope written into each `set` of the variable, where these are all of one phase.
  private func widened(_ facts: VariableFacts, to scope: VariableScope) -> [Diagnostic.FixIt] {
    guard facts.runPlaces.count == 1, let places = facts.runPlaces.first?.value,
      places.count <= Self.setsMendedMax
    else { return [] }
    return places.map { .init(replace: $0.start, with: ":\(scope.name) ") }
  }

  /// More than a person changes in one go.
  private static let setsMendedMax = 20

  private func setNote(_ name: String, _ facts: VariableFacts) -> Diagnostic.Note {
    let phase = facts.runPhases.phases.first
    let range = phase.flatMap { facts.runPlaces[$0]?.first } ?? facts.first
    return .init(.set(name, phase: phase?.name), at: range)
  }

  /// Where variables of a scope can be set and read: those of a recipient in its own run, and in
  /// a loop over recipients.
  func phases(of scope: VariableScope) -> PhaseSet {
    guard scope == .recipient else { return scope.phases }
    return PhaseSet([recipientLoop == nil ? .rcpt : .eom])
  }

  /// In a definition the phase is not known yet: a wider scope before the run's own.
  private mutating func variable(
    _ name: String, _ facts: VariableFacts, inDefinitionAt range: SourceRange
  ) -> VariableReference? {
    if facts.isSetInDefinition { return VariableReference(name: name, scope: .run) }
    for scope in [VariableScope.message, .session, .recipient] where facts.scopes.contains(scope) {
      limit(to: phases(of: scope), as: name, at: range) { _ in
        .scopeNotPossible(scope.name, phase: "", possible: [])
      }
      return VariableReference(name: name, scope: scope)
    }
    limit(to: facts.runPhases, as: name, at: range) { _ in
      .scopeNotPossible(VariableScope.run.name, phase: "", possible: [])
    }
    return VariableReference(name: name, scope: .run)
  }
}
