// What the laboratory's DNS server knows, and how it writes an answer (RFC 1035 §4). Written apart
// from the resolver, whose reader it tests: nothing is shared.

package struct DNSZone: Sendable {
  package enum Data: Sendable {
    case a(UInt8, UInt8, UInt8, UInt8)
    case aaaa([UInt8])
    case mx(UInt16, String)
    case txt([String])
    case ptr(String)
    case cname(String)
    /// Bytes as they are, under any type.
    case raw(type: UInt16, [UInt8])

    var type: UInt16 {
      switch self {
      case .a: 1
      case .cname: 5
      case .ptr: 12
      case .mx: 15
      case .txt: 16
      case .aaaa: 28
      case .raw(let type, _): type
      }
    }

    var bytes: [UInt8] {
      switch self {
      case .a(let a, let b, let c, let d): [a, b, c, d]
      case .aaaa(let bytes), .raw(_, let bytes): bytes
      case .mx(let preference, let host): DNSZone.word(preference) + DNSZone.wire(host)
      case .txt(let strings): strings.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
      case .ptr(let name), .cname(let name): DNSZone.wire(name)
      }
    }
  }

  struct Record: Sendable {
    let data: Data
    let ttl: UInt32
  }

  /// What goes wrong when a name is asked for.
  package enum Fault: Sendable, Equatable {
    case silent
    case slow(milliseconds: UInt32)
    case garbage
    /// An answer to another question's id.
    case wrongID
    /// Over UDP only the flag; over TCP all of it.
    case truncated
    /// The flag over TCP too.
    case alwaysTruncated
    /// Over UDP the flag; over TCP half of the answer, then the end.
    case cut
    case code(UInt8)
  }

  private var records: [String: [Record]] = [:]
  private var faults: [String: Fault] = [:]
  /// Of the SOA record that goes with what is not there; nil for none.
  package var soaMinimum: UInt32? = 60

  package init() {}

  package mutating func add(_ name: String, ttl: UInt32 = 300, _ data: Data...) {
    records[name, default: []] += data.map { Record(data: $0, ttl: ttl) }
  }

  package mutating func remove(_ name: String) { records[name] = nil }

  package mutating func fail(_ name: String, _ fault: Fault?) { faults[name] = fault }

  func fault(_ name: String) -> Fault? { faults[name] }

  /// Records and how it ends: aliases are followed within the zone.
  func find(_ name: String, _ type: UInt16) -> (records: [(String, Record)], exists: Bool) {
    var found: [(String, Record)] = []
    var name = name
    for _ in 0..<20 {
      guard let here = records[name] else { return (found, hasBelow(name)) }
      let wanted = here.filter { $0.data.type == type }
      found += wanted.map { (name, $0) }
      guard wanted.isEmpty, let alias = here.first(where: { $0.data.type == 5 }),
        case .cname(let target) = alias.data
      else { return (found, true) }
      found.append((name, alias))
      name = target
    }
    return (found, true)
  }

  private func hasBelow(_ name: String) -> Bool {
    records.keys.contains { $0.hasSuffix("." + name) }
  }

  static func word(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xff)] }

  static func long(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  static func wire(_ name: String) -> [UInt8] {
    name.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
  }
}

/// A question as it came.
struct DNSWireQuestion: Sendable {
  let id: [UInt8]
  let name: String
  let type: UInt16
  /// As it stands in the message, to be sent back.
  let section: [UInt8]
  /// What the asker takes over UDP.
  let datagramBytes: Int

  init?(_ bytes: [UInt8]) {
    guard bytes.count > 16, bytes[2] & 0x80 == 0, bytes[4...5] == [0, 1] else { return nil }
    var labels: [String] = []
    var at = 12
    while at < bytes.count, bytes[at] > 0 {
      let end = at + 1 + Int(bytes[at])
      guard end < bytes.count else { return nil }
      labels.append(String(decoding: bytes[at + 1..<end], as: UTF8.self).lowercased())
      at = end
    }
    guard at + 5 <= bytes.count else { return nil }
    id = Array(bytes[0...1])
    name = labels.joined(separator: ".")
    type = UInt16(bytes[at + 1]) << 8 | UInt16(bytes[at + 2])
    section = Array(bytes[12..<at + 5])
    // OPT is the only additional record: the root, type 41, and the size as its class.
    let options = Array(bytes[(at + 5)...])
    let hasOptions = options.count >= 5 && options[0...2] == [0, 0, 41]
    datagramBytes = hasOptions ? Int(options[3]) << 8 | Int(options[4]) : 512
  }

  func answer(
    from zone: DNSZone, code: UInt8? = nil, isTruncated: Bool = false
  ) -> [UInt8] {
    let (found, exists) = code == nil && !isTruncated ? zone.find(name, type) : ([], true)
    let isMissing = found.last.map { $0.1.data.type != type } ?? true
    let soa = code == nil && !isTruncated && isMissing ? zone.soaMinimum : nil
    let rcode = code ?? (exists ? 0 : 3)
    var bytes = id + [isTruncated ? 0x83 : 0x81, 0x80 | rcode]
    bytes += DNSZone.word(1) + DNSZone.word(UInt16(found.count))
    bytes += DNSZone.word(soa == nil ? 0 : 1) + [0, 0] + section
    for (owner, record) in found {
      // A pointer to the question, as name servers write it.
      bytes += owner == name ? [0xc0, 12] : DNSZone.wire(owner)
      bytes += DNSZone.word(record.data.type) + [0, 1] + DNSZone.long(record.ttl)
      bytes += DNSZone.word(UInt16(record.data.bytes.count)) + record.data.bytes
    }
    if let soa {
      let data =
        DNSZone.wire("ns.example") + DNSZone.wire("root.example")
        + [1, 3_600, 600, 86_400, soa].flatMap(DNSZone.long)
      bytes += DNSZone.wire("example") + DNSZone.word(6) + [0, 1] + DNSZone.long(3_600)
      bytes += DNSZone.word(UInt16(data.count)) + data
    }
    return bytes
  }
}
