// Who was in hand when workers died. One death may be an accident, or somebody else's doing; an
// input that was there at two is not tried again. What ends well afterwards is forgotten, and all
// of it after a day.
internal import MilterBridge

struct Suspects: Sendable, Equatable {
  struct Entry: Sendable, Equatable {
    var deaths: Int
    /// Of the latest message with it.
    var name: String
    var lastSeconds: Int64
  }

  /// Deaths after which an input is poison.
  static let deathsMax = 2
  static let entriesMax = 1_000
  static let keepSeconds: Int64 = 86_400

  private(set) var entries: [HandMark: Entry] = [:]

  /// - Returns: those that are poison from now on.
  mutating func strike(_ inHand: [HandEntry], nowSeconds: Int64) -> [HandEntry] {
    var poison: [HandEntry] = []
    // One mark counts once a death, however many sessions had it in hand.
    var struck: Set<HandMark> = []
    for hand in inHand where struck.insert(hand.mark).inserted {
      let deaths = (entries[hand.mark]?.deaths ?? 0) + 1
      entries[hand.mark] = Entry(deaths: deaths, name: hand.name, lastSeconds: nowSeconds)
      if deaths == Self.deathsMax { poison.append(hand) }
    }
    if entries.count > Self.entriesMax {
      let oldest = entries.sorted { $0.value.lastSeconds < $1.value.lastSeconds }
      for (mark, _) in oldest.prefix(entries.count - Self.entriesMax) { entries[mark] = nil }
    }
    return poison
  }

  /// It was in hand again, and nothing happened.
  mutating func clear(_ mark: HandMark) { entries[mark] = nil }

  mutating func expire(nowSeconds: Int64) {
    entries = entries.filter { nowSeconds - $0.value.lastSeconds < Self.keepSeconds }
  }

  // MARK: On the link

  /// 17 bytes each: the mark, and the number of deaths.
  var bytes: [UInt8] {
    entries.flatMap { mark, entry in
      Self.bytes(of: mark) + [UInt8(clamping: entry.deaths)]
    }
  }

  static func bytes(of mark: HandMark) -> [UInt8] {
    [mark.high, mark.low].flatMap { word in
      (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * $0)) }
    }
  }

  /// Nil for anything but 16 bytes.
  static func mark(_ bytes: some Collection<UInt8>) -> HandMark? {
    guard bytes.count == 16 else { return nil }
    func word(_ part: some Sequence<UInt8>) -> UInt64 { part.reduce(0) { $0 << 8 | UInt64($1) } }
    return HandMark(high: word(bytes.prefix(8)), low: word(bytes.suffix(8)))
  }

  /// Marks with their deaths; nil for bytes that are none.
  static func deaths(_ bytes: [UInt8]) -> [HandMark: Int]? {
    guard bytes.count % 17 == 0 else { return nil }
    var result: [HandMark: Int] = [:]
    for start in stride(from: 0, to: bytes.count, by: 17) {
      guard let mark = mark(bytes[start..<start + 16]) else { return nil }
      result[mark] = Int(bytes[start + 16])
    }
    return result
  }
}
