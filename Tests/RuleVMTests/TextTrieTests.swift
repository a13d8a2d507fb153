// The pass over a text, held against looking for each text by itself.

import Harness
import Testing

@testable import Patterns
@testable import RuleVM

@Suite struct TextTrieTests {
  private func found(_ texts: [String], in text: String) -> [String] {
    let sorted = Set(texts).map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
    let trie = TextTrie(sorted: sorted)
    var bits: [UInt64] = Array(repeating: 0, count: BitRow.wordCount(sorted.count))
    let bytes = Array(text.utf8)
    trie.mark(bytes.span, in: &bits)
    return sorted.indices.filter { bits.hasBit($0) }.map {
      String(decoding: sorted[$0], as: UTF8.self)
    }
  }

  @Test(arguments: [
    (["she", "hers", "his"], "USHERS", ["hers", "she"]),
    (["abcd", "bcd", "cde"], "abcde", ["abcd", "bcd", "cde"]),
    (["abc"], "abc", ["abc"]), (["abc"], "ab", []), (["abc"], "xxabc", ["abc"]),
    (["abc"], "", []), (["abcd"], "abc", []), (["aab", "aaab"], "aaaab", ["aaab", "aab"]),
    (["[ab"], "{AB [AB", ["[ab"]), (["{ab"], "[ab", []), (["ab\u{0}"], "xab\u{0}", ["ab\u{0}"]),
    (["grün"], "GRüN", ["grün"]), (["grün"], "GRÜN", []),
  ])
  func byHand(_ texts: [String], _ text: String, _ expected: [String]) {
    #expect(found(texts, in: text) == expected.sorted())
  }

  /// Few letters, so that texts run into each other.
  @Test(arguments: UInt64(1)...6)
  func asOneByOne(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var hits = 0
    for _ in 0..<300 {
      let letters = Array("abcdéAB\n".prefix(Int.random(in: 2...8, using: &random)))
      func word(_ length: ClosedRange<Int>) -> String {
        let made = (0..<Int.random(in: length, using: &random)).map { _ in
          letters[Int.random(in: 0..<letters.count, using: &random)]
        }
        return String(made)
      }
      let texts = (0..<Int.random(in: 1...90, using: &random)).map { _ in
        word(3...9).lowercased()
      }
      let text = word(0...200)
      let lower = String(
        decoding: text.utf8.map { $0.foldedASCII }, as: UTF8.self)
      let expected = Set(texts).filter { lower.utf8.holds($0.utf8) }.sorted()
      hits += expected.count
      #expect(found(texts, in: text).sorted() == expected)
    }
    #expect(hits > 1_000)
  }

  @Test func lengths() {
    let longest = String(repeating: "ab", count: 127) + "a"
    #expect(found([longest], in: "x" + longest.uppercased()) == [longest])
    #expect(found([longest], in: String(longest.dropLast())) == [])
    #expect(PatternSieve.isWhole(Array(longest.utf8)[...]))
    #expect(!PatternSieve.isWhole(Array((longest + "b").utf8)[...]))
    #expect(PatternSieve.isWhole(Array("abc".utf8)[...]))
    #expect(!PatternSieve.isWhole(Array("ab".utf8)[...]))
    #expect(!PatternSieve.isWhole(Array("abC".utf8)[...]))
  }

  /// Patterns whose texts find no room are let through always; those looked for whole have room.
  @Test(arguments: [(9, [0, 1]), (8, [0, 1]), (6, [0, 1, 2])])
  func memoryIsBounded(_ room: Int, _ expected: [Int]) {
    let needs: [PatternSieve.Need] = [
      .unknown, .required(RequiredTexts(texts: [Array("here".utf8)], hasThirdForms: false)),
      .required(RequiredTexts(texts: [Array("gone".utf8)], hasThirdForms: false)),
      .whole(Array("all".utf8)),
    ]
    var bits: [UInt64] = [0]
    let sieve = PatternSieve(needs, textBytesMax: room + 3)
    let (first, second) = (Array("it is here".utf8), Array("ALL".utf8))
    sieve.mark(first.span, &bits)
    #expect((0..<4).filter { bits.hasBit($0) } == expected)
    bits = [0]
    sieve.mark(second.span, &bits)
    #expect(bits.hasBit(3))
  }

  @Test func memoryOfManyPatterns() {
    let needs = (0..<40_000).map { index in
      PatternSieve.Need.required(
        RequiredTexts(texts: [Array("pattern \(index) of them".utf8)], hasThirdForms: false))
    }
    let sieve = PatternSieve(needs)
    #expect(sieve.byteCount < 5 << 20)
    var bits: [UInt64] = Array(repeating: 0, count: BitRow.wordCount(needs.count))
    let text: [UInt8] = []
    sieve.mark(text.span, &bits)
    let open = needs.indices.count { bits.hasBit($0) }
    #expect(open > 10_000 && open < 30_000)
  }

  @Test func nextBit() {
    let bits: [UInt64] = [0, 1 << 63, 0, 1]
    #expect(bits.nextBit(in: 0..<256) == 127)
    #expect(bits.nextBit(in: 0..<127) == nil)
    #expect(bits.nextBit(in: 127..<128) == 127)
    #expect(bits.nextBit(in: 128..<256) == 192)
    #expect(bits.nextBit(in: 193..<256) == nil)
    #expect(bits.nextBit(in: 256..<256) == nil)
  }
}

extension Collection<UInt8> {
  fileprivate func holds(_ part: some Collection<UInt8>) -> Bool {
    indices.contains { self[$0...].starts(with: part) }
  }
}
