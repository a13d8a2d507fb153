// The facts a policy can read: one line each, with type, phases and the milter macros behind it.
// The checker, the machine, the negotiation with the MTA and the manual derive from this sheet.

/// A single-valued fact, read as `${name}` or by the test `fact "name"`.
package enum Fact: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case clientIP, clientName, clientPTR, clientPort, clientDirectIP
  case serverIP, serverPort, serverName, serverDaemon
  case sessionID, helo
  case tlsVersion, tlsCipher, tlsBits, tlsVerified, tlsSubject, tlsIssuer
  case authType, authUser, authAuthor
  case sender, senderLocal, senderDomain, queueID
  case rcpt, rcptLocal, rcptDomain, rcptMailer, rcptHost, rcptAddr
  case rcptCount, rcptFirst, rcptOriginal
  case subject, fromAddress, fromDomain, fromDisplay, fromCount, messageID
  case messageSize, messageParts, messageDepth
  case partPath, partName, partExtension, partDeclared, partSniffed, partKind, partCharset
  case partEncoding, partDisposition, partSize, partDepth, partSHA256, partReading
  case dnsblZone, dnsblCode
  case score, now, defangVersion, defangPolicy

  package enum Kind: BitwiseCopyable, Sendable { case text, number, address }

  package struct Info: Sendable {
    package let name: String
    package let kind: Kind
    /// Where it can be read.
    package let phases: PhaseSet
    /// The milter macros that carry it, as the MTA names them; empty when the protocol's own
    /// commands do, or the machine computes it.
    package let macros: [String]
    package let meaning: String
  }

  package var name: String { info.name }
}

/// Facts that have a name of their own inside: `macro.NAME`, `sender.arg.NAME`, `rcpt.arg.NAME`.
package enum FactFamily: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case macro, senderArgument, rcptArgument

  /// What stands before the free name.
  package var prefix: String {
    switch self {
    case .macro: "macro."
    case .senderArgument: "sender.arg."
    case .rcptArgument: "rcpt.arg."
    }
  }

  package var phases: PhaseSet {
    switch self {
    case .macro: .all
    case .senderArgument: .from(.mail)
    case .rcptArgument: PhaseSet([.rcpt])
    }
  }
}

extension Fact {
  private static func text(
    _ name: String, _ phases: PhaseSet, _ macros: [String] = [], _ meaning: String
  ) -> Info { Info(name: name, kind: .text, phases: phases, macros: macros, meaning: meaning) }

  private static func number(
    _ name: String, _ phases: PhaseSet, _ macros: [String] = [], _ meaning: String
  ) -> Info { Info(name: name, kind: .number, phases: phases, macros: macros, meaning: meaning) }

  private static let recipientOnly = PhaseSet([.rcpt])
  private static let partOnly = PhaseSet([.part])

  package var info: Info {
    switch self {
    case .clientIP:
      Info(
        name: "client.ip", kind: .address, phases: .all, macros: [],
        meaning: "address of the SMTP client")
    case .clientName:
      Self.text("client.name", .all, [], "name of the client as the MTA verified it, or [address]")
    case .clientPTR:
      Self.text("client.ptr", .all, ["{client_ptr}"], "name from the client's PTR record")
    case .clientPort: Self.number("client.port", .all, [], "TCP port of the client")
    case .clientDirectIP:
      Info(
        name: "client.direct_ip", kind: .address, phases: .all, macros: [],
        meaning: "address of the SMTP peer, whatever trusted relays say")
    case .serverIP:
      Info(
        name: "server.ip", kind: .address, phases: .all,
        macros: ["{if_addr}", "{daemon_addr}"], meaning: "address the client connected to")
    case .serverPort: Self.number("server.port", .all, ["{daemon_port}"], "port connected to")
    case .serverName: Self.text("server.name", .all, ["j"], "the MTA's own name")
    case .serverDaemon: Self.text("server.daemon", .all, ["{daemon_name}"], "the MTA's listener")
    case .sessionID: Self.text("session.id", .all, [], "our own id of this session")
    case .helo: Self.text("helo", .from(.helo), [], "argument of HELO or EHLO")
    case .tlsVersion: Self.text("tls.version", .from(.helo), ["{tls_version}"], "TLS version")
    case .tlsCipher: Self.text("tls.cipher", .from(.helo), ["{cipher}"], "TLS cipher suite")
    case .tlsBits: Self.number("tls.bits", .from(.helo), ["{cipher_bits}"], "key length in bits")
    case .tlsVerified:
      Self.text("tls.verified", .from(.helo), ["{verify}"], "\"yes\" for a verified certificate")
    case .tlsSubject:
      Self.text("tls.subject", .from(.helo), ["{cert_subject}"], "subject of the certificate")
    case .tlsIssuer:
      Self.text("tls.issuer", .from(.helo), ["{cert_issuer}"], "issuer of the certificate")
    default: lateInfo
    }
  }

  private var lateInfo: Info {
    switch self {
    case .authType: Self.text("auth.type", .from(.mail), ["{auth_type}"], "SASL mechanism")
    case .authUser: Self.text("auth.user", .from(.mail), ["{auth_authen}"], "SASL login name")
    case .authAuthor: Self.text("auth.author", .from(.mail), ["{auth_author}"], "SASL author")
    case .sender: Self.text("sender", .from(.mail), [], "reverse path, empty for the null sender")
    case .senderLocal: Self.text("sender.local", .from(.mail), [], "its local part")
    case .senderDomain: Self.text("sender.domain", .from(.mail), [], "its domain")
    case .queueID: Self.text("queue.id", .from(.mail), ["i"], "the MTA's queue id, once known")
    case .rcpt: Self.text("rcpt", Self.recipientOnly, [], "this recipient")
    case .rcptLocal: Self.text("rcpt.local", Self.recipientOnly, [], "its local part")
    case .rcptDomain: Self.text("rcpt.domain", Self.recipientOnly, [], "its domain")
    case .rcptMailer:
      Self.text("rcpt.mailer", Self.recipientOnly, ["{rcpt_mailer}"], "mailer the MTA chose")
    case .rcptHost: Self.text("rcpt.host", Self.recipientOnly, ["{rcpt_host}"], "next host")
    case .rcptAddr: Self.text("rcpt.addr", Self.recipientOnly, ["{rcpt_addr}"], "mailer's address")
    case .rcptCount:
      Self.number("rcpt.count", .from(.rcpt), [], "accepted recipients, this one included")
    case .rcptFirst: Self.text("rcpt.first", .from(.rcpt), [], "first accepted recipient")
    case .rcptOriginal:
      Self.text("rcpt.original", Self.recipientOnly, [], "the ORCPT argument's address")
    case .subject: Self.text("subject", .from(.headers), [], "Subject field, decoded")
    case .fromAddress: Self.text("from.address", .from(.headers), [], "first From address")
    case .fromDomain: Self.text("from.domain", .from(.headers), [], "its domain")
    case .fromDisplay: Self.text("from.display", .from(.headers), [], "its display name")
    case .fromCount: Self.number("from.count", .from(.headers), [], "addresses in all From fields")
    case .messageID: Self.text("message.id", .from(.headers), [], "Message-ID field")
    case .messageSize: Self.number("message.size", .from(.message), [], "octets, lines with CRLF")
    case .messageParts: Self.number("message.parts", .from(.message), [], "number of MIME parts")
    case .messageDepth: Self.number("message.depth", .from(.message), [], "deepest nesting")
    case .dnsblZone: Self.text("dnsbl.zone", .all, [], "zone of the latest listing")
    case .dnsblCode: Self.text("dnsbl.code", .all, [], "address that zone answered")
    case .score: Self.number("score", .all, [], "the score so far")
    case .now: Self.text("now", .all, [], "time of this run, RFC 3339, UTC")
    case .defangVersion: Self.text("defang.version", .all, [], "version of this program")
    case .defangPolicy: Self.text("defang.policy", .all, [], "digest of the policy's image")
    default: partInfo
    }
  }

  private var partInfo: Info {
    switch self {
    case .partPath: Self.text("part.path", Self.partOnly, [], "place in the tree: 1, 1.2, …")
    case .partName: Self.text("part.name", Self.partOnly, [], "file name, most trusted of several")
    case .partExtension:
      Self.text("part.extension", Self.partOnly, [], "after its last dot, in lower case")
    case .partDeclared: Self.text("part.declared", Self.partOnly, [], "declared media type")
    case .partSniffed:
      Self.text("part.sniffed", Self.partOnly, [], "media type of the decoded content")
    case .partKind: Self.text("part.kind", Self.partOnly, [], "family of the decoded content")
    case .partCharset: Self.text("part.charset", Self.partOnly, [], "declared charset")
    case .partEncoding: Self.text("part.encoding", Self.partOnly, [], "declared transfer encoding")
    case .partDisposition: Self.text("part.disposition", Self.partOnly, [], "inline, attachment, …")
    case .partSize: Self.number("part.size", Self.partOnly, [], "octets of the decoded content")
    case .partDepth: Self.number("part.depth", Self.partOnly, [], "nesting, 0 for the top part")
    case .partSHA256:
      Self.text("part.sha256", Self.partOnly, [], "SHA-256 of the decoded content, in hex")
    default: Self.number("part.reading", Self.partOnly, [], "which reading it belongs to")
    }
  }

  /// The fact of that name.
  package static func named(_ name: String) -> Fact? { byName[name] }

  private static let byName = Dictionary(
    uniqueKeysWithValues: allCases.map { ($0.name, $0) })
}
