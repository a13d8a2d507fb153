// Whose a domain is, by the list of public suffixes.

import RuleBytecode
import Testing

@testable import RuleVM

struct OrganisationTests {
  private static let text = """
    // a comment
    com
    uk
    co.uk
    ck   what stands behind a blank says nothing
    *.ck
    !www.ck
    *.city.kawasaki.jp
    jp
    公司.cn
    cn
    github.io

    """
  static let list = PublicSuffixList(Array(text.utf8))

  @Test(arguments: [
    ("example.com", "example.com"), ("a.b.example.com", "example.com"),
    ("A.Example.COM", "example.com"), ("example.com.", "example.com"),
    ("a.example.co.uk", "example.co.uk"), ("example.uk", "example.uk"),
    ("a.b.ck", "a.b.ck"), ("x.a.b.ck", "a.b.ck"), ("www.ck", "www.ck"), ("a.www.ck", "www.ck"),
    ("x.me.city.kawasaki.jp", "x.me.city.kawasaki.jp"), ("kawasaki.jp", "kawasaki.jp"),
    // No rule: the top-level domain is one itself.
    ("a.b.unheard", "b.unheard"),
    ("someone.github.io", "someone.github.io"), ("github.io", nil), ("a.io", "a.io"),
    ("x.食狮.公司.cn", "xn--85x722f.xn--55qx5d.cn"),
    ("xn--85x722f.xn--55qx5d.cn", "xn--85x722f.xn--55qx5d.cn"),
    ("公司.cn", nil), ("com", nil), ("co.uk", nil), ("b.ck", nil), ("ck", nil), ("unheard", nil),
    ("", nil), (".", nil), (".com", nil), ("a..com", nil), ("[192.0.2.1]", nil),
    ("192.0.2.1", nil),
  ])
  func belongsTo(domain: String, organisation: String?) {
    #expect(Self.list?.organisation(of: domain) == organisation)
  }

  /// RFC 3492 §7.1.
  @Test(arguments: [
    ("他们为什么不说中文", "xn--ihqwcrb4cv8a8dqg056pqjye"), ("bücher", "xn--bcher-kva"),
    ("pročprostěnemluvíčesky", "xn--proprostnemluvesky-uyb24dma41a"),
    ("3年b組金八先生", "xn--3b-ww4c5e180e575a65lsy2b"),
  ])
  func labelsHaveOneSpelling(label: String, written: String) {
    #expect(DomainLabels.ascii(label) == written)
  }

  @Test func aLongNameIsNone() {
    let label = String(repeating: "a", count: 63)
    let long = Array(repeating: label, count: 4).joined(separator: ".")
    #expect(
      Self.list?.organisation(of: String(long.dropLast(4)) + ".com") == "\(label.dropLast(4)).com")
    #expect(Self.list?.organisation(of: long + ".com") == nil)
  }

  @Test(arguments: ["", "// only words\n", "\n\n"]) func aListWithoutRulesIsNone(_ text: String) {
    #expect(PublicSuffixList(Array(text.utf8)) == nil)
  }

  private static let policy = """
    phase mail { rule "s" { log "${sender.org_domain}"; } }
    phase eom {
      rule "f" {
        if string "${from.org_domain}" "${sender.org_domain}" { log "same ${from.org_domain}"; }
        if fact "from.org_domain" { log "known"; }
      }
    }
    """

  @Test func factsSayWhose() throws {
    let program = try TestPolicy.load(Self.policy).program
    let session = TestPolicy.session(LoadedPolicy(program, suffixes: Self.list))
    _ = session.mail("<ann@bounces.example.co.uk>")
    _ = session.endOfMessage("From: Ann <ann@www.Example.co.uk>\n\nx\n")
    #expect(session.logged == ["example.co.uk", "same example.co.uk", "known"])
  }

  @Test func withoutADomainThereIsNone() throws {
    let program = try TestPolicy.load(Self.policy).program
    let session = TestPolicy.session(LoadedPolicy(program, suffixes: Self.list))
    _ = session.mail("<>")
    _ = session.endOfMessage("Subject: x\n\nx\n")
    #expect(session.logged == ["", "same "])
  }
}
