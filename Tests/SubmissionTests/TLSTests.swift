// STARTTLS in its three modes, and logging in through it.
import Foundation
import Testing

@testable import Submission

private let mail = OutgoingMail(
  purpose: .release, sender: "ann@example.org", recipients: ["bob@example.com"],
  message: Array("Subject: hello\r\n\r\nline\r\n".utf8))

@Suite struct TLSTests {
  private let client = SMTPClient(hostName: "filter.example.net")
  private let certificate: TestCertificate

  init() throws { certificate = try TestCertificate(for: "IP:127.0.0.1") }

  private func server(_ acts: [String: ServerAct] = [:]) async throws -> FaultyServer {
    var script = ServerScript(acts)
    script.tls = certificate
    return try await FaultyServer(script)
  }

  private func place(
    _ server: FaultyServer, _ security: SMTPServer.Security, trusts: Bool = true,
    name: String? = nil
  ) -> SMTPServer {
    var place = SMTPServer(.inet(host: "127.0.0.1", port: server.port), security: security)
    if trusts { place.certificatesPath = certificate.certificatePath }
    place.verifiedName = name
    return place
  }

  @Test func requiredAndGood() async throws {
    let server = try await server()
    #expect(await client.send(mail, to: place(server, .required)).isSent)
    let session = try #require(server.sessions.first)
    #expect(session.isEncrypted)
    // What was offered in plain text counts no more.
    #expect(session.lines.filter { $0.hasPrefix("EHLO") }.count == 2)
  }

  @Test(arguments: [(false, nil), (true, "mail.example.net")] as [(Bool, String?)])
  func requiredAndNotTrusted(_ trusts: Bool, _ name: String?) async throws {
    let server = try await server()
    let result = await client.send(
      mail, to: place(server, .required, trusts: trusts, name: name))
    #expect(result.failure?.kind == "unreachable")
    #expect(server.sessions.flatMap(\.lines).allSatisfy { !$0.hasPrefix("MAIL") })
  }

  @Test func theCertificateIsForTheName() async throws {
    let named = try TestCertificate(for: "DNS:*.example.net,IP:127.0.0.1")
    var script = ServerScript()
    script.tls = named
    let server = try await FaultyServer(script)
    for (name, isRight) in [("mail.example.net", true), ("mail.example.org", false)] {
      var place = place(server, .required, name: name)
      place.certificatesPath = named.certificatePath
      #expect(await client.send(mail, to: place).isSent == isRight)
    }
  }

  @Test(arguments: [
    ("mail.example.net", "MAIL.example.net.", true), ("*.example.net", "a.example.net", true),
    ("*.example.net", "example.net", false), ("*.example.net", "a.b.example.net", false),
    ("*", "localhost", false), ("*.net", "example.net", false), ("localhost", "localhost", true),
    ("a*.example.net", "ab.example.net", false),
  ])
  func namesInCertificates(_ pattern: String, _ name: String, _ isIt: Bool) {
    #expect(PeerName.matches(pattern, name) == isIt)
  }

  @Test func requiredAndNotOffered() async throws {
    var script = ServerScript()
    script.offer = ["SIZE"]
    let server = try await FaultyServer(script)
    #expect(await client.send(mail, to: place(server, .required)).failure?.kind == "unreachable")
    #expect(server.messages.isEmpty)
  }

  @Test func opportunisticTakesAnyCertificate() async throws {
    let server = try await server()
    #expect(await client.send(mail, to: place(server, .opportunistic, trusts: false)).isSent)
    #expect(server.sessions.first?.isEncrypted == true)
  }

  /// The server says 220 and then speaks no TLS.
  @Test func opportunisticFallsBack() async throws {
    let server = try await FaultyServer(
      ServerScript(["STARTTLS": .sayAndClose("220 go on\r\n")]))
    #expect(await client.send(mail, to: place(server, .opportunistic)).isSent)
    #expect(server.sessions.count == 2)
    #expect(server.messages.count == 1)
  }

  @Test(arguments: [SMTPServer.Security.opportunistic, .required])
  func refusedSTARTTLS(_ security: SMTPServer.Security) async throws {
    let server = try await server(["STARTTLS": .say("454 4.7.0 not now\r\n")])
    let result = await client.send(mail, to: place(server, security))
    #expect(result.isSent == (security == .opportunistic))
  }

  /// An answer in plain text behind the 220 would later be taken for one that came encrypted
  /// (CVE-2011-0411 and its likes).
  @Test func injectedAnswersAreRefused() async throws {
    for text in ["220 go on\r\n250 injected\r\n", "220 go on\r\n25"] {
      let server = try await server(["STARTTLS": .say(text)])
      let result = await client.send(mail, to: place(server, .required))
      #expect(result.failure == .fault(.textBeforeTLS))
      #expect(server.messages.isEmpty)
    }
  }

  // MARK: Login

  @Test func logsInThroughTLSOnly() async throws {
    let folder = try TestFolder()
    let path = try folder.write("credentials", "ann\nopen sesame\n")
    var script = ServerScript()
    script.tls = certificate
    script.offer = ["AUTH PLAIN LOGIN", "STARTTLS"]
    let server = try await FaultyServer(script)
    var place = place(server, .required)
    place.credentialsPath = path
    #expect(await client.send(mail, to: place).isSent)
    let expected = Data("\0ann\0open sesame".utf8).base64EncodedString()
    #expect(server.sessions[0].lines.contains("AUTH PLAIN " + expected))
    place.security = .off
    #expect(await client.send(mail, to: place).failure?.kind == "unreachable")
    #expect(server.sessions[1].lines.allSatisfy { !$0.hasPrefix("AUTH") })
  }

  @Test(arguments: [("ann\n", 0o600), ("ann\npw\n", 0o640), ("ann\npw\nmore\n", 0o600)])
  func credentialsThatAreNone(_ text: String, _ mode: Int) async throws {
    let folder = try TestFolder()
    let path = try folder.write("credentials", text, mode: mode)
    #expect(throws: StateFault.self) { _ = try Credentials(path) }
  }
}
