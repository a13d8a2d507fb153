// An OpenLDAP server with a few people, on a unix socket and on loopback. Trusts Debian's package
// slapd.
import Foundation
import Synchronization

package final class DirectoryServer: Sendable {
  package static let base = "dc=example,dc=com"
  package static let administrator = "cn=admin,dc=example,dc=com"
  package static let password = "a password of the laboratory"

  package let port: UInt16
  /// `ldapi://…`.
  package let localURL: String
  /// Who vouches for its certificate, when it has one.
  package let authoritiesPath: String

  private let directory: LabDirectory
  private let process: Mutex<ChildProcess?>

  /// - Parameter people: entries in LDIF below `base`.
  package init(people: String, hasTLS: Bool) throws {
    directory = try LabDirectory()
    port = try Posix.listenOnLoopback().port
    let socket = directory.path + "/ldapi"
    localURL = "ldapi://" + socket.replacingOccurrences(of: "/", with: "%2F")
    authoritiesPath = directory.path + "/certificate.pem"
    process = Mutex(nil)
    if hasTLS { try makeCertificate() }
    try directory.makeDirectory("database")
    try directory.write("slapd.conf", Self.settings(directory.path, hasTLS: hasTLS))
    let organisation = "dn: \(Self.base)\nobjectClass: domain\ndc: example\n\n"
    try directory.write("people.ldif", organisation + people)
    let added = try ChildProcess.run(
      ["/usr/sbin/slapadd", "-q", "-f", directory.path + "/slapd.conf"]
        + ["-l", directory.path + "/people.ldif"], outputPath: directory.path + "/slapadd.out")
    guard added == .code(0) else { throw LabError("slapadd: \(directory.text("slapadd.out"))") }
    try start()
  }

  deinit { stop() }

  private func makeCertificate() throws {
    let made = try ChildProcess.run(
      [
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
        "-nodes", "-days", "30", "-subj", "/CN=127.0.0.1", "-addext",
        "subjectAltName=IP:127.0.0.1", "-keyout", directory.path + "/key.pem", "-out",
        authoritiesPath,
      ], outputPath: directory.path + "/openssl.out")
    guard made == .code(0) else { throw LabError("openssl: \(directory.text("openssl.out"))") }
  }

  private static func settings(_ path: String, hasTLS: Bool) -> String {
    let schemas = ["core", "cosine", "inetorgperson"].map {
      "include /etc/ldap/schema/\($0).schema\n"
    }.joined()
    let encryption =
      hasTLS
      ? "TLSCertificateFile \(path)/certificate.pem\nTLSCertificateKeyFile \(path)/key.pem\n" : ""
    return """
      \(schemas)modulepath /usr/lib/ldap
      moduleload back_mdb
      pidfile \(path)/slapd.pid
      \(encryption)database mdb
      suffix "\(base)"
      rootdn "\(administrator)"
      rootpw "\(password)"
      directory \(path)/database
      access to attrs=description by * none
      access to * by * read

      """
  }

  package func start() throws {
    let urls = "\(localURL) ldap://127.0.0.1:\(port) ldap://127.0.0.2:\(port)"
    let child = try ChildProcess(
      ["/usr/sbin/slapd", "-d", "0", "-f", directory.path + "/slapd.conf", "-h", urls],
      outputPath: directory.path + "/slapd.out")
    process.withLock { $0 = child }
    let port = self.port
    let isUp = Laboratory.waitUntil(timeoutSeconds: 30) {
      child.exitStatus() != nil || ServerFamily.takes(port)
    }
    guard isUp, child.exitStatus() == nil else {
      throw LabError("slapd does not start: \(directory.text("slapd.out"))")
    }
  }

  package func stop() {
    let child = process.withLock { $0 }
    child?.signal(SIGKILL)
    _ = child?.wait(timeoutSeconds: 10)
  }
}
