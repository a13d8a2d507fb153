// What a setting of the daemon's configuration looks like, as data: the reader checks files against
// it; the manual page, the example and the daemon's own defaults are tested against it.

/// What a value must look like. What exists on this machine is looked at by the daemon, not here.
package enum SettingForm: Equatable, Sendable {
  /// One of these.
  case word([String])
  case number(ClosedRange<Int>)
  /// One line without controls.
  case line
  /// A path, from the folder of the configuration file.
  case path
  /// Octal digits.
  case fileMode
  /// `unix:PATH`, `inet:PORT@HOST` or `inet6:PORT@HOST`.
  case listener
  case host
  /// An address, with a port or without.
  case nameServer
  /// `HOST:PORT`, `[IPV6]:PORT` or `unix:PATH`.
  case mailServer
  /// `sqlite`, or `redis:` and a socket.
  case memory
  /// A word that keys begin with.
  case keyPrefix
  /// The name or number of a user or a group.
  case account
  /// Whose mail is traced: `client=NET sender=A recipient=A rule=NAME share=1/N`.
  case traceFilter
  /// A tag that stands alone.
  case flag
}

package enum SettingValue: Equatable, Sendable {
  case none
  case text(String)
  case texts([String])
  case number(Int)
  case flag(Bool)
}

/// A value of a setting: the one behind its name, or that of a tag.
package struct SettingArgument: Sendable {
  package let name: String
  package let form: SettingForm
  /// Several, as a list.
  package let isList: Bool
  /// What holds when it is not said; nil when it must be.
  package let standard: SettingValue?
  /// Tags of one group exclude each other.
  package let group: String?
  package let meaning: String

  init(
    _ name: String, _ form: SettingForm, isList: Bool = false,
    standard: SettingValue? = SettingValue.none,
    group: String? = nil, _ meaning: String
  ) {
    self.name = name
    self.form = form
    self.isList = isList
    self.standard = form == .flag ? .flag(false) : standard
    self.group = group
    self.meaning = meaning
  }
}

package struct Setting: Sendable {
  package let name: String
  /// In one line.
  package let meaning: String
  /// Behind the name.
  package let value: SettingArgument?
  package let tags: [SettingArgument]
  /// It may stand several times.
  package let repeats: Bool
  /// Standing there, it is on.
  package let isSwitch: Bool

  init(
    _ name: String, _ meaning: String, value: SettingArgument? = nil,
    tags: [SettingArgument] = [], repeats: Bool = false, isSwitch: Bool = false
  ) {
    self.name = name
    self.meaning = meaning
    self.value = value
    self.tags = tags
    self.repeats = repeats
    self.isSwitch = isSwitch
  }

  /// How it is when no file says it.
  var standard: ConfiguredSetting {
    var members = (tags + [value].compactMap { $0 }).map { ($0.name, $0.standard ?? .none) }
    if isSwitch { members.append((SettingSheet.switchName, .flag(false))) }
    return ConfiguredSetting(members: Dictionary(uniqueKeysWithValues: members), place: nil)
  }
}

/// One setting as it is: every member that it can have.
package struct ConfiguredSetting: Equatable, Sendable {
  package var members: [String: SettingValue]
  /// Where it stands; nil for what no file says.
  package var place: SourceRange?

  package subscript(name: String) -> SettingValue { members[name] ?? .none }
}

/// A configuration without mistakes, complete with what it leaves out.
package struct CheckedConfiguration: Equatable, Sendable {
  package internal(set) var settings: [String: [ConfiguredSetting]]

  /// The one setting of that name; the first of several.
  package subscript(name: String) -> ConfiguredSetting? { settings[name]?.first }
}
