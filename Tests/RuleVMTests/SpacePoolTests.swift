// What sessions hold between messages, and what a message without errands may order.

import RuleBytecode
import Testing

@testable import RuleVM

struct SpacePoolTests {
  @Test func lendsWhatWasGivenBack() {
    let pool = SpacePool(buffersMax: 1, keptBytesMax: 4_096)
    var space = [UInt8](repeating: 7, count: 100)
    pool.takeBack(&space)
    #expect(space.isEmpty && space.capacity == 0)
    pool.lend(&space)
    #expect(space.isEmpty && space.capacity >= 100)
    var other: [UInt8] = []
    pool.lend(&other)
    #expect(other.capacity == 0)
  }

  /// Texts that rules have already found stay where they are.
  @Test func replacesNothingThatIsInUse() {
    let pool = SpacePool()
    var given = [UInt8](repeating: 7, count: 100)
    pool.takeBack(&given)
    var space: [UInt8] = [1, 2, 3]
    pool.lend(&space)
    #expect(space == [1, 2, 3])
  }

  @Test func keepsNeitherManyNorLarge() {
    let pool = SpacePool(buffersMax: 1, keptBytesMax: 4_096)
    var large = [UInt8](repeating: 7, count: 5_000)
    pool.takeBack(&large)
    pool.lend(&large)
    #expect(large.capacity == 0)
    for _ in 0..<2 {
      var small = [UInt8](repeating: 7, count: 100)
      pool.takeBack(&small)
    }
    var (first, second): ([UInt8], [UInt8]) = ([], [])
    pool.lend(&first)
    pool.lend(&second)
    #expect(first.capacity >= 100 && second.capacity == 0)
  }

  @Test func eachFieldOfAPartHasAPlace() {
    var words = PartWords()
    for field in PartField.allCases {
      #expect(Int(field.rawValue) < PartWords.count)
      words[field] = [TextWord(.raw, offset: Int(field.rawValue), length: 1)]
    }
    for field in PartField.allCases {
      #expect(words[field] == [TextWord(.raw, offset: Int(field.rawValue), length: 1)])
    }
  }

  /// What can fail at the end of a message, goes elsewhere or is remembered is planned.
  @Test func errandsAreNoPlainEdits() {
    for action in Action.allCases where !action.failures.isEmpty {
      #expect(!action.isPlainEdit, "\(action)")
    }
    for action in [Action.redirect, .train, .applyScanHeaders, .hold] {
      #expect(!action.isPlainEdit, "\(action)")
    }
  }
}
