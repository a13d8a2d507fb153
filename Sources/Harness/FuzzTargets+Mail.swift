// What the fuzzers and tests do with bytes as mail: read, decoded, asked for names and oddities.
// What every reading promises is looked at; a crash speaks for itself.
internal import MailMessage

extension FuzzTargets {
  /// A message read with the standard limits and with tiny ones, which end every search early.
  public static func mail(_ bytes: [UInt8]) -> [String] {
    var tiny = MailLimits()
    tiny.partsMax = 5
    tiny.depthMax = 3
    tiny.headersMax = 4
    tiny.headerBytesMax = 200
    tiny.parametersMax = 3
    tiny.namesMax = 2
    tiny.readingsMax = 2
    tiny.readingBytesMax = 300
    tiny.embeddedFilesMax = 1
    tiny.embeddedBytesMax = 100
    return [MailLimits(), tiny].flatMap { limits in
      let header = MailMessage.headerOnly(bytes, limits: limits)
      return check(MailMessage(bytes, limits: limits)) + (header.parts.count == 1 ? [] : ["header"])
    }
  }

  /// The bytes with a bit turned, a piece taken out or doubled, or cut short; the same for a seed.
  public static func damaged(_ bytes: [UInt8], seed: UInt64) -> [UInt8] {
    guard !bytes.isEmpty else { return [] }
    var random = SplitMix64(seed: seed)
    var damaged = bytes
    let at = Int.random(in: 0..<bytes.count, using: &random)
    let end = min(bytes.count, at + Int.random(in: 1...80, using: &random))
    switch Int.random(in: 0..<4, using: &random) {
    case 0: damaged[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 1: damaged.removeSubrange(at..<end)
    case 2: damaged.insert(contentsOf: bytes[at..<end], at: at)
    default: damaged.removeSubrange(end...)
    }
    return damaged
  }

  private static func check(_ message: MailMessage) -> [String] {
    var faults: [String] = []
    let parts = message.parts
    if parts.isEmpty || parts.count > message.limits.partsMax { faults.append("number of parts") }
    let standard = parts.prefix { $0.reading == 0 && $0.isInMessage }.count
    for (index, part) in parts.enumerated() {
      let size = part.bytes.count
      let fields = part.fields.flatMap { [$0.name, $0.value] }
      let ranges = [part.header, part.body, part.outer] + fields
      if ranges.contains(where: { $0.lowerBound < 0 || $0.upperBound > size }) {
        faults.append("part \(part.path): a range leaves its bytes")
      }
      if part.header.upperBound > part.body.lowerBound { faults.append("body before header") }
      if part.depth > message.limits.depthMax { faults.append("depth") }
      if !parts.indices.contains(part.target) || part.target >= standard {
        faults.append("part \(part.path): its target is no standard part")
      }
      if part.children.contains(where: { $0 <= index || $0 >= parts.count }) {
        faults.append("part \(part.path): children")
      }
      if let parent = part.parent, parent >= index { faults.append("parent behind its child") }
      faults += ask(message, index)
    }
    _ = message.anomalies
    return faults
  }

  /// Everything that rules can ask of a part.
  private static func ask(_ message: MailMessage, _ index: Int) -> [String] {
    let part = message.parts[index]
    var faults: [String] = []
    if part.names.count > message.limits.namesMax + 1 { faults.append("number of names") }
    _ = part.charset
    _ = part.disposition
    _ = part.anomalies
    let limitBytes = 1_000
    var content: [UInt8] = [7]
    _ = message.appendDecodedBody(of: index, to: &content, limitBytes: limitBytes)
    if content.count > limitBytes + 1 || content[0] != 7 { faults.append("decoded bytes") }
    var text: [UInt8] = []
    _ = message.appendReadableText(of: index, to: &text, limitBytes: limitBytes)
    if (try? UTF8Span(validating: text.span)) == nil { faults.append("text is no UTF-8") }
    return faults
  }
}
