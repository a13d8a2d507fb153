// `:ldap` against a real server, encrypted and not, and against what is none.
import MailLab
import RuleBytecode
import RuleVM
import Testing

@testable import LiveChecks

private let people = """
  dn: uid=ann,dc=example,dc=com
  objectClass: inetOrgPerson
  cn: Ann
  sn: A
  uid: ann
  mail: ann@example.com
  mail: a@example.com
  description: for nobody but the administrator

  dn: uid=odd,dc=example,dc=com
  objectClass: inetOrgPerson
  cn: Odd
  sn: O
  uid: odd
  mail: o*(d)\\d@example.com

  dn: uid=eve,dc=example,dc=com
  objectClass: inetOrgPerson
  cn: Eve
  sn: E
  uid: eve

  """

@Suite(.serialized) struct DirectoryTableTests {
  private let folder: TestFolder

  init() throws { folder = try TestFolder() }

  private func options(
    _ filter: String = "(mail=%s)", attribute: String? = "uid", secret: String? = nil,
    authorities: String? = nil
  ) throws -> [String: String] {
    var options = ["base": DirectoryServer.base, "filter": filter]
    options["attribute"] = attribute
    options["authorities"] = authorities
    if let secret {
      let path = try folder.write("secret", secret + "\n")
      try folder.run(["chmod", "600", path])
      options["bind"] = DirectoryServer.administrator
      options["secret"] = path
    }
    return options
  }

  @Test func asksARealServer() async throws {
    let server = try DirectoryServer(people: people, hasTLS: false)
    defer { server.stop() }
    let uids = try TableDesk(.ldap, server.localURL, .map, options())
    #expect(try await uids.value("ann@example.com") == "ann")
    #expect(try await uids.value("nobody@example.com") == nil)
    // A sender's signs stand for themselves.
    #expect(try await uids.value("o*(d)\\d@example.com") == "odd")
    #expect(try await uids.value("*") == nil)
    #expect(try await uids.value("x)(uid=ann") == nil)
    let mails = try TableDesk(
      .ldap, server.localURL, .map, options("(uid=%s)", attribute: "mail"))
    #expect(try await mails.value("ann") == "ann@example.com,a@example.com")
    #expect(try await mails.value("eve") == nil)
    let set = try TableDesk(
      .ldap, "ldap://127.0.0.1:\(server.port)", .set, options("(uid=%s)", attribute: nil))
    #expect(try await set.value("eve") == "")
    #expect(try await set.value("adam") == nil)
  }

  @Test func goesOnAfterARestart() async throws {
    let server = try DirectoryServer(people: people, hasTLS: false)
    defer { server.stop() }
    let desk = try TableDesk(.ldap, server.localURL, .map, options()) {
      $0.keepMilliseconds = 0
      $0.failuresMax = 100
    }
    #expect(try await desk.value("ann@example.com") == "ann")
    server.stop()
    #expect(await desk.reason("ann@example.com") == "Can't contact LDAP server")
    try server.start()
    #expect(try await desk.value("ann@example.com") == "ann")
  }

  @Test func logsInEncrypted() async throws {
    let server = try DirectoryServer(people: people, hasTLS: true)
    defer { server.stop() }
    let url = "ldap://127.0.0.1:\(server.port)"
    let secret = DirectoryServer.password
    let known = try TableDesk(
      .ldap, url, .map,
      options(
        "(uid=%s)", attribute: "description", secret: secret,
        authorities: server.authoritiesPath))
    #expect(try await known.value("ann") == "for nobody but the administrator")
    let nobody = try TableDesk(.ldap, url, .map, options("(uid=%s)", attribute: "description"))
    #expect(try await nobody.value("ann") == nil)
    let wrong = try TableDesk(
      .ldap, url, .map, options(secret: "wrong", authorities: server.authoritiesPath))
    #expect(await wrong.reason("ann") == "Invalid credentials")
    // A certificate that nobody vouches for.
    let doubted = try TableDesk(.ldap, url, .map, options(secret: secret))
    #expect(await doubted.reason("ann").hasPrefix("no encryption: Connect error"))
  }

  @Test func sendsNoPasswordInClear() async throws {
    let server = try DirectoryServer(people: people, hasTLS: false)
    defer { server.stop() }
    let secret = DirectoryServer.password
    let far = try TableDesk(
      .ldap, "ldap://127.0.0.2:\(server.port)", .map, options(secret: secret))
    #expect(
      await far.reason("ann@example.com")
        == "it offers no encryption, and the password is not sent without")
    // What does not leave the host needs none.
    for url in ["ldap://127.0.0.1:\(server.port)", server.localURL] {
      let near = try TableDesk(.ldap, url, .map, options(secret: secret))
      #expect(try await near.value("ann@example.com") == "ann")
    }
  }

  @Test func aWrongBaseIsNoFaultOfTheServer() async throws {
    let server = try DirectoryServer(people: people, hasTLS: false)
    defer { server.stop() }
    var wrong = try options()
    wrong["base"] = "ou=nowhere,dc=example,dc=com"
    let desk = try TableDesk(.ldap, server.localURL, .map, wrong) { $0.failuresMax = 1 }
    for key in ["a", "b"] { #expect(await desk.reason(key) == "No such object") }
    let many = try TableDesk(.ldap, server.localURL, .map, options("(|(uid=*)(uid=%s))")) {
      $0.valuesMax = 2
    }
    #expect(await many.reason("a") == "the filter finds too many entries")
  }

  @Test func failsInTimeWhenItIsSilent() async throws {
    let server = try await ScriptedServer { _ in .silence }
    let url = "ldapi://" + server.path.replacing("/", with: "%2F")
    let desk = try TableDesk(.ldap, url, .map, options())
    #expect(await desk.reason("a", milliseconds: 500) == "timeout")
  }

  @Test(arguments: ["HTTP/1.1 400 Bad Request\r\n\r\n", ""])
  func failsWhenItIsNone(_ said: String) async throws {
    let server = try await ScriptedServer { _ in .cut(said) }
    let url = "ldapi://" + server.path.replacing("/", with: "%2F")
    let desk = try TableDesk(.ldap, url, .map, options())
    #expect(await desk.reason("a") == "Can't contact LDAP server")
  }

  @Test func aNameNeedsAPassword() throws {
    var half = try options()
    half["bind"] = "cn=x"
    #expect(throws: LiveFailure("table 't': :bind and :secret go together")) {
      _ = try TableDesk(.ldap, "ldapi://%2Fs", .map, half)
    }
  }

  @Test(arguments: [
    ("ldapi:///run/ldapi", "ldapi://%2Frun%2Fldapi"), ("ldapi:///", "ldapi:///"),
    ("ldapi://%2Frun%2Fldapi", "ldapi://%2Frun%2Fldapi"), ("ldap://h/", "ldap://h/"),
  ]) func writesThePathOfASocketAsAHost(_ address: String, _ url: String) {
    #expect(DirectoryTable.url(address) == url)
  }

  @Test(arguments: [
    ("ldap://127.0.0.1", true), ("ldap://localhost:389/", true), ("ldap://[::1]/", true),
    ("ldap://127.0.0.1.example.com", false), ("ldap://ldap.example.com", false),
  ]) func knowsItsOwnHost(_ url: String, _ isOurs: Bool) {
    #expect(DirectoryTable.isOurHost(url) == isOurs)
  }
}
