// One policy as its domain wrote it (RFC 7208 §4.5, §4.6). The whole is checked before any of it
// counts; then its directives are read one by one, when their turn comes, so a record of 64 KB is
// held as these 64 KB and nothing else.

import RuleBytecode

struct SPFRecord: Sendable {
  private static let version = "v=spf1"

  private let bytes: [UInt8]
  /// The domain-spec of `redirect=`.
  let redirect: ArraySlice<UInt8>?
  /// The domain-spec of `exp=`.
  let explanation: ArraySlice<UInt8>?
  private var offset: Int

  /// The texts that are policies.
  static func select(_ texts: [[UInt8]]) -> [[UInt8]] {
    texts.filter { text in
      text.prefix(version.utf8.count).isWord(version)
        && (text.count == version.utf8.count || text[version.utf8.count] == .space)
    }
  }

  /// Takes a text that `select` chose.
  init(_ bytes: [UInt8]) throws(SPFProblemError) {
    self.bytes = bytes
    offset = Self.version.utf8.count
    var redirect: ArraySlice<UInt8>?
    var explanation: ArraySlice<UInt8>?
    var start = offset
    while let term = Self.term(bytes, from: &start) {
      guard let read = SPFTerm(term) else { throw .wrongTerm(term) }
      switch read {
      case .redirect where redirect != nil: throw .repeated("redirect=")
      case .redirect(let name): redirect = name
      case .explanation where explanation != nil: throw .repeated("exp=")
      case .explanation(let name): explanation = name
      case .directive, .unknown: break
      }
    }
    self.redirect = redirect
    self.explanation = explanation
  }

  mutating func nextDirective() -> SPFDirective? {
    while let term = Self.term(bytes, from: &offset) {
      if case .directive(let directive) = SPFTerm(term) { return directive }
    }
    return nil
  }

  /// Terms stand between spaces, however many (RFC 7208 §4.6.1).
  private static func term(_ bytes: [UInt8], from offset: inout Int) -> ArraySlice<UInt8>? {
    while offset < bytes.count, bytes[offset] == .space { offset += 1 }
    guard offset < bytes.count else { return nil }
    let start = offset
    while offset < bytes.count, bytes[offset] != .space { offset += 1 }
    return bytes[start..<offset]
  }
}

enum SPFProblemError: Error, Equatable {
  case wrongTerm(ArraySlice<UInt8>)
  case repeated(String)
}

struct SPFDirective: Sendable {
  let result: SPFWord
  let mechanism: SPFMechanism
  let text: ArraySlice<UInt8>
}

/// How many bits of an address count.
struct DualPrefix: Equatable, Sendable {
  var ipv4Bits = 32
  var ipv6Bits = 128

  func bits(for address: IPAddress) -> Int { address.isIPv4 ? ipv4Bits : ipv6Bits }
}

/// A nil name is the domain whose policy it is.
enum SPFMechanism: Sendable {
  case all
  case include(ArraySlice<UInt8>)
  case address(ArraySlice<UInt8>?, DualPrefix)
  case mailHosts(ArraySlice<UInt8>?, DualPrefix)
  case reverse(ArraySlice<UInt8>?)
  /// `isIPv4` of the mechanism: an IPv6 text may hold an address that is IPv4's in disguise.
  case network(IPAddress, bits: Int, isIPv4: Bool)
  case exists(ArraySlice<UInt8>)

  var asks: Bool {
    switch self {
    case .all, .network: false
    case .include, .address, .mailHosts, .reverse, .exists: true
    }
  }

  var name: ArraySlice<UInt8>? {
    switch self {
    case .all, .network: nil
    case .include(let name), .exists(let name): name
    case .address(let name, _), .mailHosts(let name, _), .reverse(let name): name
    }
  }
}
