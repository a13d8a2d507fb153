// `defang-rulec settings`: the daemon's configuration, checked and complete. The daemon, which
// links no compiler, reads what is printed here.
internal import ArgumentParser
internal import JSONOutput
internal import RuleCompiler

struct SettingsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "settings",
    abstract: "Check a configuration of defangd and print its settings as JSON.",
    discussion: """
      The object has every setting, sorted by name, with what holds for those that the
      file leaves out; "at" is where a setting stands. Without a file it shows what holds
      without one. What exists on this machine, defangd --check-config looks at.

      Examples:
        defang-rulec settings /etc/defang/defangd.conf
        defang-rulec settings --check contrib/defangd.conf
        defang-rulec settings

      Exit status: 0 fine, 65 there are mistakes, 66 the file cannot be read, 78 others
      may write it.
      """)

  @Flag(help: "Print diagnostics only; silent when the configuration is fine.")
  var check = false

  @OptionGroup var trust: FileGuard.Options

  @ArgumentParser.Argument(help: "The configuration; '-' is standard input.")
  var file: String?

  func run() throws {
    let sources = try PolicyFiles.sources(
      [file].compactMap { $0 }, guard: trust.guardian)
    let result = SettingReader.check(sources)
    let style: DiagnosticPrinter.Style = Output.isColourWanted ? .colour : .plain
    Output.error(DiagnosticPrinter(sources: sources, style: style).text(result.diagnostics))
    guard let configuration = result.configuration else { throw Exit.badData }
    if !check { Output.out(SettingsJSON.text(configuration, sources)) }
  }
}

enum SettingsJSON {
  static func text(_ configuration: CheckedConfiguration, _ sources: SourceSet) -> String {
    let members = configuration.settings.sorted { $0.key < $1.key }.map { name, entries in
      let values = entries.map { entry($0, sources) }
      let repeats = SettingSheet.byName[name]?.repeats == true
      return (name, repeats ? .list(values) : values.first ?? .null)
    }
    return OrderedJSON.object(members).line + "\n"
  }

  private static func entry(_ setting: ConfiguredSetting, _ sources: SourceSet) -> OrderedJSON {
    var members = setting.members.map { ($0.key, json($0.value)) }
    members.append(("at", .text(orNull: setting.place.map { place(of: $0, sources) })))
    return .object(members.sorted { $0.0 < $1.0 })
  }

  private static func place(of range: SourceRange, _ sources: SourceSet) -> String {
    let place = DiagnosticRecord.Place(range, sources: sources)
    return "\(place.file):\(place.line):\(place.column)"
  }

  private static func json(_ value: SettingValue) -> OrderedJSON {
    switch value {
    case .none: .null
    case .text(let text): .text(text)
    case .texts(let texts): .texts(texts)
    case .number(let number): .number(number)
    case .flag(let flag): .truth(flag)
    }
  }
}
