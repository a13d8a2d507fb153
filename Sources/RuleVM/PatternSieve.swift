// Which of many patterns may match a text, told by one pass over it: each pattern stands there
// with texts that a match must hold. What the sieve lets through is matched as it would be alone;
// what it holds back cannot match. A pattern without such texts is always let through.
internal import MailMessage
internal import Patterns
internal import RuleBytecode

/// Bits by number, in an array that somebody else keeps.
struct BitRow {
  static func wordCount(_ bits: Int) -> Int { (bits + 63) / 64 }
}

extension [UInt64] {
  func hasBit(_ index: Int) -> Bool { self[index >> 6] & (1 << UInt64(index & 63)) != 0 }

  mutating func setBit(_ index: Int) { self[index >> 6] |= 1 << UInt64(index & 63) }

  /// The next bit that is set.
  func nextBit(in range: Range<Int>) -> Int? {
    var index = range.lowerBound
    while index < range.upperBound {
      let rest = self[index >> 6] >> UInt64(index & 63)
      guard rest == 0 else {
        let next = index + rest.trailingZeroBitCount
        return next < range.upperBound ? next : nil
      }
      index = (index | 63) + 1
    }
    return nil
  }
}

struct PatternSieve: Sendable {
  /// What a match of one pattern needs.
  enum Need: Sendable {
    /// The text itself is looked for, ASCII letters in either case.
    case whole([UInt8])
    /// A match holds one of these.
    case required(RequiredTexts)
    case unknown
  }

  /// Fewer patterns are quicker one by one.
  static let patternsMin = 8
  /// Bytes of all texts of a sieve, each of which takes some 15 of memory; patterns past them are
  /// always let through.
  static let textBytesMax = 1 << 18
  /// Bytes looked for of a pattern's text: more hold back hardly more.
  static let requiredBytesMax = 16

  let count: Int
  private let trie: TextTrie
  private let textCount: Int
  /// The patterns of each text: `owners[firstOwner[n]..<firstOwner[n + 1]]`.
  private var firstOwner: [UInt32] = []
  private var owners: [UInt32] = []
  /// Patterns that are let through whatever the text is, and those that are where it holds letters
  /// that fold to ASCII.
  private var always: [UInt64]
  private var thirdForms: [UInt64]
  private var hasThirdForms = false

  /// A text that is looked for as a whole and can be: its answer needs nothing behind it.
  static func isWhole(_ text: ArraySlice<UInt8>) -> Bool {
    text.count >= TextTrie.textBytesMin && text.count <= TextTrie.textBytesMax
      && text.allSatisfy { $0 == $0.foldedASCII }
  }

  init(_ needs: [Need], textBytesMax: Int = Self.textBytesMax) {
    count = needs.count
    always = Array(repeating: 0, count: BitRow.wordCount(needs.count))
    thirdForms = always
    var wanted: [(text: [UInt8], owner: UInt32)] = []
    var left = textBytesMax
    // Whole texts first: for them there is room, or their answers would be none.
    for (index, need) in needs.enumerated() {
      guard case .whole(let text) = need else { continue }
      wanted.append((text, UInt32(index)))
      left -= text.count
    }
    for (index, need) in needs.enumerated() {
      switch need {
      case .whole: break
      case .unknown: always.setBit(index)
      case .required(let required):
        let texts = required.texts.map { Array($0.prefix(Self.requiredBytesMax)) }
        let bytes = texts.reduce(0) { $0 + $1.count }
        guard bytes <= left, texts.allSatisfy({ $0.count >= TextTrie.textBytesMin }) else {
          always.setBit(index)
          continue
        }
        left -= bytes
        wanted += texts.map { ($0, UInt32(index)) }
        if required.hasThirdForms {
          thirdForms.setBit(index)
          hasThirdForms = true
        }
      }
    }
    wanted.sort { $0.text.lexicographicallyPrecedes($1.text) }
    var texts: [[UInt8]] = []
    for (text, owner) in wanted {
      if texts.last != text {
        texts.append(text)
        firstOwner.append(UInt32(owners.count))
      }
      owners.append(owner)
    }
    firstOwner.append(UInt32(owners.count))
    textCount = texts.count
    trie = TextTrie(sorted: texts)
  }

  /// About what it takes of memory.
  var byteCount: Int { 13 * trie.stateCount + 9_216 + 4 * (owners.count + firstOwner.count) }

  /// Sets the bits of the patterns that may match, from a word on.
  func mark(_ text: Span<UInt8>, _ bits: inout [UInt64], from word: Int = 0) {
    for index in always.indices { bits[word + index] |= always[index] }
    if hasThirdForms, text.hasThirdForms {
      for index in thirdForms.indices { bits[word + index] |= thirdForms[index] }
    }
    var found = Array(repeating: UInt64(0), count: BitRow.wordCount(textCount))
    trie.mark(text, in: &found)
    var next = 0
    while let hit = found.nextBit(in: next..<textCount) {
      for owner in owners[Int(firstOwner[hit])..<Int(firstOwner[hit + 1])] {
        bits[word + Int(owner >> 6)] |= 1 << UInt64(owner & 63)
      }
      next = hit + 1
    }
  }
}

extension Span<UInt8> {
  /// Whether the long s or the Kelvin sign stands in it, which PCRE2 takes for `s` and `k` where
  /// letter case does not count.
  fileprivate var hasThirdForms: Bool {
    let (longS, kelvin): ([UInt8], [UInt8]) = ([0xC5, 0xBF], [0xE2, 0x84, 0xAA])
    return contains(longS.span, folding: false) || contains(kelvin.span, folding: false)
  }
}
