// The example of a configuration, contrib/defangd.conf: it is right as it stands and with all of
// its settings in force, and names everything there is.

import Foundation
import Testing

@testable import RuleCompiler

struct SettingsExampleTests {
  private static let text: String = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return (try? String(contentsOf: root.appending(path: "contrib/defangd.conf"), encoding: .utf8))
      ?? ""
  }()

  /// Each example in force: a line that begins with '#' and no blank, with those that go on behind
  /// it.
  private static let examples: [String] = {
    var found: [String] = []
    for line in text.split(separator: "\n") where line.hasPrefix("#") {
      let rest = line.dropFirst()
      if rest.first?.isLetter == true {
        found.append(String(rest))
      } else if rest.hasPrefix("  :"), !found.isEmpty {
        found[found.count - 1] += rest
      }
    }
    return found
  }()

  @Test func standsAsItIs() {
    let checked = CheckedSettings(Self.text)
    #expect(checked.codes == [])
    #expect(
      checked.check.configuration?.settings == CheckedSettings(nil).check.configuration?.settings)
  }

  @Test(arguments: examples) func exampleIsRight(_ example: String) {
    #expect(CheckedSettings(example).codes == [])
  }

  @Test func namesEverything() {
    for setting in SettingSheet.all {
      let own = Self.examples.filter { $0.hasPrefix(setting.name) }
      #expect(!own.isEmpty, "'\(setting.name)' is not in contrib/defangd.conf")
      for tag in setting.tags {
        #expect(
          own.contains { $0.contains(":\(tag.name)") },
          "':\(tag.name)' of '\(setting.name)' is not in contrib/defangd.conf")
      }
    }
  }

  /// What is shown first is what holds anyway.
  @Test func showsWhatHolds() throws {
    for setting in SettingSheet.all where !setting.isSwitch {
      let example = try #require(Self.examples.first { $0.hasPrefix(setting.name) })
      let shown = try #require(CheckedSettings(example).check.configuration?[setting.name])
      for argument in setting.tags + [setting.value].compactMap({ $0 }) {
        switch argument.standard {
        case .text, .number: #expect(shown[argument.name] == argument.standard, "\(example)")
        default: break
        }
      }
    }
  }
}
