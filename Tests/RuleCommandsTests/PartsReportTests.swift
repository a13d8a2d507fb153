// What `parts` prints about messages, odd ones most of all: a page to read and the JSON of the
// contract, beside the messages in Parts/. DEFANG_RECORD=1 writes both anew and fails that run.

import Foundation
import JSONOutput
import RuleVM
import Testing

@testable import PolicyTests
@testable import RuleCommands

struct PartsReportTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Parts")
  /// One libmagic database for all tests.
  private static let types = TypeOracle()

  static let names: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.filter { $0.hasSuffix(".eml") }.map { String($0.dropLast(4)) }.sorted()
  }()

  private static func report(_ name: String) throws -> PartsReport {
    let bytes = Array(try Data(contentsOf: folder.appending(path: name + ".eml")))
    return PartsReport(LineEnds.asCRLF(bytes), types: types)
  }

  @Test(arguments: names)
  func printsWhatWasReviewed(name: String) throws {
    let report = try Self.report(name)
    for (ending, made) in [("txt", report.text), ("json", report.json.line + "\n")] {
      let url = Self.folder.appending(path: "\(name).\(ending)")
      if ProcessInfo.processInfo.environment["DEFANG_RECORD"] != nil {
        try Data(made.utf8).write(to: url, options: .atomic)
        Issue.record("\(url.lastPathComponent) was recorded: review it")
      } else {
        #expect(try String(contentsOf: url, encoding: .utf8) == made)
      }
    }
  }

  @Test func thereAreMessages() { #expect(Self.names.count >= 8) }

  /// The keys and their order are a contract (`docs/man/defang-rulec.1`).
  @Test(arguments: names)
  func theJSONHasTheKeysOfTheContract(name: String) throws {
    let text = try Self.report(name).json.line
    let value = try #require(
      JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(Set(value.keys) == ["size", "anomalies", "limits", "parts"])
    for part in try #require(value["parts"] as? [[String: Any]]) {
      #expect(Set(part.keys) == Set(Self.keys))
    }
    let places = Self.keys.map { text.range(of: "\"\($0)\":", options: .backwards)?.lowerBound }
    #expect(places.compactMap(\.self).count == Self.keys.count)
  }

  private static let keys = [
    "path", "parent", "declared", "sniffed", "kind", "reading", "name", "names", "extension",
    "charset", "encoding", "disposition", "size", "depth", "anomalies", "traits", "encrypted",
    "members", "kinds",
  ]

  @Test func textForATerminalHasNoControls() throws {
    let page = try Self.report("names").text
    #expect(page.contains("\\u{202e}") && !page.unicodeScalars.contains("\u{202E}"))
  }

  @Test(arguments: [
    (OrderedJSON.null, "null"), (.truth(true), "true"), (.number(-3), "-3"),
    (.text("a\"\\\n\u{1}ä"), #""a\"\\\n\u0001ä""#), (.list([]), "[]"),
    (.text("\u{7F}\u{9B}2J"), #""\u007f\u009b2J""#), (.text(orNull: nil), "null"),
    (.object([("b", .number(1)), ("a", .texts(["x"]))]), #"{"b":1,"a":["x"]}"#),
  ])
  func valuesKeepTheirOrder(value: OrderedJSON, text: String) { #expect(value.line == text) }
}
