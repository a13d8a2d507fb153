// What is in hand, for the case that it ends the process: a trap, or the system's killer, takes all
// sessions with it, and the client that sent the cause will send it again. So before a run begins,
// somebody outside is shown a mark of its input; after two deaths over the same one the policy's
// answer for internal failures is given instead of a third.
//
// Marks are keyed sums, not digests of cryptography: the key is random and never leaves the
// daemon, and what they decide is only whether a message is looked at again.

internal import MailMessage

/// Random numbers that all processes of one daemon share.
package struct HandKey: Sendable, Equatable {
  package let first: UInt64
  package let second: UInt64

  package init(first: UInt64, second: UInt64) {
    self.first = first
    self.second = second
  }

  package static func random() -> HandKey {
    HandKey(first: .random(in: .min ... .max), second: .random(in: .min ... .max))
  }
}

/// Tells one input of the policy from others, also when it comes again in another session.
package struct HandMark: Sendable, Hashable {
  package let high: UInt64
  package let low: UInt64

  /// Bytes of an input that count, beside how many there are: a header, so that it is one mail.
  package static let bytesMax = 4_096

  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// - Parameters:
  ///   - step: what is done with the input; the same bytes at another step are another mark.
  ///   - size: of the whole input, in bytes.
  package init(_ input: Span<UInt8>, step: UInt8, size: Int, key: HandKey) {
    var sums = Sums(key: key)
    sums.add(UInt64(step) << 56 ^ UInt64(truncatingIfNeeded: size))
    // What is left of the last eight bytes counts with zeros behind it, and the size tells them.
    let count = min(input.count, Self.bytesMax)
    var index = 0
    while index < count {
      sums.add(ByteScan.word(in: input, at: index))
      index += 8
    }
    high = sums.first
    low = sums.second
  }

  private struct Sums {
    var first: UInt64
    var second: UInt64

    init(key: HandKey) {
      first = key.first
      second = key.second
    }

    /// Odd factors, so that no word is lost; the high half of a product brings the low bits up.
    mutating func add(_ word: UInt64) {
      first = Self.mixed(first ^ word, 0x9E37_79B9_7F4A_7C15)
      second = Self.mixed(second &+ word, 0xD6E8_FEB8_6659_FD93)
    }

    private static func mixed(_ word: UInt64, _ factor: UInt64) -> UInt64 {
      let product = word.multipliedFullWidth(by: factor)
      return product.high ^ product.low &+ factor
    }
  }
}

/// Who is shown what is in hand. Called on the threads of sessions; never waits.
package protocol HandWatch: Sendable {
  var key: HandKey { get }
  /// - Parameters:
  ///   - name: queue id, or the session's where there is none yet.
  ///   - facts: what is known; asked only if it was in hand at a death.
  func take(_ mark: HandMark, name: String, facts: () -> SessionFacts?) -> HandPlace
  /// The run is over, well or not, and the process lives.
  func leave(_ place: HandPlace)
  /// The run was given up for a fault of the filter.
  func failed(_ facts: SessionFacts, problem: String)
}

extension HandWatch {
  package func failed(_ facts: SessionFacts, problem: String) {}
}

package enum HandPlace: Sendable, Equatable {
  /// A number that `leave` needs.
  case held(Int)
  /// Nothing is written down: too much is in hand.
  case none
  /// It has ended two processes: it must not be tried again.
  case poison
}
