// Switches: the policy's own value until somebody gives another, for as long as the session lasts.

import RuleBytecode
import Testing

@testable import RuleVM

@Suite struct SwitchTests {
  private static let source =
    "switch \"lockdown\" \"off\"; switch \"word\" \"\"; phase eom { rule \"r\" {"
    + " log \"${switch.lockdown} ${switch.word}\"; } }"

  @Test(arguments: [
    ([:], "off "), (["lockdown": "on", "word": "x", "other": "y"], "on x"),
    (["lockdown": ""], " "),
  ])
  func aSwitchHasTheValueThatItWasGiven(given: [String: String], logged: String) throws {
    var state = SessionState()
    state.switches = given
    let session = PolicySession(
      policy: try TestPolicy.load(Self.source), sessionID: "S1", types: TestPolicy.types,
      state: state, now: { 0 })
    for _ in 0..<2 {
      _ = session.mail("<a@example.net>")
      _ = session.recipient("<b@example.com>")
      #expect(session.endOfMessage("Subject: s\n\nx\n").isUndecided)
      #expect(session.logged == [logged])
      session.resetMessage()
    }
  }
}
