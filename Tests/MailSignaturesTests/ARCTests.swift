// Chains of ARC sets: sealed by us, whole and changed, and judged by python3-dkim as well.

import Testing

@testable import MailSignatures

struct ARCTests {
  private static let results = "mx.example.org; spf=pass smtp.mailfrom=joe@example.org; dkim=none"

  /// The message with so many sets more, each from another server that adds a field of its own.
  private func sealed(
    _ message: [UInt8], times: Int, _ key: TestKey = .rsa, limits: SignatureLimits = .init()
  ) throws -> [UInt8] {
    var message = message
    let sealer = try ARCSealer(
      domain: "example.org", selector: key.selector, keyPEM: key.pem, limits: limits)
    for number in 0..<times {
      let fields = try sealer.seal(
        message, chain: try verify(message, limits: limits), results: Self.results,
        now: SignedMail.now)
      message = fields.flatMap(\.bytes) + message
      message = Array("Received: from host\(number)\r\n".utf8) + message
    }
    return message
  }

  private func verify(
    _ message: [UInt8], limits: SignatureLimits = .init()
  ) throws -> ARCResult {
    ARCReading(message, limits: limits).verify(with: try SignedMail.answers())
  }

  @Test(arguments: TestKey.allCases)
  func whatIsSealedVerifies(_ key: TestKey) throws {
    let none = try verify(SignedMail.plain)
    #expect(none.outcome == .none)
    #expect(none.instanceCount == 0)
    for count in 1...3 {
      let result = try verify(try sealed(SignedMail.plain, times: count, key))
      #expect(result.reason == nil)
      #expect(result.outcome == .pass)
      #expect(result.sealers == Array(repeating: "example.org", count: count))
    }
  }

  private static let changes: [(name: String, change: @Sendable ([UInt8]) -> [UInt8])] = [
    ("none", { $0 }),
    ("body", { $0 + Array("more\r\n".utf8) }),
    ("empty lines", { $0 + Array("\r\n\r\n".utf8) }),
    ("subject", { SignedMail.replacing("Dinner", "dinner", in: $0) }),
    ("blanks", { SignedMail.replacing("Dinner   is", "Dinner is", in: $0) }),
    ("a From on top", { Array("From: x@example.com\r\n".utf8) + $0 }),
    ("a field nobody signs", { Array("X-New: x\r\n".utf8) + $0 }),
    ("results", { SignedMail.replacing("spf=pass", "spf=fail", in: $0) }),
    ("a seal's time", { SignedMail.replacing("t=1700000000; cv", "t=1700000001; cv", in: $0) }),
    ("cv of the last", { SignedMail.replacing("cv=pass", "cv=none", in: $0) }),
    ("cv of the first", { SignedMail.replacing("cv=none", "cv=pass", in: $0) }),
    ("cv unknown", { SignedMail.replacing("cv=pass", "cv=good", in: $0) }),
    ("failed before", { SignedMail.replacing("cv=pass", "cv=fail", in: $0) }),
    ("a set with a hole", { SignedMail.replacing("ARC-Seal:", "X-Seal:", in: $0) }),
    ("another instance", { SignedMail.replacing("ARC-Seal: i=3", "ARC-Seal: i=2", in: $0) }),
    ("a fold more", { SignedMail.replacing("spf=pass", "spf=pass\r\n ", in: $0) }),
    ("seal without h", { SignedMail.replacing("; cv=pass", "; h=from; cv=pass", in: $0) }),
  ]

  @Test func bothJudgeAlike() throws {
    let judge = try Judge()
    let signed = try sealed(SignedMail.plain, times: 3)
    var goodCount = 0
    for (name, change) in Self.changes {
      let message = change(signed)
      let result = try verify(message)
      let verdict = try judge.chain(message)
      if verdict == "pass" { goodCount += 1 }
      #expect(result.outcome.rawValue == verdict, "\(name): \(String(describing: result.reason))")
    }
    #expect(goodCount == 5)
    #expect(try judge.chain(SignedMail.plain) == "none")
    try judge.end()
  }

  @Test(arguments: [
    ("ARC-Seal: i=2", "ARC-Seal: i=0", ARCReason.badInstance),
    ("ARC-Seal: i=2", "ARC-Seal: i=51", .badInstance),
    ("ARC-Seal: i=2", "ARC-Seal: i=+2", .badInstance),
    ("ARC-Seal: i=2", "ARC-Seal: j=2", .badInstance),
    ("ARC-Seal: i=2", "ARC-Seal: i=1", .brokenSet(instance: 1)),
    ("ARC-Seal: i=2", "ARC-Seal: i=3", .brokenSet(instance: 2)),
    ("ARC-Message-Signature: i=2", "X-Other: i=2", .brokenSet(instance: 2)),
    ("cv=pass", "cv=none", .badStatus(instance: 2)),
    ("cv=none", "cv=pass", .badStatus(instance: 1)),
    ("cv=pass", "cv=fail", .statusFail),
    ("cv=pass", "h=from; cv=pass", .seal(instance: 2, .badValue("h"))),
    ("cv=pass", "cv=pass; cv=pass", .seal(instance: 2, .duplicateTag("cv"))),
    ("cv=pass", "cv=pass; x=1", .seal(instance: 2, .headerChanged)),
    ("h=from:", "h=arc-seal:from:", .messageSignature(instance: 2, .badValue("h"))),
    ("h=from:from:", "h=sender:", .messageSignature(instance: 2, .fromNotSigned)),
    ("Dinner", "dinner", .messageSignature(instance: 2, .headerChanged)),
    ("game", "match", .messageSignature(instance: 2, .bodyChanged)),
  ])
  func faultsAreTold(_ old: String, _ new: String, _ reason: ARCReason) throws {
    let message = SignedMail.replacing(
      old, new, in: try sealed(SignedMail.plain, times: 2, .ed25519))
    let result = try verify(message)
    #expect(result.reason == reason)
    #expect(result.outcome == .fail)
    let sealer = try ARCSealer(
      domain: "example.org", selector: "ed", keyPEM: TestKey.ed25519.pem)
    #expect(throws: SigningFault.chainEnded) {
      try sealer.seal(message, chain: result, results: Self.results, now: 0)
    }
  }

  /// Only the last message signature counts: who sealed after a change vouches for it.
  @Test func aChangeBetweenSealsIsForgiven() throws {
    let once = try sealed(SignedMail.plain, times: 1)
    let sealer = try ARCSealer(domain: "example.org", selector: "test", keyPEM: TestKey.rsa.pem)
    let chain = try verify(once)
    let changed = SignedMail.replacing("Dinner", "[list] Dinner", in: once)
    let fields = try sealer.seal(changed, chain: chain, results: Self.results, now: SignedMail.now)
    #expect(try verify(fields.flatMap(\.bytes) + changed).outcome == .pass)
    #expect(try verify(changed).outcome == .fail)
  }

  @Test func keysAreAskedForOnce() throws {
    let message = try sealed(SignedMail.plain, times: 3)
    let reading = ARCReading(message)
    #expect(reading.needs == ["test._domainkey.example.org"])
    let silent = reading.verify(with: [:])
    #expect(silent.outcome == .temperror)
    #expect(silent.reason == .messageSignature(instance: 3, .keyUnavailable))
    let gone = reading.verify(with: [reading.needs[0]: .none])
    #expect(gone.outcome == .fail)
    #expect(gone.reason == .messageSignature(instance: 3, .noKey))
  }

  @Test func instancesAreBounded() throws {
    var limits = SignatureLimits()
    #expect(limits.instancesMax == 50)
    let message = try sealed(SignedMail.plain, times: 3, .ed25519)
    limits.instancesMax = 3
    #expect(try verify(message, limits: limits).outcome == .pass)
    #expect(throws: SigningFault.chainEnded) {
      try sealed(message, times: 1, .ed25519, limits: limits)
    }
    limits.instancesMax = 2
    #expect(try verify(message, limits: limits).reason == .badInstance)
    var short = SignatureLimits()
    short.headerBytesMax = 100
    #expect(try verify(message, limits: short).reason == .headerTooLong)
  }

  @Test func noResultBecomesAField() throws {
    let sealer = try ARCSealer(domain: "example.org", selector: "ed", keyPEM: TestKey.ed25519.pem)
    let chain = try verify(SignedMail.plain)
    for results in ["", "a\r\nX: b", "a\u{0}"] {
      #expect(throws: SigningFault.badResults) {
        try sealer.seal(SignedMail.plain, chain: chain, results: results, now: 0)
      }
    }
    #expect(throws: SigningFault.badFieldName("arc-seal")) {
      try ARCSealer(
        domain: "example.org", selector: "ed", keyPEM: TestKey.ed25519.pem,
        headers: ["from", "ARC-Seal"])
    }
  }
}
