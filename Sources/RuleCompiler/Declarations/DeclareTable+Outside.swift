// Tables that are asked of something outside: what their sources are called with. Passwords stand
// in files of their own, never in a policy or image.

import RuleBytecode

extension CheckContext {
  mutating func fillOutside(_ table: inout Table, _ call: Call) -> Bool {
    guard let tag = call.tag(table.source.name), let literal = tag.string,
      let address = tableAddress(literal, table.source)
    else { return false }
    table.arguments = [DeclaredValue("address", address)]
    for name in DeclareTable.options where call.has(name) {
      guard let value = tableOption(name, call, table.source) else { return false }
      table.arguments.append(DeclaredValue(name, value))
    }
    if table.source == .ldap, table.kind == .map, !call.has("attribute") {
      let problem = ArgumentProblem.missing(
        ":attribute", expected: .tag, of: "table :ldap :type \"map\"")
      report(.argument(problem), at: call.name.range)
      return false
    }
    return true
  }

  /// Where the source is: a path, a socket, a URL, a connection string or a zone.
  private mutating func tableAddress(
    _ literal: StringLiteral, _ source: TableSource
  ) -> String? {
    let tag = ":" + source.name
    if [.cdb, .lmdb, .sqlite].contains(source) { return path(literal, tag, of: "table") }
    guard let text = constant(literal, tag, of: "table") else { return nil }
    let problem: LiteralProblem?
    switch source {
    case .postgresql:
      problem =
        Self.holdsSecret(text)
        ? .secret(of: tag)
        : text.isEmpty || Literals.control(in: text) != nil
          ? .badSetting(text, of: "table " + tag) : nil
    case .ldap:
      let schemes = ["ldap", "ldaps", "ldapi"]
      let isLocal = text.hasPrefix("ldapi://") && text.utf8.allSatisfy { $0 > 32 && $0 < 127 }
      problem =
        isLocal || Literals.isURL(text, schemes: schemes) ? nil : .url(text, schemes: schemes)
    case .dns: problem = Literals.isDomain(text) ? nil : .domain(text)
    default: problem = Literals.isSocketAddress(text) ? nil : .socketAddress(text)
    }
    if let problem {
      report(.literal(problem), at: literal.range)
      return nil
    }
    return text
  }

  /// `password=` of a connection string, or `//user:password@` of a URL.
  private static func holdsSecret(_ text: String) -> Bool {
    let bytes = Array(text.lowercasedASCII.utf8)
    if bytes.span.firstRange(of: "password") != nil { return true }
    guard let scheme = bytes.span.firstRange(of: "://") else { return false }
    let authority = bytes[(scheme + 3)...].prefix { $0 != UInt8(ascii: "/") }
    guard let at = authority.lastIndex(of: UInt8(ascii: "@")) else { return false }
    return authority[..<at].contains(UInt8(ascii: ":"))
  }

  private mutating func tableOption(
    _ name: String, _ call: Call, _ source: TableSource
  ) -> String? {
    guard let literal = call.tag(name)?.string else { return nil }
    if name == "secret" { return path(literal, ":secret", of: "table") }
    guard let text = constant(call, name) else { return nil }
    let key: String? =
      switch name {
      case "query": "$1"
      case "filter": "%s"
      default: nil
      }
    if let key, Array(text.utf8).span.firstRange(of: key) == nil {
      report(.literal(.keyMissing(text, key: key, of: ":" + name)), at: literal.range)
      return nil
    }
    if text.isEmpty || Literals.control(in: text) != nil {
      report(.literal(.badSetting(text, of: ":" + name)), at: literal.range)
      return nil
    }
    return text
  }
}

extension Span<UInt8> {
  /// Where a short text begins first.
  fileprivate func firstRange(of text: String) -> Int? {
    let wanted = Array(text.utf8)
    guard count >= wanted.count else { return nil }
    for start in 0...(count - wanted.count)
    where wanted.indices.allSatisfy({ self[start + $0] == wanted[$0] }) {
      return start
    }
    return nil
  }
}
