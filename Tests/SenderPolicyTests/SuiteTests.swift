// The test suite of RFC 7208 (Suite/LICENSE), in the form that
// `tools/make-spf-suite.py` gives it.

import FoundationEssentials
import RuleBytecode
import Testing

@testable import SenderPolicy

struct SuiteCase: Decodable, Sendable {
  let name: String
  let helo: String
  let host: String
  let mailfrom: String
  let results: [String]
  let explanation: String?
}

struct SuiteScenario: Decodable, Sendable, CustomTestStringConvertible {
  let description: String
  let tests: [SuiteCase]
  let zone: [String: [[String]]]

  var testDescription: String { description }

  static let all: [SuiteScenario] = {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let file = folder.appending(path: "Suite/rfc7208.json")
    guard let data = try? Data(contentsOf: file),
      let scenarios = try? JSONDecoder().decode([SuiteScenario].self, from: data)
    else { return [] }
    return scenarios
  }()

  var table: ZoneTable {
    var table = ZoneTable()
    for (name, records) in zone { table.add(name, records.map(Self.entry)) }
    return table
  }

  private static func entry(_ fields: [String]) -> ZoneTable.Entry {
    let values = fields.dropFirst()
    switch fields[0] {
    case "A", "AAAA": return ZoneTable.address(fields[1])
    case "MX": return .record(.mx, .mailHost(fields[1], preference: UInt16(fields[2]) ?? 0))
    case "PTR": return .record(.ptr, .name(fields[1]))
    case "CNAME": return .alias(fields[1])
    case "TXT":
      let strings = values.map { $0.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) } }
      return .record(.txt, .text(strings))
    default: return .timeout
    }
  }
}

struct SuiteTests {
  @Test func isWhole() {
    #expect(SuiteScenario.all.count == 16)
    #expect(SuiteScenario.all.reduce(0) { $0 + $1.tests.count } == 203)
  }

  @Test(arguments: SuiteScenario.all)
  func rfc7208(_ scenario: SuiteScenario) {
    let table = scenario.table
    for test in scenario.tests {
      var check = SPFCheck(test.host, test.mailfrom, helo: test.helo)
      var asked = Asked()
      let result = check.run(table, &asked)
      #expect(test.results.contains(result.word.rawValue), "\(test.name): \(result)")
      if let explanation = test.explanation {
        #expect((result.explanation ?? "DEFAULT") == explanation, "\(test.name)")
      }
      for question in asked.questions {
        #expect(DomainName(question.name)?.text == question.name, "\(test.name): \(question)")
      }
    }
  }
}
