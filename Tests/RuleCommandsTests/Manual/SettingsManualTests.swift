// The manual page of the configuration: no mistake that mandoc finds, and a chapter made from the
// sheet of settings. DEFANG_RECORD=1 writes the chapter anew and fails that run.

import ManualKit
import RuleCompiler
import Testing

struct SettingsManualTests {
  private let page = ManualPage("defangd.conf.5")

  @Test func mandocFindsNoFault() throws {
    #expect(try page.faults() == "")
  }

  @Test func settingsAreThoseOfTheSheet() throws {
    let made = ".Bl -tag -width Ds\n" + SettingSheet.all.map(Self.item).joined() + ".El\n"
    #expect(try page.complaint(unlessMadePartIs: made) == nil)
  }

  private static func item(_ setting: Setting) -> String {
    var head = ".It Ic \(setting.name)"
    if let value = setting.value { head += " Ar \(word(value))\(value.isList ? " ..." : "")" }
    var lines = [head, setting.meaning]
    if let value = setting.value { lines += [value.meaning] + range(value) + standard(value) }
    if !setting.tags.isEmpty {
      lines.append(".Bl -tag -width Ds -compact")
      for tag in setting.tags {
        lines.append(".It Cm :\(tag.name)" + (tag.form == .flag ? "" : " Ar \(word(tag))"))
        lines += [tag.meaning] + range(tag) + standard(tag)
      }
      lines.append(".El")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func word(_ argument: SettingArgument) -> String {
    switch argument.form {
    case .word, .flag: "word"
    case .number: "number"
    case .line: "text"
    case .path: "path"
    case .fileMode: "mode"
    case .listener, .nameServer, .mailServer: "address"
    case .host: "host"
    case .memory: "place"
    case .keyPrefix: "prefix"
    case .account: "name"
    case .traceFilter: "filter"
    }
  }

  private static func range(_ argument: SettingArgument) -> [String] {
    switch argument.form {
    case .word(let known): ["One of " + known.joined(separator: ", ") + "."]
    case .number(let range): ["From \(range.lowerBound) to \(range.upperBound)."]
    default: []
    }
  }

  private static func standard(_ argument: SettingArgument) -> [String] {
    switch argument.standard {
    case .text(let text): ["Default: \(text)."]
    case .number(let number): ["Default: \(number)."]
    case .texts(let texts) where !texts.isEmpty: ["Default: \(texts.joined(separator: ", "))."]
    default: []
    }
  }
}
