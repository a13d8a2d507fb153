// Reads the message that answers a question (RFC 1035 §4). The bytes are from whoever runs the
// name server of a sender's domain, or from whoever pretends to: nothing is trusted, each step
// consumes bytes or jumps backwards, and what is not clearly an answer is a failure.

internal import RuleBytecode

struct DNSMessageReader {
  private let bytes: [UInt8]
  private let limits: DNSAnswerLimits
  private var at = 0

  private init(_ bytes: [UInt8], _ limits: DNSAnswerLimits) {
    self.bytes = bytes
    self.limits = limits
  }

  static func answer(
    in bytes: [UInt8], to question: DNSQuestion, limits: DNSAnswerLimits
  ) -> DNSAnswer {
    do throws(DNSFailure) {
      guard bytes.count <= limits.messageBytesMax else { throw .tooLarge }
      var reader = DNSMessageReader(bytes, limits)
      return try reader.read(question)
    } catch {
      return .failed(error)
    }
  }

  private struct Resource {
    let owner: DNSTarget
    let type: Int
    let isInternet: Bool
    let ttl: Int
    let data: Range<Int>
  }

  /// RFC 1035 §4.1.1.
  private struct Header {
    let flags: Int
    let counts: [Int]

    var code: Int { flags & 0xf }
    var isResponse: Bool { flags & 0x8000 != 0 }
    var isAuthoritative: Bool { flags & 0x0400 != 0 }
    var isTruncated: Bool { flags & 0x0200 != 0 }
    var isRecursive: Bool { flags & 0x0080 != 0 }
  }

  private enum TypeNumber {
    static let nameServer = 2
    static let alias = 5
    static let authority = 6
    static let options = 41
  }

  private mutating func read(_ question: DNSQuestion) throws(DNSFailure) -> DNSAnswer {
    _ = try word()
    let header = Header(
      flags: try word(), counts: [try word(), try word(), try word(), try word()])
    guard header.isResponse else { throw .garbage }
    guard !header.isTruncated else { throw .truncated }
    try check(header.code)
    guard header.counts[0] == 1, try name() == .name(question.name),
      try word() == Int(question.type.rawValue), try word() == 1
    else { throw .garbage }
    guard header.counts[1] + header.counts[2] + header.counts[3] <= limits.recordsMax else {
      throw .tooLarge
    }
    let answers = try resources(header.counts[1])
    let authorities = try resources(header.counts[2])
    try checkOptions(try resources(header.counts[3]), header.code)
    let end = try follow(answers, from: question.name)
    let found = answers.filter {
      $0.owner == .name(end.name) && $0.type == Int(question.type.rawValue) && $0.isInternet
    }
    if found.isEmpty { return try absence(header, authorities, end.ttl) }
    guard header.code == 0 else { throw .garbage }
    var records: [DNSRecord] = []
    var ttl = end.ttl
    for resource in found {
      records.append(try record(resource, question.type))
      ttl = min(ttl, resource.ttl)
    }
    return .records(records, ttlSeconds: ttl)
  }

  private func check(_ code: Int) throws(DNSFailure) {
    switch code {
    case 0, 3: return
    case 2: throw .serverFailure
    case 5: throw .refused
    default: throw .code(code)
    }
  }

  /// The upper bits of the code are in the pseudo-record OPT (RFC 6891 §6.1.3).
  private func checkOptions(_ additional: [Resource], _ code: Int) throws(DNSFailure) {
    for resource in additional where resource.type == TypeNumber.options {
      let upper = resource.ttl >> 24
      if upper != 0 { throw .code(upper << 4 | code) }
    }
  }

  /// Where the aliases lead, and the smallest time that one of them lasts.
  private func follow(
    _ answers: [Resource], from start: DNSName
  ) throws(DNSFailure) -> (name: DNSName, ttl: Int) {
    var aliases: [DNSName: (target: DNSName, ttl: Int)] = [:]
    for resource in answers where resource.type == TypeNumber.alias && resource.isInternet {
      guard let owner = resource.owner.name else { continue }
      guard case .name(let target) = try target(resource.data, skipping: 0) else { throw .garbage }
      aliases[owner] = (target, resource.ttl)
    }
    var (name, ttl, steps) = (start, Int(Int32.max), 0)
    while let alias = aliases[name] {
      steps += 1
      guard steps <= limits.aliasesMax else { throw .aliasLoop }
      name = alias.target
      ttl = min(ttl, alias.ttl)
    }
    return (name, ttl)
  }

  /// RFC 2308 §2 and §5: it lasts as long as the SOA record says, at most as long as that record.
  private func absence(
    _ header: Header, _ authorities: [Resource], _ aliasTTL: Int
  ) throws(DNSFailure) -> DNSAnswer {
    let absence = header.code == 3 ? DNSAbsence.noName : .noRecords
    if let authority = authorities.first(where: { $0.type == TypeNumber.authority }) {
      guard authority.data.count >= 22 else { throw .garbage }
      let minimum = number(authority.data.upperBound - 4)
      return .none(absence, ttlSeconds: min(minimum, authority.ttl, aliasTTL))
    }
    let isReferral = authorities.contains { $0.type == TypeNumber.nameServer }
    if isReferral, header.code == 0, !header.isAuthoritative, !header.isRecursive {
      throw .notRecursive
    }
    return .none(absence, ttlSeconds: nil)
  }

  // MARK: Records

  private func record(
    _ resource: Resource, _ type: DNSType
  ) throws(DNSFailure) -> DNSRecord {
    let data = resource.data
    switch type {
    case .a:
      guard data.count == 4 else { throw .garbage }
      return .address(IPAddress(bytes: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff] + bytes[data]))
    case .aaaa:
      guard data.count == 16 else { throw .garbage }
      return .address(IPAddress(bytes: Array(bytes[data])))
    case .mx:
      guard data.count >= 3 else { throw .garbage }
      let preference = UInt16(bytes[data.lowerBound]) << 8 | UInt16(bytes[data.lowerBound + 1])
      return .mailExchange(preference: preference, host: try target(data, skipping: 2))
    case .ptr: return .pointer(try target(data, skipping: 0))
    case .txt: return .text(try strings(data))
    }
  }

  /// A name that fills what is left of the data.
  private func target(_ data: Range<Int>, skipping: Int) throws(DNSFailure) -> DNSTarget {
    var reader = self
    reader.at = data.lowerBound + skipping
    let target = try reader.name()
    guard reader.at == data.upperBound else { throw .garbage }
    return target
  }

  private func strings(_ data: Range<Int>) throws(DNSFailure) -> [[UInt8]] {
    var strings: [[UInt8]] = []
    var at = data.lowerBound
    while at < data.upperBound {
      let end = at + 1 + Int(bytes[at])
      guard end <= data.upperBound else { throw .garbage }
      strings.append(Array(bytes[at + 1..<end]))
      at = end
    }
    guard !strings.isEmpty else { throw .garbage }
    return strings
  }

  private mutating func resources(_ count: Int) throws(DNSFailure) -> [Resource] {
    var all: [Resource] = []
    for _ in 0..<count {
      let owner = try name()
      let type = try word()
      let group = try word()
      guard at + 4 <= bytes.count else { throw .garbage }
      // The topmost bit set means zero (RFC 2181 §8); OPT has flags there.
      let raw = number(at)
      let ttl = raw > Int(Int32.max) && type != TypeNumber.options ? 0 : raw
      at += 4
      let length = try word()
      guard at + length <= bytes.count else { throw .garbage }
      all.append(
        Resource(
          owner: owner, type: type, isInternet: group == 1, ttl: ttl, data: at..<at + length))
      at += length
    }
    return all
  }

  // MARK: Bytes

  private mutating func word() throws(DNSFailure) -> Int {
    guard at + 2 <= bytes.count else { throw .garbage }
    defer { at += 2 }
    return Int(bytes[at]) << 8 | Int(bytes[at + 1])
  }

  /// Four bytes that are known to be there.
  private func number(_ at: Int) -> Int {
    bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
  }

  /// A name, with its pointers (RFC 1035 §4.1.4). Each leads back from where it stands: a circle of
  /// pointers alone cannot be, and one with labels in it ends at 255 bytes.
  private mutating func name() throws(DNSFailure) -> DNSTarget {
    var labels: [ArraySlice<UInt8>] = []
    var (cursor, wireBytes, jumps) = (at, 1, 0)
    var end: Int?
    while cursor < bytes.count {
      let length = Int(bytes[cursor])
      switch length {
      case 0:
        at = end ?? cursor + 1
        if labels.isEmpty { return .root }
        return DNSName(wireLabels: labels).map(DNSTarget.name) ?? .unusable
      case 1...DNSName.labelBytesMax:
        wireBytes += length + 1
        guard wireBytes <= 255, cursor + 1 + length <= bytes.count else { throw .garbage }
        labels.append(bytes[cursor + 1..<cursor + 1 + length])
        cursor += length + 1
      case 0xc0...:
        guard cursor + 1 < bytes.count else { throw .garbage }
        let target = (length & 0x3f) << 8 | Int(bytes[cursor + 1])
        jumps += 1
        guard target < cursor, jumps <= limits.jumpsMax else { throw .garbage }
        end = end ?? cursor + 2
        cursor = target
      default: throw .garbage
      }
    }
    throw .garbage
  }
}
