// Valid mail carries no anomaly, however odd it looks, and is read in one way.

import MailMessage
import RuleVM
import Testing

struct ValidTests {
  @Test func thereAreEnough() { #expect(OddMailFolder.valid.count >= 100) }

  @Test(arguments: OddMailFolder.valid)
  func nothingIsOdd(_ mail: OddMail) throws {
    let bytes = try mail.bytes("valid")
    let sight = try Sight(bytes, tests: [], types: EvasiveTests.types)
    #expect(sight.anomalies.isEmpty, "\(mail.name): \(sight.anomalies.sorted())")
    let message = MailMessage(bytes)
    #expect(message.limitsHit.isEmpty, "\(mail.name)")
    guard let outline = mail.outline else { return }
    #expect(message.parts.allSatisfy { $0.reading == 0 }, "\(mail.name) has several readings")
    #expect(message.parts.map { "\($0.path) \($0.contentType.name)" } == outline, "\(mail.name)")
  }
}
