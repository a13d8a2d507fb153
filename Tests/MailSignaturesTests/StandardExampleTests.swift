// The examples of the standards: RFC 6376 appendix A with its errata 3192 and 4926 (one space less
// in the body, other folds), RFC 8463 appendix A with both kinds of key.

import MailSignatures
import Testing

struct StandardExampleTests {
  private static let message = """
    From: Joe SixPack <joe@football.example.com>
    To: Suzie Q <suzie@shopping.example.net>
    Subject: Is dinner ready?
    Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
    Message-ID: <20030712040037.46341.5F8J@football.example.com>

    Hi.


    """

  private static let first =
    """
    DKIM-Signature: v=1; a=rsa-sha256; s=brisbane; d=example.com;
          c=simple/simple; q=dns/txt; i=joe@football.example.com;
          h=Received : From : To : Subject : Date : Message-ID;
          bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
          b=AuUoFEfDxTDkHlLXSZEpZj79LICEps6eda7W3deTVFOk4yAUoqOB
            4nujc7YopdG5dWLSdNg6xNAZpOPr+kHxt1IrE+NahM6L/LbvaHut
            KVdkLLkpVaVVQPzeRDI009SO2Il5Lu7rDNH6mZckBdrIx0orEtZV
            4bmp/YzhwvcubU4=;
    Received: from client1.football.example.com  [192.0.2.1]
          by submitserver.example.com with SUBMISSION;
          Fri, 11 Jul 2003 21:01:54 -0700 (PDT)

    """ + message + "We lost the game. Are you hungry yet?\n\nJoe."

  private static let both =
    """
    DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
     d=football.example.com; i=@football.example.com;
     q=dns/txt; s=brisbane; t=1528637909; h=from : to :
     subject : date : message-id : from : subject : date;
     bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
     b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
     Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
    DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;
     d=football.example.com; i=@football.example.com;
     q=dns/txt; s=test; t=1528637909; h=from : to : subject :
     date : message-id : from : subject : date;
     bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
     b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3
     DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz
     dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=

    """ + message + "We lost the game.  Are you hungry yet?\n\nJoe."

  private static let firstKey = """
    v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYt\
    IxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhi\
    tdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB
    """
  private static let rsaKey = """
    v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR\
    6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5Qj\
    vHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB
    """
  private static let ed25519Key =
    "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="

  @Test func theExampleOfDKIMPasses() {
    let reading = SignatureReading(SignedMail.bytes(Self.first))
    #expect(reading.needs == ["brisbane._domainkey.example.com"])
    let results = reading.verify(
      with: [reading.needs[0]: .records([Array(Self.firstKey.utf8)])], now: SignedMail.now)
    #expect(results.map(\.reason) == [nil])
    #expect(results[0].outcome == .pass)
    #expect(results[0].identity == "joe@football.example.com")
    #expect(results[0].domain == "example.com")
    #expect(results[0].keyBits == 1_024)
    #expect(results[0].bodyBytes == 54)
  }

  @Test func bothExamplesOfEd25519Pass() {
    let reading = SignatureReading(SignedMail.bytes(Self.both))
    let names = [
      "brisbane._domainkey.football.example.com", "test._domainkey.football.example.com",
    ]
    #expect(reading.needs == names)
    let results = reading.verify(
      with: [
        names[0]: .records([Array(Self.ed25519Key.utf8)]),
        names[1]: .records([Array(Self.rsaKey.utf8)]),
      ], now: SignedMail.now)
    #expect(results.map(\.outcome) == [.pass, .pass])
    #expect(results.map(\.algorithm) == ["ed25519-sha256", "rsa-sha256"])
    #expect(results.map(\.keyBits) == [256, 1_024])
    #expect(results.map(\.signedAt) == [1_528_637_909, 1_528_637_909])
    #expect(results.map(\.isFromOversigned) == [true, true])
  }

  @Test func aChangedExampleFails() {
    let changed = SignedMail.replacing("lost", "won", in: SignedMail.bytes(Self.both))
    let reading = SignatureReading(changed)
    let results = reading.verify(
      with: [
        reading.needs[0]: .records([Array(Self.ed25519Key.utf8)]),
        reading.needs[1]: .temporaryFailure,
      ], now: SignedMail.now)
    #expect(results.map(\.reason) == [.bodyChanged, .keyUnavailable])
    #expect(results.map(\.outcome) == [.fail, .temperror])
  }
}
