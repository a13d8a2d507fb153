// Domains, addresses and networks as other programs write them, in the form that is right here.
// What comes back has been checked; nil where it is not clear what was meant.

import RuleBytecode
import TableText

enum LiteralMeant {
  /// `*.example.org`, `.example.org`, `@example.org`, `https://example.org/`, `example.org.`
  static func domain(_ text: String) -> String? {
    var rest = text[...]
    for scheme in ["https://", "http://"] where rest.hasPrefix(scheme) {
      rest = rest.dropFirst(scheme.count)
    }
    for mark in ["*@", "@", "*.", "."] where rest.hasPrefix(mark) {
      rest = rest.dropFirst(mark.count)
    }
    if rest.hasSuffix("/") || rest.hasSuffix(".") { rest = rest.dropLast() }
    return rest.count < text.count && Literals.isDomain(String(rest)) ? String(rest) : nil
  }

  /// `<ann@example.org>`, `Ann <ann@example.org>`, `mailto:ann@example.org`.
  static func address(_ text: String) -> String? {
    var rest = text[...]
    if let open = rest.lastIndex(of: "<"), rest.hasSuffix(">") {
      rest = rest[rest.index(after: open)...].dropLast()
    }
    if rest.hasPrefix("mailto:") { rest = rest.dropFirst("mailto:".count) }
    return rest.count < text.count && Literals.isAddress(String(rest)) ? String(rest) : nil
  }

  /// The same of an entry of a table, and `*@example.org`.
  static func addressEntry(_ text: String) -> String? {
    if text.hasPrefix("*@"), Literals.isAddressEntry(String(text.dropFirst())) {
      return String(text.dropFirst())
    }
    return address(text)
  }

  /// `[192.0.2.1]`, `IPv6:2001:db8::1`, `192.0.2.1:25`, `192.0.2.*`, `192.0.2.`
  static func network(_ text: String) -> String? {
    var rest = text[...]
    if rest.hasPrefix("["), let end = rest.lastIndex(of: "]") { rest = rest[..<end].dropFirst() }
    if rest.lowercased().hasPrefix("ipv6:") { rest = rest.dropFirst("ipv6:".count) }
    let numbers = rest.split(separator: ":", omittingEmptySubsequences: false)
    if numbers.count == 2, rest.contains(".") { rest = numbers[0] }
    while rest.hasSuffix("*") || rest.hasSuffix(".") { rest = rest.dropLast() }
    let octets = rest.split(separator: ".", omittingEmptySubsequences: false).count
    let isShort = !rest.contains(":") && !rest.contains("/") && octets < 4
    let whole =
      isShort
      ? rest + String(repeating: ".0", count: 4 - octets) + "/\(8 * octets)" : String(rest)
    let isOther = rest.count < text.count || (isShort && octets > 1)
    guard isOther, case .range = AddressRange.read(whole) else { return nil }
    return whole
  }
}
