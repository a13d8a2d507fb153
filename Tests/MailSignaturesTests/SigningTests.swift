// What the signer writes, and what it refuses.

import MailSignatures
import Testing

struct SigningTests {
  @Test(arguments: TestKey.allCases, Canonicalization.allCases)
  func whatIsSignedVerifies(_ key: TestKey, _ form: Canonicalization) throws {
    for bodyForm in Canonicalization.allCases {
      let signer = try key.signer(header: form, body: bodyForm)
      let field = try signer.sign(SignedMail.plain, now: SignedMail.now)
      let result = try SignedMail.verify(field.bytes + SignedMail.plain)[0]
      #expect(result.reason == nil)
      #expect(result.isFromOversigned)
      #expect(result.domain == "example.org")
    }
  }

  @Test func theFieldIsFolded() throws {
    let field = try TestKey.rsa.signer().sign(
      SignedMail.plain, now: SignedMail.now, validSeconds: 86_400)
    let text = String(decoding: field.bytes, as: UTF8.self)
    #expect(field.name == "DKIM-Signature")
    #expect(text.hasPrefix("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;"))
    #expect(text.contains("x=1700086400;"))
    let names = text.filter { !$0.isWhitespace }
    #expect(names.contains("h=from:from:reply-to:subject:subject:date:to:to:cc:content-type;"))
    let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
    #expect(lines.count > 5)
    #expect(lines.last == "")
    #expect(lines.allSatisfy { $0.utf8.count <= 78 })
    #expect(lines.dropFirst().dropLast().allSatisfy { $0.first == "\t" })
  }

  @Test func signaturesByEd25519AreAlwaysTheSame() throws {
    let one = try SignedMail.signed()
    #expect(try SignedMail.signed() == one)
    #expect(String(decoding: one, as: UTF8.self).contains("\tb="))
  }

  @Test func faultsAreTold() throws {
    let pem = TestKey.ed25519.pem
    func fault(
      _ domain: String = "example.org", _ selector: String = "ed", _ pem: String = pem,
      headers: [String] = ["from"]
    ) -> SigningFault? {
      do throws(SigningFault) {
        _ = try DKIMSigner(domain: domain, selector: selector, keyPEM: pem, headers: headers)
        return nil
      } catch {
        return error
      }
    }
    #expect(fault() == nil)
    #expect(fault("example..org") == .badDomain)
    #expect(fault("example.org; l=0") == .badDomain)
    #expect(fault("example.org", "") == .badSelector)
    #expect(fault("example.org", "ed", "") == .badKey)
    #expect(fault("example.org", "ed", String(pem.dropLast(40))) == .badKey)
    #expect(fault(headers: ["to"]) == .fromNotListed)
    #expect(fault(headers: ["from", "x:y"]) == .badFieldName("x:y"))
    #expect(fault(headers: ["from", ""]) == .badFieldName(""))
  }

  @Test func aMessageWithoutFromIsNotSigned() throws {
    let signer = try TestKey.ed25519.signer()
    #expect(throws: SigningFault.messageHasNoFrom) {
      try signer.sign(Array("To: x\r\n\r\nFrom: x\r\n".utf8), now: 0)
    }
  }
}
