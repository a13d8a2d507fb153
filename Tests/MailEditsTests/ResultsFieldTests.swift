// Authentication-Results: ours on top, and what might be taken for ours gone.

import MailEdits
import MailMessage
import Testing

@Suite struct ResultsFieldTests {
  private static let plan = EditPlan {
    $0.state(ResultsField(authority: "mx.example.org", value: Array("mx.example.org; none".utf8)))
  }

  private static let ours = "Authentication-Results: mx.example.org; none\n"

  /// Values of fields that came from outside under our name, or might be taken for it.
  @Test(arguments: [
    "mx.example.org; spf=pass", "mx.example.org", "MX.Example.ORG; spf=pass",
    " \n mx.example.org; spf=pass", "mx.example.org 1; spf=pass", "mx.example.org(x)1; spf=pass",
    "(a (nested \\) one)) mx.example.org (b); spf=pass", "\"mx.example.org\"; spf=pass",
    "\"mx.ex\\ample.org\"; spf=pass", "mx.example.org.; spf=pass",
    // Not as the RFC writes it.
    "mx.example.org spf=pass", "; mx.example.org; spf=pass", "mx.example.org/1; spf=pass",
    "mx.\n example.org; spf=pass", "mx.(x)example.org; spf=pass", "(open mx.example.org; spf=pass",
    "mx.example\u{1}.org; spf=pass", "\"mx.example.org; spf=pass",
    "=?utf-8?q?mx.example.org?=; spf=pass", "=?utf-8?b?bXguZXhhbXBsZS5vcmc=?=; spf=pass",
    "<mx.example.org>; spf=pass", "\u{FEFF}mx.example.org; spf=pass",
  ])
  func takenForOurs(value: String) {
    let message = mail("Authentication-Results: \(value)\nFrom: a@b.example\n\nx\n")
    let edited = Self.plan.apply(to: message)
    #expect(text(edited.bytes()) == Self.ours + "From: a@b.example\n\nx\n")
  }

  @Test(arguments: [
    "Authentication-Results: mx.example.com; spf=pass", "Authentication-Results: example.org; none",
    "Authentication-Results: mx.example.org.evil.example; spf=pass",
    "Authentication-Results: other.example; spf=pass smtp.mailfrom=a@mx.example.org",
    "Authentication-Results: other.example (mx.example.org); none", "Authentication-Results:",
    "X-Authentication-Results: mx.example.org; spf=pass", "ARC-Authentication-Results: i=1; none",
  ])
  func kept(line: String) {
    let message = mail("\(line)\nFrom: a@b.example\n\nx\n")
    let edited = Self.plan.apply(to: message)
    #expect(edited.headerChanges.count == 1)
    #expect(text(edited.bytes()) == Self.ours + "\(line)\nFrom: a@b.example\n\nx\n")
  }

  /// Numbers count all fields of the name, and deletions go from the last to the first.
  @Test func someOfMany() {
    let message = mail(
      """
      Authentication-Results: one.example; none
      authentication-results: mx.example.org; spf=pass
      Received: x
      Authentication-Results: two.example; none
      AUTHENTICATION-RESULTS: mx.example.org; dkim=pass

      x

      """)
    #expect(
      Self.plan.apply(to: message).headerChanges == [
        .change(name: "AUTHENTICATION-RESULTS", occurrence: 4, value: nil),
        .change(name: "authentication-results", occurrence: 2, value: nil),
        .insert(index: 0, name: "Authentication-Results", value: "mx.example.org; none"),
      ])
  }

  /// Other edits see nothing of it: what a rule adds under that name is the rule's own.
  @Test func behindOtherEdits() {
    var plan = Self.plan
    plan.edit(header: .delete(name: "Authentication-Results", occurrences: nil))
    plan.edit(
      header: .add(
        name: "Authentication-Results", value: Array("mx.example.org; x=1".utf8), last: false))
    plan.edit(header: .add(name: "X-First", value: [0x31], last: false))
    plan.edit(message: .warn(Array("Careful.".utf8)))
    let edited = plan.apply(to: mail("Authentication-Results: o.example; none\nFrom: a@b.c\n\nx\n"))
    #expect(
      text(edited.bytes())?.hasPrefix(
        Self.ours + "X-First: 1\nAuthentication-Results: mx.example.org; x=1\nFrom: a@b.c\n")
        == true)
  }

  /// As `setheader` left it, not as it came.
  @Test func aChangedFieldIsReadAsItIsNow() {
    var plan = Self.plan
    let name = "Authentication-Results"
    plan.edit(
      header: .set(name: name, value: Array("mx.example.org; x=1".utf8), occurrence: 1))
    let edited = plan.apply(to: mail("\(name): o.example; none\nFrom: a@b.c\n\nx\n"))
    #expect(text(edited.bytes()) == Self.ours + "From: a@b.c\n\nx\n")
  }

  @Test func nothingButTheFieldChanges() {
    let edited = Self.plan.apply(to: mail("From: a@b.example\n\nx\n"))
    #expect(!Self.plan.isEmpty && !Self.plan.editsBody && edited.newBody == nil)
  }
}
