// What a member of a zip holds. Its method is a claim: "stored" over compressed data passes readers
// that believe it, while others try; so both are tried, and each that works is a reading.
internal import MailMessage
internal import RuleBytecode

package struct ZipContent: Equatable, Sendable {
  package enum End: Equatable, Sendable {
    case whole
    /// There is more than was wanted.
    case limit
    /// The data end before the content does, or are no compressed data.
    case damaged
    /// Nobody can read it without the password.
    case encrypted
    /// A compression method that is not read here.
    case foreign
  }

  /// What the member may hold; the first is what its method says.
  package internal(set) var readings: [[UInt8]] = []
  package internal(set) var end = End.whole
  /// The data are not what the method says.
  package internal(set) var isMethodLying = false
  /// Bytes read and written: what the work cost.
  package internal(set) var workBytes = 0

  package var bytes: [UInt8] { readings.first ?? [] }
}

extension ZipArchive {
  /// The content of a member, as much as wanted.
  ///
  /// - Parameter bytes: The zip that the entry was found in.
  package static func extract(
    _ entry: ZipEntry, from bytes: Span<UInt8>, limitBytes: Int
  ) -> ZipContent {
    var content = ZipContent()
    guard !entry.isEncrypted else {
      content.end = .encrypted
      return content
    }
    guard let range = entry.data, range.upperBound <= bytes.count else {
      content.end = .damaged
      return content
    }
    let data = bytes.extracting(range)
    if entry.methods.contains(ZipEntry.methodDeflate) {
      content.addDeflated(entry, data, limitBytes)
    }
    if entry.methods.contains(ZipEntry.methodStored) {
      content.addStored(entry, data, limitBytes)
    }
    let known = [ZipEntry.methodDeflate, ZipEntry.methodStored]
    if !entry.methods.contains(where: known.contains) { content.end = .foreign }
    return content
  }

  /// As `ZipArchive.extract`.
  package func extract(
    _ entry: ZipEntry, from bytes: Span<UInt8>, limitBytes: Int
  ) -> ZipContent {
    Self.extract(entry, from: bytes, limitBytes: limitBytes)
  }
}

extension ZipContent {
  /// Input that so much output can need: a stream may hold empty blocks, of 5 bytes each, and those
  /// who flush after each line do write some.
  private static func inputMax(_ limitBytes: Int) -> Int {
    limitBytes > Int.max / 16 ? Int.max : 8 * limitBytes + 1_024
  }

  fileprivate mutating func addDeflated(
    _ entry: ZipEntry, _ data: Span<UInt8>, _ limitBytes: Int
  ) {
    let given = data.extracting(first: Self.inputMax(limitBytes))
    let inflated = Inflate.inflate(given, as: .bare, limitBytes: limitBytes)
    workBytes += inflated.consumed + inflated.bytes.count
    readings.append(inflated.bytes)
    switch inflated.end {
    case .whole: break
    case .outputLimit: end = .limit
    case .cut where given.count < data.count: end = .limit
    case .cut, .damaged:
      end = .damaged
      // Stored under a method that says otherwise: the checksum tells it from mere damage.
      let raw = data.extracting(first: limitBytes)
      workBytes += data.count
      isMethodLying = Inflate.checksum(of: data) == entry.checksum && !data.isEmpty
      if isMethodLying { readings.insert(raw.copied, at: 0) } else { readings.append(raw.copied) }
    }
  }

  fileprivate mutating func addStored(
    _ entry: ZipEntry, _ data: Span<UInt8>, _ limitBytes: Int
  ) {
    let raw = data.extracting(first: limitBytes)
    workBytes += raw.count
    readings.append(raw.copied)
    if data.count > limitBytes { end = .limit }
    guard !data.isEmpty, !entry.methods.contains(ZipEntry.methodDeflate) else { return }
    let given = data.extracting(first: Self.inputMax(limitBytes))
    let inflated = Inflate.inflate(given, as: .bare, limitBytes: limitBytes)
    workBytes += inflated.consumed + inflated.bytes.count
    // Other data fail within their first blocks; what inflates to its end, or for as long as
    // anybody looks, is compressed.
    let isDeflated =
      switch inflated.end {
      case .whole:
        inflated.consumed >= data.count - Self.descriptorBytesMax && !inflated.bytes.isEmpty
      case .outputLimit: inflated.bytes.count >= Self.proofBytes
      case .cut, .damaged: false
      }
    guard isDeflated else { return }
    workBytes += data.count
    guard Inflate.checksum(of: data) != entry.checksum else { return }
    readings.append(inflated.bytes)
    isMethodLying = true
  }

  /// What may stand between the data and the next header.
  private static var descriptorBytesMax: Int { 24 }
  /// Output that no other data give by chance.
  private static var proofBytes: Int { 4_096 }
}
