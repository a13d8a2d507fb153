// Signed and encrypted parts: never altered, and the refusal is reported.

import MailEdits
import MailMessage
import Testing

@Suite struct SealTests {
  @Test(arguments: [
    ("multipart/signed; boundary=s", EditRefusal.signed(part: 1)),
    ("multipart/encrypted; boundary=s", .encrypted(part: 1)),
    ("application/pkcs7-mime; smime-type=enveloped-data", .encrypted(part: 1)),
    ("application/x-pkcs7-mime; smime-type=SIGNED-data", .signed(part: 1)),
  ])
  func sealedPartsAreNotAltered(_ type: String, _ refusal: EditRefusal) {
    let message = mail(
      """
      Content-Type: multipart/mixed; boundary=b

      --b
      Content-Type: \(type)

      --s

      inside
      --s--
      --b

      other
      --b--

      """)
    for edit in [PartEdit.drop, gone] {
      let edited = EditPlan { $0.edit(part: 1, edit) }.apply(to: message)
      #expect(edited.isUnchanged)
      #expect(edited.refusals == [refusal])
    }
    // What stands beside it, and what holds it, can be edited.
    let beside = EditPlan { $0.edit(part: message.parts.count - 1, .drop) }.apply(to: message)
    #expect(beside.newBody != nil && beside.refusals.isEmpty)
    let above = EditPlan { $0.edit(part: 0, .drop) }.apply(to: message)
    #expect(above.newBody == [] && above.refusals.isEmpty)
  }

  @Test func insideOfSignedPartsIsSignedToo() throws {
    let message = mail(
      """
      Content-Type: multipart/signed; boundary=s

      --s
      Content-Type: multipart/mixed; boundary=i

      --i

      x
      --i--
      --s
      Content-Type: application/pgp-signature

      y
      --s--

      """)
    let plan = EditPlan {
      for part in message.parts.indices { $0.edit(part: part, .drop) }
    }
    let edited = plan.apply(to: message)
    #expect(edited.isUnchanged)
    #expect(edited.refusals == message.parts.indices.map { .signed(part: $0) })
  }
}
