// How the other side of STARTTLS is judged, and who we are to it (RFC 3207, RFC 4954).
internal import MailMessage
internal import NIOCore
internal import NIOSSL

struct TLSSettings {
  let context: NIOSSLContext
  /// For SNI and the certificate; nil for an address, which is compared with the peer's.
  let name: String?

  init(_ server: SMTPServer) throws {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.minimumTLSVersion = .tlsv12
    configuration.certificateVerification =
      server.security == .required ? .fullVerification : .none
    if let path = server.certificatesPath { configuration.trustRoots = .file(path) }
    context = try NIOSSLContext(configuration: configuration)
    name = Self.name(of: server)
  }

  static func name(of server: SMTPServer) -> String? {
    if let name = server.verifiedName { return name }
    guard case .inet(let host, _) = server.place else { return nil }
    let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
    return isAddress ? nil : host
  }
}

/// Names in certificates (RFC 6125 §6.4): DNS names, with `*` for a whole first label.
enum PeerName {
  static func isIn(_ certificate: NIOSSLCertificate, _ name: String) -> Bool {
    var hasNames = false
    for alternative in certificate._subjectAlternativeNames() {
      hasNames = true
      guard alternative.nameType == .dnsName else { continue }
      if matches(String(decoding: Array(alternative.contents), as: UTF8.self), name) { return true }
    }
    // Without any the library has compared the common name, and never an address.
    return !hasNames
  }

  static func matches(_ pattern: String, _ name: String) -> Bool {
    func labels(_ text: String) -> [Substring] {
      text.lowercased().split(separator: ".", omittingEmptySubsequences: false)
    }
    let bare = name.hasSuffix(".") ? String(name.dropLast()) : name
    let (left, right) = (labels(pattern), labels(bare))
    guard left.count == right.count, left.count > 1 || left == right else { return false }
    if left == right { return true }
    return left.count > 2 && left[0] == "*" && left.dropFirst() == right.dropFirst()
  }
}

extension SMTPDialogue {
  /// Logs in with the user and password of a file of two lines (RFC 4954).
  func login(_ path: String, _ offer: SMTPOffer) async throws(SendFailure) {
    let credentials: Credentials
    do throws(StateFault) {
      credentials = try Credentials(path)
    } catch {
      throw .unreachable("\(error)")
    }
    let mechanisms = offer.loginMechanisms
    let reply: SMTPReply
    if mechanisms.contains("PLAIN") {
      let words = [0] + credentials.user + [0] + credentials.password
      reply = try await connection.command("AUTH PLAIN " + Base64Encoder.text(words), .auth)
    } else if mechanisms.contains("LOGIN") {
      reply = try await loginStepwise(credentials)
    } else {
      throw .unreachable("it offers neither AUTH PLAIN nor AUTH LOGIN")
    }
    guard reply.isPositive else { throw .unreachable("it answers AUTH by \(reply)") }
  }

  private func loginStepwise(_ credentials: Credentials) async throws(SendFailure) -> SMTPReply {
    var reply = try await connection.command("AUTH LOGIN", .auth)
    for word in [credentials.user, credentials.password] {
      guard reply.code == 334 else { return reply }
      reply = try await connection.command(Base64Encoder.text(word), .auth)
    }
    return reply
  }
}

/// A user and a password; never in a log, whatever fails.
struct Credentials {
  let user: [UInt8]
  let password: [UInt8]

  static let bytesMax = 4_096

  init(_ path: String) throws(StateFault) {
    let bytes = try StateFiles.readSecret(path, bytesMax: Self.bytesMax)
    let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map {
      $0.last == 0x0D ? Array($0.dropLast()) : Array($0)
    }
    guard lines.count >= 2, !lines[0].isEmpty, !lines[1].isEmpty,
      lines[2...].allSatisfy(\.isEmpty)
    else { throw .badContent(path, "it must have two lines: the user, the password") }
    user = lines[0]
    password = lines[1]
  }
}
