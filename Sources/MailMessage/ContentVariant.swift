// How content is decoded where its encoding is broken: mail programs differ, and each of these is
// what some decoder in use does. The first is ours, which shows the most.

/// A way to decode the content of a part.
package enum ContentVariant: UInt8, CaseIterable, Sendable {
  /// Foreign characters are skipped, padding ends a group, what follows is decoded too.
  case standard

  // base64
  /// Ends at the first padding.
  case untilPadding
  /// Ends at the first foreign character.
  case untilForeign
  /// Padding is skipped like any foreign character.
  case paddingSkipped
  /// Padding inside of the data is a character of value 0.
  case paddingAsZero
  /// Four characters are a group, wherever the padding stands in it.
  case paddingInGroups
  /// Each line is decoded for itself; what is no whole group at its end is lost.
  case linesAlone
  /// A foreign character hides the rest of its line.
  case restOfLineSkipped
  /// A foreign character has the value 0.
  case foreignAsZero
  /// `-` and `_` are the last two of the alphabet (RFC 4648 §5).
  case urlAlphabet
  /// The first line is not data.
  case withoutFirstLine
  /// Data begins behind the first blank line.
  case afterBlankLine
  /// The last group is lost when it is not whole.
  case withoutRest
  /// Escapes of quoted-printable are undone first.
  case escapesFirst

  // quoted-printable
  /// An equals sign that escapes nothing is dropped.
  case signDropped
  /// It is dropped with the byte after it.
  case pairDropped
  /// It is dropped with two bytes after it.
  case escapeDropped
  /// So it is, and lower-case digits escape nothing (RFC 2045 §6.7).
  case lowerCaseDropped
}

extension MailMessage {
  /// The ways besides the standard one that may show other content of a part whose encoding is
  /// broken. Reads the content once.
  package func contentVariants(of part: Int) -> [ContentVariant] {
    let own = parts[part]
    guard own.variant == .standard, !own.isContainer else { return [] }
    let content = own.bytes.span.extracting(own.body)
    switch own.encoding {
    case .base64:
      var variants = Base64Oddities(content).variants
      // What ended the header may be no data either.
      if own.hasDoubtfulStart, !variants.contains(.withoutFirstLine) {
        variants.append(.withoutFirstLine)
      }
      return variants
    case .quotedPrintable:
      return [.signDropped, .pairDropped, .escapeDropped, .lowerCaseDropped]
    case .sevenBit, .eightBit, .binary, .unknown, .uuencode: return []
    }
  }

  /// What reading a part again in `variants` ways costs, in bytes.
  package func bytesToRead(_ variants: [ContentVariant], of part: Int) -> Int {
    min(readingBytesLeft, variants.count * parts[part].body.count)
  }

  /// Appends a copy of the part for each way to decode it that shows other bytes than the standard
  /// way and than those before it. For parts whose decoding was malformed; once for each.
  package mutating func appendContentReadings(
    of part: Int, variants: [ContentVariant]
  ) -> Range<Int> {
    let start = parts.count
    var seen: Set<ContentPrint> = []
    if !variants.isEmpty { seen.insert(contentPrint(of: part, as: .standard)) }
    for variant in variants {
      guard parts[part].body.count <= readingBytesLeft else {
        hit(.readingBytes)
        break
      }
      readingBytesLeft -= parts[part].body.count
      guard seen.insert(contentPrint(of: part, as: variant)).inserted else { continue }
      guard parts.count < limits.partsMax else {
        hit(.parts)
        break
      }
      guard let reading = nextReading else {
        hit(.readings)
        break
      }
      parts.append(parts[part].read(as: variant, reading: reading))
    }
    return start..<parts.count
  }

  private var nextReading: Int? {
    let last = parts.lazy.map(\.reading).max() ?? 0
    return last < limits.readingsMax ? last + 1 : nil
  }

  private func contentPrint(of part: Int, as variant: ContentVariant) -> ContentPrint {
    var decoded: [UInt8] = []
    _ = appendDecodedBody(of: part, as: variant, to: &decoded, limitBytes: .max)
    return ContentPrint(decoded.span)
  }
}

/// What content is made of: parts with the same key have the same content.
package struct ContentKey: Hashable, Sendable {
  let buffer: Int
  let body: Range<Int>
  let encoding: TransferEncoding
  let variant: ContentVariant
}

extension Part {
  package var contentKey: ContentKey {
    ContentKey(buffer: bufferNumber, body: body, encoding: encoding, variant: variant)
  }

  /// Whether the content may begin elsewhere than where it is read.
  package var hasDoubtfulStart: Bool {
    structuralAnomalies.contains(.missingBlankLine)
      || structuralAnomalies.contains(.headerEndConflict)
  }

  /// The same part with its content decoded in another way.
  func read(as variant: ContentVariant, reading: Int) -> Part {
    var copy = self
    copy.children = []
    copy.reading = reading
    copy.variant = variant
    return copy
  }
}

/// Stands for content in comparisons: its length, and its value as a polynomial at two secret
/// points modulo a prime, so that nobody can write two contents that look the same.
private struct ContentPrint: Hashable {
  private static let prime: UInt64 = 1 << 61 - 1
  private static let points = (
    UInt64.random(in: 1..<1 << 60), UInt64.random(in: 1..<1 << 60)
  )

  private let count: Int
  private var one: UInt64 = 0
  private var two: UInt64 = 0

  /// Seven bytes at a time: more than a prime of 61 bits holds would not be told apart.
  init(_ bytes: Span<UInt8>) {
    count = bytes.count
    var index = 0
    while index < bytes.count {
      var word: UInt64 = 0
      for offset in index..<min(index + 7, bytes.count) { word = word << 8 | UInt64(bytes[offset]) }
      one = Self.step(one, Self.points.0, word)
      two = Self.step(two, Self.points.1, word)
      index += 7
    }
  }

  private static func step(_ value: UInt64, _ point: UInt64, _ word: UInt64) -> UInt64 {
    let (high, low) = value.multipliedFullWidth(by: point)
    // 2^64 is 8 modulo the prime.
    let folded = (low & prime) &+ (low >> 61) &+ (high << 3)
    let sum = folded % prime &+ word
    return sum % prime
  }
}
