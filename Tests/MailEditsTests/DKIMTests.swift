// Which edits take the truth from a DKIM signature (RFC 6376 §5.4.2): the plan says so.

import MailEdits
import MailMessage
import Testing

@Suite struct DKIMTests {
  static let message = mail(
    """
    DKIM-Signature: v=1; a=rsa-sha256; d=a.example; s=x;
     h=From:To:To:Subject; bh=abc; b=def
    DKIM-Signature: v=1; d=b.example; h=from; b=x
    From: a@a.example
    To: b@b.example
    Subject: s
    X-Own: 1

    body

    """)

  static func add(_ name: String, last: Bool = false) -> HeaderEdit {
    .add(name: name, value: [0x31], last: last)
  }

  @Test(arguments: [
    (Self.add("X-New"), []),
    (.delete(name: "X-Own", occurrences: nil), []),
    // Signatures cover the last fields of a name.
    (Self.add("Subject"), []),
    (Self.add("Subject", last: true), ["a.example"]),
    // It says that there is one, and no more.
    (Self.add("To"), ["a.example"]),
    (.set(name: "From", value: [0x61], occurrence: nil), ["a.example", "b.example"]),
    (.delete(name: "Subject", occurrences: nil), ["a.example"]),
    (.delete(name: "DKIM-Signature", occurrences: [2]), ["b.example"]),
  ])
  func headers(_ edit: HeaderEdit, _ broken: [String]) {
    #expect(EditPlan { $0.edit(header: edit) }.apply(to: Self.message).breaksDKIM == broken)
  }

  @Test(arguments: [2, 3])
  func onlySoManyAreLookedAt(_ count: Int) {
    var limits = EditLimits()
    limits.signaturesMax = 2
    let fields = (0..<count).map { "DKIM-Signature: d=d\($0).example; h=from\n" }.joined()
    var plan = EditPlan(limits: limits)
    plan.replace(0, "new")
    #expect(plan.apply(to: mail(fields + "\nx\n")).breaksDKIM == ["d0.example", "d1.example"])
  }

  @Test func bodies() {
    #expect(EditPlan().apply(to: Self.message).breaksDKIM == [])
    let edited = EditPlan { $0.replace(0, "new") }.apply(to: Self.message)
    #expect(edited.breaksDKIM == ["a.example", "b.example"])
    #expect(edited.newBody != nil)
  }
}
