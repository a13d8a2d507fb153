// What the memories ask of whatever keeps their records: change a few of them alone. What they mean
// is decided by pure values elsewhere, so a back end for several hosts needs no more than this:
// read, decide, write if nobody wrote meanwhile, else again.
internal import RuleBytecode

package enum RecordKind: Int, CaseIterable, Sendable {
  // Numbers stand in files: they are never given again.
  case waiting = 1
  case known, network, rate, duplicate, sender
}

/// The name of a record. Parts come from mail and may hold anything.
package struct RecordKey: Hashable, Sendable {
  /// A longer text is kept as its digest.
  package static let textBytesMax = 240

  package let kind: RecordKind
  /// `=` and the parts with tabs between them; `#` and a SHA-256 where they are too long for that
  /// or hold control characters.
  package let text: String

  package init(_ kind: RecordKind, _ parts: [String]) {
    self.kind = kind
    let isPlain = parts.allSatisfy { $0.utf8.allSatisfy { $0 >= 32 } }
    let count = parts.reduce(parts.count) { $0 + $1.utf8.count }
    if isPlain, count <= Self.textBytesMax {
      text = "=" + parts.joined(separator: "\t")
    } else {
      // Lengths before the parts: two different lists never make the same bytes.
      let bytes = parts.flatMap { Array("\($0.utf8.count):".utf8) + Array($0.utf8) }
      text = "#" + SHA256.digest(of: bytes).hex
    }
  }
}

/// A few numbers, none negative, and the moment from which they say nothing any more.
package struct Record: Equatable, Sendable {
  /// Sums of what is read back cannot overflow.
  static let wordMax: Int64 = 1 << 60
  static let wordsMax = 128

  package let words: [Int64]
  package let endSeconds: Int64

  package init(_ words: [Int64], endSeconds: Int64) {
    self.words = words
    self.endSeconds = endSeconds
  }

  /// - Parameter text: what a store kept; not trusted.
  package init(text: String, endSeconds: Int64) throws(MemoryFailure) {
    var words: [Int64] = []
    for field in text.split(separator: " ", maxSplits: Self.wordsMax) {
      guard let word = Int64(field), (0...Self.wordMax).contains(word),
        words.count < Self.wordsMax
      else { throw Self.damaged }
      words.append(word)
    }
    self.init(words, endSeconds: endSeconds)
  }

  package var text: String { words.map(String.init).joined(separator: " ") }

  package static let damaged = MemoryFailure.damaged("a record is none of ours")

  /// - Returns: as many words as are asked for.
  func words(_ count: Int) throws(MemoryFailure) -> [Int64] {
    guard words.count == count else { throw Self.damaged }
    return words
  }
}

package enum RecordChange: Equatable, Sendable {
  case keep, remove
  case write(Record)
}

/// Blocking; called by threads that may wait. Safe for any number of threads and processes.
package protocol RecordStore: Sendable {
  /// Reads the records of these keys and changes them, with nobody in between.
  ///
  /// At most one key of each kind. A record past its end is nil, whether or not it was removed yet.
  /// - Parameters:
  ///   - isDry: reads and decides, and writes nothing.
  ///   - decide: one change for each key. May be called more than once; has no other effect.
  func change<Answer>(
    _ keys: [RecordKey], nowSeconds: Int64, isDry: Bool,
    _ decide: ([Record?]) throws(MemoryFailure) -> (changes: [RecordChange], answer: Answer)
  ) throws(MemoryFailure) -> Answer
}

/// Addresses as they name records: in lower case. RFC 5321 §2.4 leaves it to a host whether it
/// tells its users by case; hardly one does.
enum FoldedText {
  static func of(_ text: String) -> String {
    let bytes = text.utf8.map { (65...90).contains($0) ? $0 | 0x20 : $0 }
    return String(decoding: bytes, as: UTF8.self)
  }
}

enum Moment {
  /// Some 30,000 years: sums of moments and spans cannot overflow.
  static let max: Int64 = 1 << 40

  static func bounded(_ seconds: Int64) -> Int64 { min(Swift.max(seconds, 0), max) }
}
