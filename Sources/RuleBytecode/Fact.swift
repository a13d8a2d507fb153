// The facts a policy can read: one line each, with type, phases and the milter macros behind it.
// The checker, the machine, the negotiation with the MTA and the manual derive from this sheet.

/// A single-valued fact, read as `${name}` or by the test `fact "name"`.
package enum Fact: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case clientIP, clientName, clientPTR, clientPort, clientDirectIP
  case serverIP, serverPort, serverName, serverDaemon
  case sessionID, helo
  case tlsVersion, tlsCipher, tlsBits, tlsVerified, tlsSubject, tlsIssuer
  case authType, authUser, authAuthor
  case sender, senderLocal, senderDomain, senderOrgDomain, queueID
  case rcpt, rcptLocal, rcptDomain, rcptMailer, rcptHost, rcptAddr
  case rcptCount, rcptFirst, rcptOriginal
  case subject, fromAddress, fromDomain, fromOrgDomain, fromDisplay, fromCount, messageID
  case messageSize, messageParts, messageDepth
  case partPath, partName, partExtension, partDeclared, partSniffed, partKind, partCharset
  case partEncoding, partDisposition, partSize, partDepth, partSHA256, partReading
  case memberName, linkURL, quarantineID
  case dnsblZone, dnsblCode, dnsblText
  case calloutCode, calloutEnhanced, calloutText, greylistWait
  case knownFirst, knownCount, knownWrote
  case spfResult, dkimResult, dkimDomain, dkimSelector, dmarcResult, dmarcPolicy, arcResult
  case score, direction, now, defangVersion, defangPolicy

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

  /// Known before any message, so it stays when one ends. Asked for each fact of each message.
  package var outlivesMessage: Bool { Self.lasting[Int(rawValue)] }
  private static let lasting = allCases.map {
    $0.info.phases == .all || $0.info.phases == .from(.helo)
  }
}

/// Facts that have a name of their own inside: `macro.NAME`, `scan.NAME.score`, ….
package enum FactFamily: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case macro, senderArgument, rcptArgument, scan, `switch`

  /// What stands before the free name.
  package var prefix: String {
    switch self {
    case .macro: "macro."
    case .senderArgument: "sender.arg."
    case .rcptArgument: "rcpt.arg."
    case .scan: "scan."
    case .switch: "switch."
    }
  }

  package var phases: PhaseSet {
    switch self {
    case .macro, .switch: .all
    case .senderArgument: .from(.mail)
    // In `eom` inside a loop over recipients; the checker sees to that.
    case .rcptArgument: PhaseSet([.rcpt, .eom])
    case .scan: .from(.message)
    }
  }

  /// Keywords of ESMTP are the same in upper and lower case (RFC 5321 §4.1.1.11).
  package var isOfESMTP: Bool { self == .senderArgument || self == .rcptArgument }

  /// What stands behind the name of a scanner: `scan.NAME.FIELD`.
  package static let scanFields = [
    "result", "name", "score", "threshold", "symbols", "report", "action", "stars",
  ]
  /// Those of them that may be longer than a name.
  package static let longScanFields = ["symbols", "report"]
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
    case .senderOrgDomain:
      Self.text("sender.org_domain", .from(.mail), [], "its organisational domain")
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
    case .fromOrgDomain:
      Self.text("from.org_domain", .from(.headers), [], "its organisational domain")
    case .fromDisplay: Self.text("from.display", .from(.headers), [], "its display name")
    case .fromCount: Self.number("from.count", .from(.headers), [], "addresses in all From fields")
    case .messageID: Self.text("message.id", .from(.headers), [], "Message-ID field")
    case .messageSize: Self.number("message.size", .from(.message), [], "octets, lines with CRLF")
    case .messageParts: Self.number("message.parts", .from(.message), [], "number of MIME parts")
    case .messageDepth: Self.number("message.depth", .from(.message), [], "deepest nesting")
    case .dnsblZone, .dnsblCode, .dnsblText, .calloutCode, .calloutEnhanced, .calloutText,
      .greylistWait, .knownFirst, .knownCount, .knownWrote, .spfResult, .dkimResult, .dkimDomain,
      .dkimSelector, .dmarcResult,
      .dmarcPolicy, .arcResult, .direction, .linkURL, .quarantineID:
      checkInfo
    case .score: Self.number("score", .all, [], "the score so far")
    case .now: Self.text("now", .all, [], "time of this run, RFC 3339, UTC")
    case .defangVersion: Self.text("defang.version", .all, [], "version of this program")
    case .defangPolicy: Self.text("defang.policy", .all, [], "digest of the policy's image")
    default: partInfo
    }
  }

  /// What checks and actions leave behind.
  private var checkInfo: Info {
    switch self {
    case .dnsblZone: Self.text("dnsbl.zone", .all, [], "zone of the latest listing")
    case .dnsblCode: Self.text("dnsbl.code", .all, [], "address that zone answered")
    case .dnsblText: Self.text("dnsbl.text", .all, [], "text that zone gave")
    case .calloutCode: Self.text("callout.code", .from(.mail), [], "reply code of a call-out")
    case .calloutEnhanced: Self.text("callout.enhanced", .from(.mail), [], "its enhanced code")
    case .calloutText: Self.text("callout.text", .from(.mail), [], "its text")
    case .greylistWait:
      Self.number("greylist.wait", .from(.rcpt), [], "seconds until a retry is taken")
    case .knownFirst:
      Self.text("known.first", .from(.mail), [], "when the sender first wrote to us, RFC 3339, UTC")
    case .knownCount:
      Self.number("known.count", .from(.mail), [], "accepted messages of the sender before this")
    case .knownWrote:
      Self.text("known.wrote", .from(.mail), [], "when we wrote to the sender last")
    case .spfResult: Self.text("spf.result", .from(.mail), [], "result of SPF")
    case .dkimResult: Self.text("dkim.result", .from(.message), [], "best result of DKIM")
    case .dkimDomain: Self.text("dkim.domain", .from(.message), [], "domain of that signature")
    case .dkimSelector: Self.text("dkim.selector", .from(.message), [], "its selector")
    case .dmarcResult: Self.text("dmarc.result", .from(.message), [], "result of DMARC")
    case .dmarcPolicy: Self.text("dmarc.policy", .from(.message), [], "policy of that domain")
    case .arcResult: Self.text("arc.result", .from(.message), [], "state of the ARC chain")
    case .direction: Self.text("direction", .from(.rcpt), [], "in, out, inside or relay")
    case .linkURL: Self.text("link.url", Self.partOnly, [], "where a replaced part can be had")
    default: Self.text("quarantine.id", .from(.mail), [], "under which this mail is kept")
    }
  }

  private var partInfo: Info {
    switch self {
    case .memberName:
      Self.text("member.name", Self.partOnly, [], "archive member that matched last")
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

  /// It is about one recipient, so a loop over recipients has it too.
  package var isOfRecipient: Bool {
    switch self {
    case .rcpt, .rcptLocal, .rcptDomain, .rcptMailer, .rcptHost, .rcptAddr, .rcptOriginal,
      .direction:
      true
    default: false
    }
  }

  /// A text in sentences or a distinguished name, not a path or a host's or user's name.
  package var isLong: Bool {
    switch self {
    case .tlsSubject, .tlsIssuer, .dnsblText, .calloutText, .linkURL: true
    default: false
    }
  }

  /// It is about one part, so a loop over parts has it too.
  package var isOfPart: Bool { info.phases == Self.partOnly }

  /// Where it can be read; a loop over parts or recipients has those of its own in `eom`.
  package func phases(inLoop: Bool) -> PhaseSet {
    inLoop && (isOfPart || isOfRecipient) ? PhaseSet([.eom]) : info.phases
  }

  /// The fact of that name.
  package static func named(_ name: String) -> Fact? { byName[name] }

  private static let byName = Dictionary(
    uniqueKeysWithValues: allCases.map { ($0.name, $0) })
}
