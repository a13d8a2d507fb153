// What some mail program shows, the rules see by name and by kind; where none does, an anomaly says
// that something is odd.

import RuleBytecode
import RuleVM
import Testing

struct EvasiveTests {
  /// One libmagic database for all tests.
  static let types = TypeOracle()

  @Test func thereAreEnough() {
    #expect(OddMailFolder.evasive.count >= 250)
  }

  /// Reports the messages by name.
  @Test(arguments: OddMailFolder.evasive)
  func theRulesSeeIt(_ mail: OddMail) throws {
    let faults = try Self.faults(of: mail)
    #expect(faults.isEmpty, "\(mail.name): \(faults.joined(separator: "; "))")
  }

  @Test func readingsOfTheMajorClientsAreThere() {
    for mail in OddMailFolder.evasive {
      let clients = Set((mail.readings ?? []).map(\.client))
      #expect(clients.isSuperset(of: ["Outlook", "Gmail", "Apple Mail", "Thunderbird"]))
      let names = (mail.anomalies ?? []).compactMap { AnomalyName.named($0) }
      #expect(names.count == mail.anomalies?.count, "\(mail.name) expects an unknown anomaly")
    }
  }

  private static func faults(of mail: OddMail) throws -> [String] {
    let tests = mail.danger?.tests ?? []
    let sight = try Sight(mail.bytes("evasive"), tests: tests, types: types)
    var faults: [String] = []
    // More names than are compared end the rules.
    if !sight.isUndecided, mail.limits?.contains("names") != true {
      faults.append("the rules do not come to their end")
    }
    let missing = Set(mail.anomalies ?? []).subtracting(sight.anomalies).sorted()
    if !missing.isEmpty {
      let seen = sight.anomalies.sorted()
      faults.append("anomalies \(missing) are missing, reported are \(seen)")
    }
    let unsaid = Set(mail.limits ?? []).subtracting(sight.limits).sorted()
    if !unsaid.isEmpty { faults.append("limits \(unsaid) are missing") }
    guard let danger = mail.danger else { return faults }
    let names = danger.names ?? []
    let common = sight.parts.dropFirst(names.count).reduce(nil as Set<String>?) {
      $0?.intersection($1) ?? $1
    }
    for (name, parts) in zip(names, sight.parts) where parts.isEmpty {
      faults.append("no part is named \(name)")
    }
    if let common, common.isEmpty {
      faults.append("no part has \(tests.dropFirst(names.count))")
    } else if let common {
      for (name, parts) in zip(names, sight.parts) where common.isDisjoint(with: parts) {
        faults.append("\(name) is another part than \(tests.dropFirst(names.count))")
      }
    }
    return faults
  }
}

extension OddMail.Danger {
  /// The tests of the names, then those that must hold on the same part.
  var tests: [String] {
    let quoted = OddMailPolicy.quoted
    var tests = (names ?? []).map { "part :is \"name\" \(quoted($0))" }
    if let kind { tests.append("part :is \"kind\" \(quoted(kind))") }
    if let `extension` { tests.append("part :is \"extension\" \(quoted(`extension`))") }
    if let declared { tests.append("part :is \"declared\" \(quoted(declared))") }
    if let member { tests.append("part :archive :is \"member\" \(quoted(member))") }
    if let trait { tests.append("part :trait \(quoted(trait))") }
    if let encrypted { tests.append("part :encrypted \(quoted(encrypted))") }
    return tests
  }
}
