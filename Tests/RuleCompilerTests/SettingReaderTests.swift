// The daemon's configuration: wrong files with the diagnostics they must give, right ones, what
// holds without a file, and ranges at their ends.

import Foundation
import Testing

@testable import RuleCompiler

/// A configuration, checked.
struct CheckedSettings {
  let check: ConfigurationCheck
  let sources: SourceSet

  init(_ text: String?) {
    var sources = SourceSet()
    if let text {
      _ = sources.add(
        SourceFile(name: "defangd.conf", directory: "/etc/defang", bytes: Array(text.utf8)))
    }
    self.sources = sources
    check = SettingReader.check(sources)
  }

  /// `C001 3:1`, sorted by place.
  var codes: [String] {
    check.diagnostics.shown.compactMap { diagnostic in
      let place = sources.file(of: diagnostic.range)?
        .position(ofByte: diagnostic.range.bytes.lowerBound)
      return place.map { "\(diagnostic.problem.code.rawValue) \($0.line):\($0.column)" }
    }
  }
}

struct SettingReaderTests {
  private static func files(_ folder: String) -> [CorpusFile] {
    let url = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Settings/\(folder)")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    return names.filter { $0.hasSuffix(".conf") }.sorted().map { name in
      let text = (try? String(contentsOf: url.appending(path: name), encoding: .utf8)) ?? ""
      return CorpusFile(name: name, text: text)
    }
  }

  static let wrong = files("Wrong")
  static let right = files("Right")

  @Test(arguments: wrong) func wrongFile(_ file: CorpusFile) {
    let checked = CheckedSettings(file.text)
    #expect(!file.expected.isEmpty)
    #expect(checked.codes.sorted() == file.expected.sorted())
    #expect((checked.check.configuration == nil) == checked.check.diagnostics.hasErrors)
  }

  @Test(arguments: right) func rightFile(_ file: CorpusFile) {
    let checked = CheckedSettings(file.text)
    #expect(checked.codes == [])
    #expect(checked.check.configuration?.settings.count == SettingSheet.all.count)
  }

  @Test func everyCodeOfTheFamilyIsReached() {
    let reached = Set(Self.wrong.flatMap { $0.expected.map { $0.prefix(4) } })
    for code in ProblemCode.allCases.map(\.rawValue) where code.hasPrefix("C") {
      #expect(reached.contains(Substring(code)), "\(code) has no wrong file")
    }
    #expect(Self.right.count >= 3)
  }

  @Test(arguments: [
    ("socket \"unix:/run/x\";", "listen"), ("log_level \"debug\";", "log"),
    ("timeout 30;", "limits"),
  ])
  func settingsOfOtherFilters(_ text: String, _ meant: String) {
    let shown = CheckedSettings(text).check.diagnostics.shown
    #expect(shown.map(\.problem.help) == ["did you mean '\(meant)'?"])
  }

  @Test func pathsBeginInTheFolderOfTheFile() throws {
    let text = "rules [\"a.rules\", \"/b.rules\"]; state \"./s\";"
    let settings = try #require(CheckedSettings(text).check.configuration)
    #expect(settings["rules"]?["value"] == .texts(["/etc/defang/a.rules", "/b.rules"]))
    #expect(settings["state"]?["value"] == .text("/etc/defang/s"))
  }

  /// Whoever only adds a listener for tables still hears mail servers.
  @Test func mailServersAreAlwaysListenedTo() throws {
    let text = "listen :socketmap \"unix:/run/defang/map\";"
    let settings = try #require(CheckedSettings(text).check.configuration)
    #expect(
      settings.settings["listen"]?.map { $0["value"] }
        == [.text("unix:/run/defang/map"), .text("unix:/run/defang/defang.sock")])
  }

  /// What the sheet says without a file would be right in one.
  @Test func standardsAreValues() {
    var text = ""
    for setting in SettingSheet.all where !setting.isSwitch {
      let tags = setting.tags.compactMap { tag in Self.written(tag).map { ":\(tag.name) \($0)" } }
      let value = setting.value.flatMap(Self.written)
      guard value != nil || setting.value == nil && !tags.isEmpty else { continue }
      text += ([setting.name] + tags + [value].compactMap { $0 }).joined(separator: " ") + ";\n"
    }
    let checked = CheckedSettings(text)
    #expect(checked.codes == [])
    let standard = CheckedSettings(nil).check.configuration
    for (name, entries) in checked.check.configuration?.settings ?? [:] {
      #expect(entries.map(\.members) == standard?.settings[name]?.map(\.members), "\(name)")
    }
  }

  private static func written(_ argument: SettingArgument) -> String? {
    switch argument.standard {
    case .text(let text): "\"\(text)\""
    case .texts(let texts) where !texts.isEmpty:
      "[" + texts.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
    case .number(let number): "\(number)"
    default: nil
    }
  }

  /// Each range at its ends and one past them.
  @Test func rangesHoldAtTheirEnds() {
    for setting in SettingSheet.all {
      for argument in setting.tags + [setting.value].compactMap({ $0 }) {
        guard case .number(let range) = argument.form else { continue }
        let isTag = setting.value?.name != argument.name
        func codes(_ number: Int) -> [String] {
          let written = isTag ? ":\(argument.name) \(number)" : "\(number)"
          let word = isTag && setting.value != nil ? " \"tempfail\"" : ""
          return CheckedSettings("\(setting.name) \(written)\(word);").codes
        }
        #expect(codes(range.lowerBound) == [] && codes(range.upperBound) == [])
        if range.lowerBound > 0 { #expect(codes(range.lowerBound - 1).count == 1) }
        #expect(codes(range.upperBound + 1).map { $0.prefix(4) } == ["A018"])
      }
    }
  }

  @Test func names() {
    #expect(Set(SettingSheet.all.map(\.name)).count == SettingSheet.all.count)
    for setting in SettingSheet.all {
      for text in [setting.meaning] + setting.tags.map(\.meaning) {
        #expect(text.hasSuffix(".") && text.utf8.count <= 100, "\(text)")
      }
    }
  }
}
