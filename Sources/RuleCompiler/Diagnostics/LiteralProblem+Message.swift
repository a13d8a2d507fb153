// The words of family L.

import RuleBytecode

extension LiteralProblem {
  var wording: Wording {
    switch self {
    case .address(let text):
      Wording("\(quoted(text)) is no mail address", "expected local-part@domain")
    case .domain(let text):
      Wording("\(quoted(text)) is no domain name", "letters, digits and '-' between dots")
    case .ipAddress(let text): Wording("\(quoted(text)) is no IP address")
    case .network(let text):
      Wording("\(quoted(text)) is no address and no network", "expected address or address/bits")
    case .networkHostBits(let text, let network):
      Wording("\(quoted(text)) has bits set behind its prefix", "it means \(network)")
    case .headerName(let text):
      Wording("\(quoted(text)) is no header name", "printable ASCII without blanks and ':'")
    case .replyCode(let text, let verdict):
      Wording(
        "\(quoted(text)) is no reply code of \(quoted(verdict))",
        verdict == "tempfail" ? "expected 400 to 499" : "expected 500 to 599")
    case .enhancedCode(let text):
      Wording("\(quoted(text)) is no enhanced status code", "expected as in 5.7.1")
    case .codeClassMismatch(let code, let enhanced):
      Wording("the reply code \(code) and the enhanced code \(enhanced) disagree")
    case .score(let text):
      Wording("\(quoted(text)) is no score", "expected a decimal with up to three places")
    case .scoreTooBig(let text, let max):
      Wording("the score \(quoted(text)) is too big", "at most \(max)")
    case .notANumber(let text):
      Wording("\(quoted(text)) is no number", "expected digits, as in 8 or -0.5")
    case .replyLineTooLong(let bytes, let max):
      Wording("this line of the reply is too long: \(counted(bytes, "byte"))", "at most \(max)")
    case .replyControl(let value): Self.replyControl(value)
    case .replyNotASCII:
      Wording("this reply is not ASCII", "clients without SMTPUTF8 cannot read it")
    case .headerValueControl(let value):
      Wording("the value of a header must not hold \(codePoint(value))")
    case .badName(let text, let kind): Wording("\(quoted(text)) cannot name a \(kind.rawValue)")
    case .badSymbol(let text):
      Wording("\(quoted(text)) cannot name a score", "letters, digits and _")
    case .mediaType(let text):
      Wording("\(quoted(text)) is no media type", "expected type/subtype")
    case .badVariable(let text): Wording("\(quoted(text)) is no variable")
    case .captureBeyondGroups(let index, let groups):
      Wording("${\(index)} is beyond what the match sets", "it sets \(groups)")
    case .captureWithoutMatch(let index):
      Wording("${\(index)} has no match before it in this rule")
    case .zone(let text): Wording("\(quoted(text)) is no time zone")
    case .parameterName(let text):
      Wording("no MIME parameter can be called \(quoted(text))", "a name such as charset")
    case .encodedCharacter: Wording("this number is no character")
    case .tableEntry(let text, let type):
      Wording("\(quoted(text)) cannot stand in a table of type \(quoted(type))")
    case .socketAddress(let text): Wording("\(quoted(text)) is no socket address")
    case .url(let text, let schemes):
      Wording(
        "\(quoted(text)) is no URL",
        "expected \(listed(schemes.map { $0 + "://…" }, "or"))")
    case .path(let text):
      Wording("\(quoted(text)) is no path of a file", "expected /folder/name or folder/name")
    case .programPath(let text):
      Wording("\(quoted(text)) is no whole path of a program", "it must begin with /")
    case .fileMode(let text): Wording("\(quoted(text)) is no file mode", "octal digits")
    case .secret(let name): Wording("\(quoted(name)) holds a secret")
    case .keyMissing(let text, let key, let name):
      Wording("\(quoted(text)) has no place for the key", "\(name) holds \(key)")
    case .scriptName(let text): Wording("\(quoted(text)) is no name of a script")
    case .tableText(let message): Wording(message, "this list cannot be used")
    case .badSetting(let text, let name):
      Wording("\(quoted(text)) cannot be the value of \(quoted(name))")
    }
  }

  var help: String? {
    switch self {
    case .address("<>"): "the null sender is the empty text: \"\""
    case .address(let text) where text.contains(","): "write each address as a string of its own"
    case .address(let text): LiteralMeant.address(text).map { "write \"\($0)\"" }
    case .network(let text), .ipAddress(let text):
      LiteralMeant.network(text).map { "write \"\($0)\"" }
        ?? "write 192.0.2.1, 192.0.2.0/24, 2001:db8::1 or 2001:db8::/32"
    case .networkHostBits(_, let network): "write \"\(network)\""
    case .headerName: "write the name alone, as in \"Subject\""
    case .replyCode(let text, "reject") where text.hasPrefix("4"):
      "use 'tempfail' for a reply that asks the client to try again"
    case .replyCode(let text, "tempfail") where text.hasPrefix("5"):
      "use 'reject' for a reply that is final"
    case .codeClassMismatch(let code, _): "begin both with \(code.prefix(1))"
    case .domain(let text):
      LiteralMeant.domain(text).map { "write \"\($0)\"" }
        ?? (text.contains("://") ? "write the name alone, as in zone.example" : nil)
    case .mediaType(let text):
      text.hasSuffix("/*")
        ? "for all of them write :matches \"\(text)\""
        : text.contains("/") ? nil : "for all of them write :matches \"\(text)/*\""
    case .score: "write as in \"4.5\" or \"-1\""
    case .replyLineTooLong: "a string list gives one line each: [\"first\", \"second\"]"
    case .replyControl: "a string list gives one line each: [\"first\", \"second\"]"
    case .replyNotASCII: "write it in ASCII"
    case .headerValueControl: "write the value on one line; long ones are folded"
    case .zone: "write \"+hhmm\" or \"-hhmm\", such as \"+0100\""
    case .tableEntry(let text, "cidr"):
      "write " + (LiteralMeant.network(text) ?? "192.0.2.1, 192.0.2.0/24 or 2001:db8::/32")
    case .tableEntry(let text, "domain"):
      "write \(LiteralMeant.domain(text) ?? "example.org"); its subdomains match too"
    case .tableEntry(let text, "address"):
      "write " + (LiteralMeant.addressEntry(text) ?? "user@example.org, @example.org or user@")
    case .tableEntry(_, "map"): "write the key, a blank, and the value"
    case .socketAddress(let text):
      Self.socketAddress(from: text).map { "write \($0)" }
        ?? "write unix:/run/x.sock, inet:3310@localhost or inet6:3310@::1"
    case .programPath: "write it as in /usr/bin/x: there is no shell and no search path"
    case .fileMode: "write it as in \"0640\""
    case .scriptName: "up to 128 characters, without '/', controls and line ends"
    case .secret:
      "put it into a file: passfile=PATH for :postgresql, :secret PATH for :ldap"
    case .badSetting: "one line of at most \(DeclareSwitch.valueBytesMax) bytes"
    case .badName(let name, kind: .variable): Self.variableHelp(name)
    case .badName: "1 to 100 characters, without '$' and controls"
    case .badVariable: "write \"${name}\"; a name has letters, digits, '_' and '.'"
    case .captureBeyondGroups(_, let groups):
      groups == 0 ? "put a wildcard or a group into the pattern" : "${1} to ${\(groups)} are set"
    case .captureWithoutMatch: "test with ':matches' or ':regex' first, in the same rule"
    case .encodedCharacter: "characters are 0 to 10FFFF, without D800 to DFFF"
    default: nil
    }
  }

  private static func replyControl(_ value: UInt32) -> Wording {
    value == 10 || value == 13
      ? Wording("a line of a reply must not hold a line end", "it is over several lines")
      : Wording("a line of a reply must not hold \(codePoint(value))")
  }

  /// What was surely meant: a path, or host and port in the order that they have elsewhere.
  private static func socketAddress(from text: String) -> String? {
    var meant = "unix:\(text)"
    if !text.hasPrefix("/") {
      guard let colon = text.lastIndex(of: ":") else { return nil }
      // That family is there: something else is wrong.
      if ["inet", "inet6", "unix"].contains(text[..<colon]) { return nil }
      var host = text[..<colon]
      if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
      let family = host.contains(":") ? "inet6" : "inet"
      meant = "\(family):\(text[text.index(after: colon)...])@\(host)"
    }
    return Literals.isSocketAddress(meant) ? meant : nil
  }

  /// Why a name is none for a variable, and the nearest one that is.
  private static func variableHelp(_ name: String) -> String {
    if Fact.named(name.lowercasedASCII) != nil {
      return "${\(name)} is a fact; take another name"
    }
    let rule = "letters, digits and '_', no digit first, at most 64"
    let near = String(name.map { $0 == "-" || $0 == "." || $0 == " " ? "_" : $0 })
    guard Literals.isVariableName(near) else { return rule }
    return "\(rule): \(quoted(near))"
  }
}
