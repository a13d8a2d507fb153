// What a text must look like to be a value of the configuration. Pure questions about text.

import RuleBytecode
import TableText

extension SettingForm {
  /// `sun_path` of Linux without its NUL.
  package static let socketPathBytesMax = 107
  /// Of a user or a group (`LOGIN_NAME_MAX` of Linux without its NUL is 255, useradd takes 32).
  static let accountBytesMax = 32
  static let lineBytesMax = 1_024
  static let keyPrefixBytesMax = 64

  func problem(with text: String, of label: String) -> Problem? {
    switch self {
    case .word, .number, .flag: nil
    case .line:
      text.isEmpty || text.utf8.count > Self.lineBytesMax || Literals.control(in: text) != nil
        ? .literal(.badSetting(text, of: label)) : nil
    case .path: Literals.isPath(text) ? nil : .literal(.path(text))
    case .fileMode: Literals.isFileMode(text) ? nil : .literal(.fileMode(text))
    case .listener: Self.listenerProblem(text)
    case .host: Literals.isDomain(text) ? nil : .literal(.domain(text))
    case .nameServer: Self.isNameServer(text) ? nil : .literal(.ipAddress(text))
    case .mailServer: Self.isMailServer(text) ? nil : .configuration(.mailServer(text))
    case .memory: Self.isMemory(text) ? nil : .configuration(.memoryPlace(text))
    case .keyPrefix:
      (1...Self.keyPrefixBytesMax).contains(text.utf8.count)
        && text.utf8.allSatisfy { (33...126).contains($0) }
        ? nil : .literal(.badSetting(text, of: label))
    case .account: Self.isAccount(text) ? nil : .configuration(.account(text))
    case .traceFilter: Self.isTraceFilter(text) ? nil : .configuration(.traceFilter(text))
    }
  }

  private static func listenerProblem(_ text: String) -> Problem? {
    guard Literals.isSocketAddress(text) else { return .literal(.socketAddress(text)) }
    if text.hasPrefix("unix:") {
      let bytes = text.utf8.count - 5
      return bytes > socketPathBytesMax
        ? .configuration(.socketPathTooLong(bytes: bytes, max: socketPathBytesMax)) : nil
    }
    // A name may be of either family; an address is of one.
    guard let at = text.firstIndex(of: "@"),
      let address = IPAddress(String(text[text.index(after: at)...]))
    else { return nil }
    return address.isIPv4 == text.hasPrefix("inet:") ? nil : .literal(.socketAddress(text))
  }

  /// Whether only this host can connect there.
  static func isLoopback(_ listener: String) -> Bool {
    guard let at = listener.firstIndex(of: "@") else { return false }
    let host = String(listener[listener.index(after: at)...])
    return host == "localhost" || IPAddress(host)?.isLoopback == true
  }

  private static func isNameServer(_ text: String) -> Bool {
    if IPAddress(text) != nil { return !text.lowercased().hasPrefix("ipv6:") }
    guard let (host, port) = hostAndPort(text), let port else { return false }
    return IPAddress(host) != nil && isPort(port)
  }

  private static func isMailServer(_ text: String) -> Bool {
    if text.hasPrefix("unix:") || text.hasPrefix("inet:") || text.hasPrefix("inet6:") {
      return Literals.isSocketAddress(text)
    }
    guard let (host, port) = hostAndPort(text) else { return false }
    return (Literals.isDomain(host) || IPAddress(host) != nil) && (port.map(isPort) ?? true)
  }

  /// `HOST`, `HOST:PORT` or `[IPV6]:PORT`.
  private static func hostAndPort(_ text: String) -> (host: String, port: String?)? {
    if text.hasPrefix("[") {
      guard let end = text.firstIndex(of: "]") else { return nil }
      let host = String(text[text.index(after: text.startIndex)..<end])
      let rest = text[text.index(after: end)...]
      guard host.contains(":"), rest.isEmpty || rest.hasPrefix(":") else { return nil }
      return (host, rest.isEmpty ? nil : String(rest.dropFirst()))
    }
    let pieces = text.split(separator: ":", omittingEmptySubsequences: false)
    guard (1...2).contains(pieces.count) else { return nil }
    return (String(pieces[0]), pieces.count == 2 ? String(pieces[1]) : nil)
  }

  private static func isPort(_ text: String) -> Bool {
    (1...5).contains(text.utf8.count) && text.utf8.allSatisfy { $0 >= 48 && $0 <= 57 }
      && (1...65_535).contains(Int(text) ?? 0)
  }

  private static func isMemory(_ text: String) -> Bool {
    text == "sqlite"
      || text.hasPrefix("redis:") && Literals.isSocketAddress(String(text.dropFirst(6)))
  }

  private static func isAccount(_ text: String) -> Bool {
    (1...accountBytesMax).contains(text.utf8.count) && text.utf8.first != UInt8(ascii: "-")
      && text.utf8.allSatisfy { byte in
        TableGrammar.isWordByte(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
      }
  }

  /// As the daemon reads it (`TraceFilter`; a test compares the two).
  private static func isTraceFilter(_ text: String) -> Bool {
    var seen: Set<Substring> = []
    return text.split(separator: " ").allSatisfy { word in
      guard let split = word.firstIndex(of: "=") else { return false }
      let (key, value) = (word[..<split], word[word.index(after: split)...])
      guard seen.insert(key).inserted, !value.isEmpty || key == "sender" else { return false }
      switch key {
      case "client": return isNetwork(value)
      case "sender", "recipient", "rule": return true
      case "share": return value.hasPrefix("1/") && (Int(value.dropFirst(2)) ?? 0) > 0
      default: return false
      }
    }
  }

  private static func isNetwork(_ text: Substring) -> Bool {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let address = IPAddress(String(parts[0])) else { return false }
    return parts.count == 1
      || Int(parts[1]).map { (0...(address.isIPv4 ? 32 : 128)).contains($0) } == true
  }
}
