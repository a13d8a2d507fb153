// A configuration file to its settings. All mistakes of a file are found in one go, and said as
// those of policies are; a mistake in one setting does not hide those of another.

import RuleBytecode

/// What became of a configuration.
package struct ConfigurationCheck: Sendable {
  /// Nil when there is an error; warnings alone leave it.
  package let configuration: CheckedConfiguration?
  package let diagnostics: Diagnostics
}

package struct SettingReader {
  private var context: CheckContext
  private var found: [String: [ConfiguredSetting]] = [:]
  private var firstPlaces: [String: SourceRange] = [:]
  private var listeners: [String: SourceRange] = [:]

  /// Checks the first file of `sources`; with none, gives what holds without a file.
  package static func check(_ sources: SourceSet) -> ConfigurationCheck {
    var reader = SettingReader(sources)
    if let source = sources.files.first {
      let script = Parser.parse(
        source, file: 0, limits: .standard, vocabulary: SettingSheet.vocabulary,
        diagnostics: &reader.context.diagnostics)
      for command in script.commands { reader.read(command) }
      reader.compare()
    }
    let diagnostics = reader.context.diagnostics
    return ConfigurationCheck(
      configuration: diagnostics.hasErrors ? nil : reader.completed, diagnostics: diagnostics)
  }

  private init(_ sources: SourceSet) {
    context = CheckContext(sources: sources, diagnostics: Diagnostics())
  }

  private mutating func read(_ command: Command) {
    let name = command.name.text
    guard let setting = SettingSheet.byName[name], let signature = SettingSheet.signatures[name]
    else { return reportUnknown(command) }
    if !setting.repeats, let first = firstPlaces[name] {
      context.report(
        .configuration(.setTwice(name)), at: command.name.range,
        notes: [.init(.first(quoted(name)), at: first)])
    }
    firstPlaces[name] = firstPlaces[name] ?? command.name.range
    guard let call = ArgumentBinder.bind(command, signature, &context) else { return }
    if setting.value == nil, !setting.isSwitch, call.tags.isEmpty {
      context.report(
        .argument(.missing("value", expected: .tag, of: name)), at: call.name.range)
      return
    }
    var configured = setting.standard
    configured.place = call.name.range
    if setting.isSwitch { configured.members[SettingSheet.switchName] = .flag(true) }
    if let argument = setting.value, let given = call.positional.first ?? nil {
      configured.members[argument.name] = value(given, argument, of: name)
    }
    for tag in call.tags {
      guard let argument = setting.tags.first(where: { $0.name == tag.name }) else { continue }
      configured.members[tag.name] =
        argument.form == .flag ? .flag(true) : tag.value.flatMap { value($0, argument, of: name) }
    }
    if name == "listen" { checkListener(call, configured) }
    found[name, default: []].append(configured)
  }

  /// A command of policies is at the wrong place; anything else is a slip.
  private mutating func reportUnknown(_ command: Command) {
    let name = command.name.text
    let known = SettingSheet.all.map(\.name)
    let nearest = ForeignWords.settings[name] ?? context.nearest(to: name, among: known)
    let isOfPolicies =
      Vocabulary.language.commands.contains(name) || Vocabulary.language.tests.contains(name)
    if isOfPolicies {
      context.report(.configuration(.ofPolicies(name)), at: command.name.range)
    } else {
      context.report(.name(.unknownCommand(name, nearest: nearest)), at: command.name.range)
    }
  }

  private mutating func value(
    _ given: Argument, _ argument: SettingArgument, of name: String
  ) -> SettingValue? {
    let label = argument.name == SettingSheet.valueName ? name : ":" + argument.name
    if case .number(let literal) = given.value {
      guard case .number(let allowed) = argument.form else { return nil }
      if allowed.contains(literal.value) { return .number(literal.value) }
      context.report(
        .argument(.outOfRange(label, value: literal.value, allowed: allowed, of: name)),
        at: literal.range)
      return nil
    }
    let literals = given.strings ?? []
    let texts = literals.compactMap { text($0, argument.form, label) }
    if argument.isList { return texts.count == literals.count ? .texts(texts) : nil }
    return texts.first.map(SettingValue.text)
  }

  private mutating func text(
    _ literal: StringLiteral, _ form: SettingForm, _ label: String
  ) -> String? {
    if case .word(let known) = form {
      if known.contains(literal.value) { return literal.value }
      let nearest = context.nearest(to: literal.value, among: known)
      context.report(
        .name(.unknownValue(literal.value, of: label, nearest: nearest, known: known)),
        at: literal.range)
      return nil
    }
    if let problem = form.problem(with: literal.value, of: label) {
      context.report(problem, at: literal.range)
      return nil
    }
    guard form == .path else { return literal.value }
    return context.sources.file(of: literal.range)?.resolve(literal.value) ?? literal.value
  }

  // MARK: Listeners

  /// Tags of listeners that have a file: `SO_PEERCRED`, which `control` needs, is of those too.
  private static let ofUnix: Set = ["mode", "group", "control"]

  private mutating func checkListener(_ call: Call, _ configured: ConfiguredSetting) {
    guard case .text(let address) = configured[SettingSheet.valueName],
      let literal = call.string(0)
    else { return }
    if let first = listeners[address] {
      context.report(
        .configuration(.sameListener(address)), at: literal.range,
        notes: [.init(.first(quoted(address)), at: first)])
    }
    listeners[address] = listeners[address] ?? literal.range
    let isUnix = address.hasPrefix("unix:")
    for tag in call.tags where isUnix ? tag.name == "remote" : Self.ofUnix.contains(tag.name) {
      context.report(
        .configuration(.tagOfOtherListener(tag.name, isUnix: isUnix)), at: tag.range)
    }
    guard !isUnix, !SettingForm.isLoopback(address) else { return }
    if call.has("metrics") {
      context.report(.configuration(.figuresElsewhere(address)), at: literal.range)
    } else if !call.has("remote") {
      context.report(.configuration(.reachable(address)), at: literal.range)
    }
  }

  // MARK: All together

  /// What no single setting can tell.
  private mutating func compare() {
    let milters = found["listen", default: []].filter { !Self.isForOthers($0) }
    if found["engine"]?.first?[SettingSheet.valueName] == .text("libmilter"), milters.count > 1,
      let place = milters[1].place
    {
      context.report(.configuration(.oneListener), at: place)
    }
    if let submit = found["submit"]?.first, submit["credentials"] != .none,
      submit["tls"] == .text("off"), let place = submit.place
    {
      context.report(.configuration(.credentialsInClear), at: place)
    }
    if let memory = found["memory"]?.first, memory[SettingSheet.valueName] == .text("sqlite"),
      let tag = ["secret", "user"].first(where: { memory[$0] != .none }), let place = memory.place
    {
      context.report(.configuration(.tagOfRedis(tag)), at: place)
    }
    if let overload = found["overload"]?.first,
      overload[SettingSheet.valueName] == .text("accept"), let place = overload.place
    {
      context.report(.configuration(.overloadAccepts), at: place)
    }
  }

  /// Not for the mail servers' mail.
  private static func isForOthers(_ listener: ConfiguredSetting) -> Bool {
    ["socketmap", "control", "metrics"].contains { listener[$0] == .flag(true) }
  }

  /// With what holds for settings that are not there. A configuration whose listeners are all for
  /// others still listens for mail servers.
  private var completed: CheckedConfiguration {
    var all = found
    for setting in SettingSheet.all where all[setting.name] == nil {
      all[setting.name] = [setting.standard]
    }
    if let listen = SettingSheet.byName["listen"],
      all["listen"]?.allSatisfy(Self.isForOthers) == true
    {
      all["listen"]?.append(listen.standard)
    }
    return CheckedConfiguration(settings: all)
  }
}
