// What is asked by DNS.
import MailLab
import RuleVM

extension FailureSubject {
  static let names = [
    name("dnsbl", #"dnsbl :timeout {timeout} "bl.example""#, ["7.2.0.192.bl.example"]) {
      $0.add("7.2.0.192.bl.example", .a(127, 0, 0, 2))
    },
    name(
      "hashbl", #"hashbl :timeout {timeout} :hash "none" "hashes.example" "key""#,
      ["key.hashes.example"]
    ) { $0.add("key.hashes.example", .a(127, 0, 0, 2)) },
    name("rdns", "rdns :timeout {timeout}", ["7.2.0.192.in-addr.arpa"]) {
      $0.add("7.2.0.192.in-addr.arpa", .ptr("client.example.org"))
      $0.add("client.example.org", .a(192, 0, 2, 7))
    },
    name("mx :bogus", #"mx :timeout {timeout} :bogus "example.org""#, ["example.org"]) {
      $0.add("example.org", .mx(10, "mx.example.org"))
      $0.add("mx.example.org", .a(127, 0, 0, 1))
    },
    name("spf", #"spf :timeout {timeout} "pass""#, ["example.org"]) {
      $0.add("example.org", .txt(["v=spf1 ip4:192.0.2.7 -all"]))
    },
    signed("dkim", #"dkim :timeout {timeout} "pass""#, ["s._domainkey.example.org"]) {
      try SignedMail.signed(SignedMail.plain(), by: "example.org")
    },
    signed("dmarc", #"dmarc :timeout {timeout} "pass""#, ["_dmarc.example.org"]) {
      try SignedMail.signed(SignedMail.plain(), by: "example.org")
    },
    signed("arc", #"arc :timeout {timeout} "pass""#, ["s._domainkey.example.org"]) {
      try SignedMail.sealed(SignedMail.plain(), by: "example.org")
    },
    FailureSubject(
      name: "table :dns", failure: "table",
      declarations: #"table :dns "list.example" :timeout {timeout} "t";"#,
      test: #"lookup "table:t" "key""#, phase: "mail"
    ) { fault in
      try FailingZone.service(fault, ["key.list.example"]) {
        $0.add("key.list.example", .a(127, 0, 0, 2))
      }
    },
  ]

  private static func name(
    _ name: String, _ test: String, _ asked: [String],
    _ fill: @escaping @Sendable (inout DNSZone) -> Void
  ) -> FailureSubject {
    FailureSubject(name: name, failure: "dns", test: test, phase: "mail") { fault in
      try FailingZone.service(fault, asked, fill)
    }
  }

  private static func signed(
    _ name: String, _ test: String, _ asked: [String], _ mail: () throws -> [UInt8]
  ) -> FailureSubject {
    guard let mail = try? mail() else { preconditionFailure("the tests' own key signs") }
    return FailureSubject(name: name, failure: "dns", test: test, mail: mail) { fault in
      try FailingZone.service(fault, asked) {
        $0.add("s._domainkey.example.org", .txt([SignedMail.keyRecord]))
        $0.add("_dmarc.example.org", .txt(["v=DMARC1; p=reject"]))
      }
    }
  }
}
