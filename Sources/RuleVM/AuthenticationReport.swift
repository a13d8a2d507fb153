// What was found out about who sends a message, in the words of Authentication-Results (RFC 8601).
// Only what rules have asked is said. Names in it are a stranger's: each is written as it may stand
// there without quotes, or not at all, so nothing of a mail becomes a word of ours.
internal import RuleBytecode

/// One method and what it said.
struct MethodResult: Equatable {
  let method: String
  let result: String
  var comment: String?
  /// `ptype.property` and value.
  var properties: [(name: String, value: String)] = []

  init(_ method: String, _ result: String) {
    self.method = method
    self.result = result
  }

  /// Adds a property whose value there is.
  mutating func add(_ name: String, _ value: String?) {
    if let value { properties.append((name, value)) }
  }

  static func == (left: MethodResult, right: MethodResult) -> Bool { left.text == right.text }

  var text: String {
    let words = properties.map { "\($0.name)=\($0.value)" }
    return (["\(method)=\(result)"] + (comment.map { ["(\($0))"] } ?? []) + words)
      .joined(separator: " ")
  }
}

/// Values that need no quotes; nil for what does.
enum ResultValue {
  /// RFC 5321 §4.5.3.1, with room.
  static let bytesMax = 320

  static func domain(_ text: some StringProtocol) -> String? {
    let isDomain = text.utf8.allSatisfy { isLetterOrDigit($0) || "-._".utf8.contains($0) }
    return isDomain && !text.isEmpty && text.utf8.count <= bytesMax ? String(text) : nil
  }

  /// The address, or its domain where the local part is not plain.
  static func address(_ text: String) -> String? {
    guard let at = text.lastIndex(of: "@"), let domain = domain(text[text.index(after: at)...])
    else { return domain(text) }
    return name(text) ?? domain
  }

  /// What somebody logged in with.
  static func name(_ text: String) -> String? {
    let isPlain = text.utf8.allSatisfy { isLetterOrDigit($0) || "-._+@".utf8.contains($0) }
    return isPlain && !text.isEmpty && text.utf8.count <= bytesMax ? text : nil
  }

  /// Colons must be quoted.
  static func address(ip text: String) -> String? {
    guard let address = IPAddress(text) else { return nil }
    return address.isIPv4 ? address.readable : "\"\(address.readable)\""
  }

  /// A result is a keyword (RFC 8601 §2.2).
  static func keyword(_ text: String) -> String? {
    let isWord = text.utf8.allSatisfy { (0x61...0x7A).contains($0) }
    return isWord && !text.isEmpty && text.utf8.count <= 20 ? text : nil
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10
  }
}

extension PolicySession {
  /// The value of the field: who says it, and what; `none` where nothing was asked.
  func authenticationReport(by authority: String) -> String {
    let results = machine.authenticationResults(policy.program)
    let said = results.isEmpty ? ["none"] : results.map(\.text)
    return ([authority] + said).joined(separator: "; ")
  }
}

extension Machine {
  /// In the order in which the methods depend on each other.
  func authenticationResults(_ program: borrowing VerifiedProgram) -> [MethodResult] {
    [login(program), reverseName(program), senderPolicy(program)].compactMap(\.self)
      + signatures() + [domainPolicy(), chain()].compactMap(\.self)
  }

  private func text(_ fact: Fact, _ program: borrowing VerifiedProgram) -> String {
    facts[fact].map { String(decoding: bytes(of: $0, program), as: UTF8.self) } ?? ""
  }

  /// RFC 8601 §2.7.4. Nobody asks to be told that somebody has not logged in.
  private func login(_ program: borrowing VerifiedProgram) -> MethodResult? {
    guard wasLoginAsked, facts[.authUser] != nil || facts[.authType] != nil else { return nil }
    var result = MethodResult("auth", "pass")
    result.add("smtp.auth", ResultValue.name(text(.authUser, program)))
    return result
  }

  /// RFC 8601 §2.7.3.
  private func reverseName(_ program: borrowing VerifiedProgram) -> MethodResult? {
    let address = text(.clientIP, program)
    guard let answer = answers.known(.rdns, [address]) else { return nil }
    var word = "temperror"
    if case .fields(let fields) = answer { word = fields["confirmed"] == "yes" ? "pass" : "fail" }
    var result = MethodResult("iprev", word)
    result.add("policy.iprev", ResultValue.address(ip: address))
    return result
  }

  /// RFC 8601 §2.7.2.
  private func senderPolicy(_ program: borrowing VerifiedProgram) -> MethodResult? {
    guard let arguments = senderPolicyArguments(program),
      let word = word(of: answers.known(.spf, arguments))
    else { return nil }
    var result = MethodResult("spf", word)
    if arguments[1].isEmpty {
      result.add("smtp.helo", ResultValue.domain(arguments[2]))
    } else {
      result.add("smtp.mailfrom", ResultValue.address(arguments[1]))
    }
    return result
  }

  /// RFC 8601 §2.7.1: one result a signature.
  private func signatures() -> [MethodResult] {
    guard let answer = answers.known(.dkim, []) else { return [] }
    guard case .values(let lines) = answer else { return [MethodResult("dkim", "temperror")] }
    if lines.isEmpty { return [MethodResult("dkim", "none")] }
    return lines.prefix(limits.signatureResultsMax).compactMap { line in
      let words = line.split(separator: " ").map(String.init)
      guard let word = words.first.flatMap(ResultValue.keyword) else { return nil }
      var result = MethodResult("dkim", word)
      if words.count > 1 { result.add("header.d", ResultValue.domain(words[1])) }
      if words.count > 2 { result.add("header.s", ResultValue.domain(words[2])) }
      return result
    }
  }

  /// RFC 7489 §11.1.
  private func domainPolicy() -> MethodResult? {
    guard let (authors, answer) = answers.known(ofMessage: .dmarc), let word = word(of: answer)
    else { return nil }
    var result = MethodResult("dmarc", word)
    if case .fields(let fields) = answer, let policy = fields["policy"].flatMap(ResultValue.keyword)
    {
      result.comment = "p=\(policy)"
    }
    if authors.count == 1 { result.add("header.from", ResultValue.domain(authors[0])) }
    return result
  }

  /// RFC 8617 §10.1.
  private func chain() -> MethodResult? {
    word(of: answers.known(.arc, [])).map { MethodResult("arc", $0) }
  }

  /// Nil for what was not asked; an answer that never came is one that may come another time.
  private func word(of answer: CheckAnswer?) -> String? {
    guard let answer else { return nil }
    guard case .fields(let fields) = answer else { return "temperror" }
    return fields["result"].flatMap(ResultValue.keyword)
  }
}
