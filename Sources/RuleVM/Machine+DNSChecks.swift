// Questions to the DNS: lists of addresses and names (RFC 5782), the client's name, and where a
// domain's mail goes. What lists answer is trusted no further than the RFC says.
internal import MailMessage
internal import RuleBytecode

/// What one zone says of one subject.
private enum Listing {
  case missing
  case failed(FailureClass, String)
  case codes([String], text: String?)
}

extension Machine {
  /// `dnsbl` and `hashbl`: true when that many zones list the subject. An error only if the zones
  /// that could not be asked could have made it true.
  mutating func isListed(
    _ spec: CheckSpec, _ texts: [String], _ program: borrowing VerifiedProgram
  ) throws(Trap) -> UInt64? {
    var zones = program.program.words(ofSet: spec.arguments)[...]
    var prefix: [String] = []
    if spec.kind == .hashbl { prefix = zones.popFirst().map { [$0] } ?? [] }
    guard let subject = listSubject(spec, texts, program) else { return TruthWord.no }
    let wanted = max(1, Int(spec.aspect))
    var hits = 0
    var missing = 0
    var failure: (class: FailureClass, reason: String, count: Int)?
    for zone in zones {
      switch try listing(in: zone, prefix, subject, spec, program) {
      case .missing: missing += 1
      case .failed(let found, let reason): failure = (found, reason, (failure?.count ?? 0) + 1)
      case .codes([], _): break
      case .codes(let codes, let text):
        hits += 1
        saw("\(zone) \(codes.joined(separator: ","))")
        if hits == 1 { try noteListing(zone, codes[0], text, program) }
      }
      if hits == wanted { return TruthWord.yes }
    }
    if missing > 0 { return nil }
    guard let failure, hits + failure.count >= wanted else { return TruthWord.no }
    return fail(failure.class, failure.reason)
  }

  /// What the zones are asked about; nil when there is nothing to ask.
  private func listSubject(
    _ spec: CheckSpec, _ texts: [String], _ program: borrowing VerifiedProgram
  ) -> String? {
    guard let text = texts.first else {
      return facts[.clientIP].map { String(decoding: bytes(of: $0, program), as: UTF8.self) }
    }
    if spec.kind == .hashbl { return text.isEmpty ? nil : text }
    return DomainName.isAskable(text) ? text.lowercased() : nil
  }

  private mutating func listing(
    in zone: String, _ prefix: [String], _ subject: String, _ spec: CheckSpec,
    _ program: borrowing VerifiedProgram
  ) throws(Trap) -> Listing {
    let codes: [String]
    var text: String?
    switch try ask(spec, zone, [zone] + prefix + [subject], program) {
    case nil: return .missing
    case .failed(let failure, let reason):
      return .failed(failure, "\(spec.kind.name) \(zone): \(reason)")
    case .values(let values): codes = values
    case .fields(let fields):
      codes = (fields["codes"] ?? "").split(separator: " ").map(String.init)
      text = fields["text"]
    case .truth, .archive, .errands:
      return .failed(.dns, "\(spec.kind.name) \(zone): the answer cannot be read")
    }
    var wanted: [String] = []
    for code in codes.prefix(ByteCost.listCodesMax) where try isWanted(code, spec, program) {
      wanted.append(code)
    }
    if wanted.isEmpty, let odd = codes.first(where: { !Self.isListCode($0) }) {
      return .failed(.dns, "\(spec.kind.name) \(zone): \(odd) is no answer of a list")
    }
    return .codes(wanted, text: text)
  }

  /// `:code` names addresses and networks; without it, every code that a list may give counts.
  private mutating func isWanted(
    _ code: String, _ spec: CheckSpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> Bool {
    guard spec.spec > 0 else { return Self.isListCode(code) }
    let word = try makeText(code.utf8.prefix(ByteCost.listCodeBytesMax))
    return try matches(word, program.program.specs[Int(spec.spec) - 1], program)
  }

  /// RFC 5782 §2.1: lists answer from 127.0.0.0/8; anything else comes from a name that is no list
  /// any more. In 127.255.255.0/24 large lists say that they refuse to answer.
  private static func isListCode(_ code: String) -> Bool {
    guard let address = IPAddress(code), address.isIPv4, address.bytes[12] == 127 else {
      return false
    }
    return address.bytes[13] != 255 || address.bytes[14] != 255
  }

  private mutating func noteListing(
    _ zone: String, _ code: String, _ text: String?, _ program: borrowing VerifiedProgram
  ) throws(Trap) {
    try note(.dnsblZone, zone, program)
    try note(.dnsblCode, code, program)
    try note(.dnsblText, text, program)
  }

  // MARK: Names

  /// `rdns`: the client's name leads back to its address; `:dynamic`: it looks like one of many.
  mutating func reverseName(
    _ spec: CheckSpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> UInt64? {
    guard let word = facts[.clientIP] else { return TruthWord.no }
    let address = String(decoding: bytes(of: word, program), as: UTF8.self)
    switch try ask(spec, address, [address], program) {
    case nil: return nil
    case .failed(let failure, let reason): return fail(failure, "rdns \(address): \(reason)")
    case .fields(let fields):
      let isDynamic = spec.aspect == ReverseNameQuestion.dynamic.rawValue
      let value = fields[isDynamic ? "dynamic" : "confirmed"] == "yes"
      saw(fields["name"] ?? (value ? "yes" : "no"))
      return value ? TruthWord.yes : TruthWord.no
    case .values, .truth, .archive, .errands: return misread(spec, address)
    }
  }

  /// `mx`: what cannot be a domain has no mail exchanger; the null sender and address literals are
  /// no domains to ask about.
  mutating func mailExchanger(
    _ spec: CheckSpec, _ texts: [String], _ program: borrowing VerifiedProgram
  ) throws(Trap) -> UInt64? {
    let domain = (texts.first ?? "").lowercased()
    guard !domain.isEmpty, !domain.hasPrefix("[") else { return TruthWord.no }
    let question = MXQuestion(rawValue: spec.aspect)
    guard DomainName.isAskable(domain) else {
      return question == .missing ? TruthWord.yes : TruthWord.no
    }
    let client = facts[.clientIP].map { String(decoding: bytes(of: $0, program), as: UTF8.self) }
    var arguments = [domain, client ?? ""]
    // Our own domains name this server, and must.
    try charge(own.domains.count * (ByteCost.tableVisit + domain.utf8.count))
    if let word = facts[.serverIP], !mayBeOwnDomain(domain, program) {
      arguments.append(String(decoding: bytes(of: word, program), as: UTF8.self))
    }
    switch try ask(spec, domain, arguments, program) {
    case nil: return nil
    case .failed(let failure, let reason): return fail(failure, "mx \(domain): \(reason)")
    case .values(let states) where !states.isEmpty:
      saw("\(domain) \(states.joined(separator: ","))")
      if states.contains(question?.name ?? "") { return TruthWord.yes }
      guard let unknown = states.first(where: { $0.hasPrefix(Self.unknownExchanger) }) else {
        return TruthWord.no
      }
      return fail(.dns, "mx \(domain): \(unknown.dropFirst(Self.unknownExchanger.count))")
    case .values, .fields, .truth, .archive, .errands: return misread(spec, domain)
    }
  }
}

extension Machine {
  /// Before the reason why some exchanger's addresses are not known: it might have been what was
  /// asked for.
  private static var unknownExchanger: String { "unknown " }
}

/// Names that can be asked of the DNS at all (RFC 1035 §2.3.4); mail can hold any text there.
enum DomainName {
  static func isAskable(_ text: String) -> Bool {
    let bytes = text.utf8
    guard !bytes.isEmpty, bytes.count <= 253, !bytes.allSatisfy({ isDigit($0) || $0 == 46 }) else {
      return false
    }
    return bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy {
      !$0.isEmpty && $0.count <= 63 && $0.allSatisfy(isLabelByte)
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }

  private static func isLabelByte(_ byte: UInt8) -> Bool {
    byte >= 0x80 || isDigit(byte) || (byte | 0x20) &- 97 < 26 || byte == 45 || byte == 95
  }
}
