// The report as bytes, from the process that reads archives to the one that asked. That process has
// looked at a sender's bytes with a large library: what it says is read as a sender's, too.
internal import FileTypes
internal import RuleBytecode

extension ArchiveReport {
  private static let mark: [UInt8] = Array("DFU1".utf8)

  /// What `init(bytes:limits:)` reads.
  package var bytes: [UInt8] {
    var out = ReportWriter(bytes: Self.mark)
    out.number(UInt64(workBytes))
    out.number(isEncrypted ? 1 : 0)
    out.list(anomalies.map(\.rawValue).sorted())
    out.list(limitsHit.map(\.rawValue).sorted())
    out.list(unread.map(\.rawValue).sorted())
    out.number(UInt64(members.count))
    for member in members {
      out.texts(member.names)
      out.texts(member.nesting)
      out.number(UInt64(member.sizes.count))
      for size in member.sizes { out.number(size) }
      out.number((member.isEncrypted ? 1 : 0) | (member.isFolder ? 2 : 0))
      out.number(UInt64(member.readings.count))
      for reading in member.readings {
        out.number(reading.kind.map { UInt64($0.rawValue) + 1 } ?? 0)
        out.texts(reading.mimeType.map { [$0] } ?? [])
        out.list(reading.head)
      }
    }
    return out.bytes
  }

  /// Nil for bytes that are no report, or none within the limits.
  package init?(bytes: [UInt8], limits: ArchiveLimits = ArchiveLimits()) {
    guard bytes.starts(with: Self.mark) else { return nil }
    var input = ReportReader(bytes: bytes[Self.mark.count...])
    guard let work = input.number(upTo: UInt64(limits.unpackedBytesMax)),
      let isEncrypted = input.number(upTo: 1),
      let anomalies = input.cases(AnomalyName.init(rawValue:)),
      let limitsHit = input.cases(LimitName.init(rawValue:)),
      let unread = input.cases(Unread.init(rawValue:)),
      let count = input.number(upTo: UInt64(limits.entriesMax))
    else { return nil }
    workBytes = Int(work)
    self.isEncrypted = isEncrypted == 1
    self.anomalies = Set(anomalies)
    self.limitsHit = Set(limitsHit)
    self.unread = Set(unread)
    for _ in 0..<count {
      guard let member = input.member(limits) else { return nil }
      members.append(member)
    }
    guard input.bytes.isEmpty else { return nil }
  }
}

private struct ReportWriter {
  var bytes: [UInt8]

  /// Seven bits a byte, the lowest first.
  mutating func number(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  mutating func list(_ values: [UInt8]) {
    number(UInt64(values.count))
    bytes += values
  }

  mutating func texts(_ texts: [String]) {
    number(UInt64(texts.count))
    for text in texts { list(Array(text.utf8)) }
  }
}

private struct ReportReader {
  var bytes: ArraySlice<UInt8>

  /// Names, sizes and readings of one member; ours have less.
  private static let listMax: UInt64 = 64

  mutating func number(upTo most: UInt64 = .max) -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: 0 as UInt64, to: 64, by: 7) {
      guard let byte = bytes.popFirst() else { return nil }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value <= most ? value : nil }
    }
    return nil
  }

  mutating func list(upTo most: UInt64) -> [UInt8]? {
    guard let count = number(upTo: min(most, UInt64(bytes.count))) else { return nil }
    defer { bytes = bytes.dropFirst(Int(count)) }
    return Array(bytes.prefix(Int(count)))
  }

  mutating func cases<Case>(_ make: (UInt8) -> Case?) -> [Case]? {
    guard let values = list(upTo: 255) else { return nil }
    let found = values.compactMap(make)
    return found.count == values.count ? found : nil
  }

  mutating func texts(_ limits: ArchiveLimits, upTo most: UInt64 = listMax) -> [String]? {
    guard let count = number(upTo: most) else { return nil }
    var found: [String] = []
    for _ in 0..<count {
      // Three bytes for one of the charset of DOS.
      guard let text = list(upTo: UInt64(3 * limits.nameBytesMax)) else { return nil }
      found.append(String(decoding: text, as: UTF8.self))
    }
    return found
  }

  mutating func member(_ limits: ArchiveLimits) -> ArchiveMember? {
    guard let names = texts(limits), let nesting = texts(limits, upTo: UInt64(limits.depthMax)),
      let sizeCount = number(upTo: Self.listMax)
    else { return nil }
    var member = ArchiveMember(names: names, nesting: nesting)
    for _ in 0..<sizeCount {
      guard let size = number() else { return nil }
      member.sizes.append(size)
    }
    guard let flags = number(upTo: 3), let readings = number(upTo: Self.listMax) else { return nil }
    member.isEncrypted = flags & 1 != 0
    member.isFolder = flags & 2 != 0
    for _ in 0..<readings {
      guard let code = number(upTo: 255), let types = texts(limits, upTo: 1),
        let head = list(upTo: UInt64(limits.keptHeadBytesMax))
      else { return nil }
      let kind = code == 0 ? nil : FileKind(rawValue: UInt8(code - 1))
      if code > 0, kind == nil { return nil }
      member.readings.append(.init(kind: kind, mimeType: types.first, head: head))
    }
    return member
  }
}
