// A body as it is written: ranges of the received message, in their order, and new bytes between
// them. So nothing is copied before all of it is known, and what stays is seen to stay.

struct Pieces: Sendable {
  enum Piece: Sendable {
    case kept(Range<Int>)
    case new([UInt8])
  }

  private(set) var all: [Piece] = []
  /// What lies before it is written, or left out.
  private var passed = 0

  /// Keeps what of a range has not been passed: an empty last part reaches behind the end of the
  /// multipart that it is in.
  mutating func keep(from start: Int, to end: Int) {
    let start = max(start, passed)
    guard start < end else { return }
    passed = end
    let range = start..<end
    if case .kept(let last)? = all.last, last.upperBound == range.lowerBound {
      all[all.count - 1] = .kept(last.lowerBound..<range.upperBound)
    } else {
      all.append(.kept(range))
    }
  }

  mutating func keep(_ range: Range<Int>) { keep(from: range.lowerBound, to: range.upperBound) }

  /// Leaves out what has not been written before `end`.
  mutating func pass(_ end: Int) { passed = max(passed, end) }

  mutating func write(_ bytes: [UInt8]) {
    guard !bytes.isEmpty else { return }
    all.append(.new(bytes))
  }

  mutating func write(_ text: String) { write(Array(text.utf8)) }

  mutating func writeLineEnd() { write([0x0D, 0x0A]) }

  /// With CRLF for each CR of a range of the message that stays.
  func withLineFeeds(in range: Range<Int>, of message: [UInt8]) -> Pieces {
    var result = Pieces()
    for piece in all {
      guard case .kept(let kept) = piece, kept.overlaps(range) else {
        result.all.append(piece)
        continue
      }
      let part = kept.clamped(to: range)
      result.keep(kept.lowerBound..<part.lowerBound)
      var lines: [UInt8] = []
      for byte in message[part] { lines += byte == 0x0D ? [0x0D, 0x0A] : [byte] }
      result.write(lines)
      result.keep(part.upperBound..<kept.upperBound)
    }
    return result
  }
}

extension Splice {
  /// What the pieces change of `range`; they keep its bytes in order.
  init(_ pieces: Pieces, in range: Range<Int>) {
    self.init()
    var position = range.lowerBound
    var new: [UInt8] = []
    for piece in pieces.all {
      switch piece {
      case .new(let bytes): new.append(contentsOf: bytes)
      case .kept(let kept):
        precondition(kept.lowerBound >= position, "two edits touch the same bytes")
        if kept.lowerBound > position || !new.isEmpty {
          replace(position..<kept.lowerBound, with: new)
          new = []
        }
        position = kept.upperBound
      }
    }
    if position < range.upperBound || !new.isEmpty {
      replace(position..<range.upperBound, with: new)
    }
  }
}
