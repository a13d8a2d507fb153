// Hashes of the body in the forms that signatures ask for (RFC 6376 §3.4.3, §3.4.4). One pass for
// each form, whatever lengths are asked for: a hash on its way is a value, and a copy of it gives
// the digest of what came so far. Nothing is held but a piece of 64 KiB.

internal import Crypto
internal import MailMessage

/// What a signature wants hashed.
struct BodyRequest: Hashable, Sendable {
  let form: Canonicalization
  /// `l=`; nil for the whole.
  let length: Int?
}

/// The digests of one body.
struct BodyDigests: Sendable {
  private var digests: [BodyRequest: [UInt8]] = [:]
  private var byteCounts: [Canonicalization: Int] = [:]

  init(_ bytes: Span<UInt8>, from start: Int, for requests: Set<BodyRequest>) {
    for form in Canonicalization.allCases {
      let lengths = requests.filter { $0.form == form }.map(\.length)
      guard !lengths.isEmpty else { continue }
      var pass = BodyPass(form, lengths: lengths.compactMap(\.self))
      pass.run(bytes, start)
      for (length, digest) in pass.digests {
        digests[BodyRequest(form: form, length: length)] = digest
      }
      digests[BodyRequest(form: form, length: nil)] = pass.digest
      byteCounts[form] = pass.byteCount
    }
  }

  /// Nil where the body is shorter than the length.
  func digest(_ request: BodyRequest) -> [UInt8]? { digests[request] }

  /// Bytes of the canonical body.
  func byteCount(_ form: Canonicalization) -> Int? { byteCounts[form] }
}

/// One pass over a body in one form.
struct BodyPass {
  private static let pieceBytes = 65_536

  private let form: Canonicalization
  /// The lengths still ahead, longest first.
  private var lengths: [Int]
  private var hash = SHA256()
  private var piece: [UInt8] = []
  private var hashedBytes = 0
  /// Line ends held back: those at the end of the body count as one.
  private var pendingEnds = 0
  private var hasContent = false
  private(set) var digests: [Int: [UInt8]] = [:]
  /// Of the whole body.
  private(set) var digest: [UInt8] = []

  init(_ form: Canonicalization, lengths: [Int]) {
    self.form = form
    self.lengths = Set(lengths).sorted(by: >)
    piece.reserveCapacity(Self.pieceBytes + 2)
  }

  var byteCount: Int { hashedBytes }

  mutating func run(_ bytes: Span<UInt8>, _ start: Int) {
    var line = start
    while line < bytes.count {
      let lineFeed = ByteScan.firstIndex(of: ASCII.lineFeed, in: bytes, from: line, to: bytes.count)
      var end = lineFeed ?? bytes.count
      if lineFeed != nil, end > line, bytes[end - 1] == ASCII.carriageReturn { end -= 1 }
      switch form {
      case .simple: appendSimple(bytes, line..<end)
      case .relaxed: appendRelaxed(bytes, line..<end)
      }
      pendingEnds += 1
      line = (lineFeed ?? bytes.count) + 1
    }
    finish()
  }

  private mutating func finish() {
    // An empty body is one line end in the simple form, nothing in the relaxed one.
    if hasContent || form == .simple { appendLineEnd() }
    flush()
    digest = Array(hash.finalize())
  }

  private mutating func appendSimple(_ bytes: Span<UInt8>, _ line: Range<Int>) {
    guard !line.isEmpty else { return }
    appendPendingEnds()
    var start = line.lowerBound
    while start < line.upperBound {
      let end = min(line.upperBound, start + Self.pieceBytes)
      piece.append(copying: bytes.extracting(start..<end))
      flushIfFull()
      start = end
    }
  }

  private mutating func appendRelaxed(_ bytes: Span<UInt8>, _ line: Range<Int>) {
    var end = line.upperBound
    while end > line.lowerBound, ASCII.isBlank(bytes[end - 1]) { end -= 1 }
    guard end > line.lowerBound else { return }
    appendPendingEnds()
    var isAfterBlank = false
    for index in line.lowerBound..<end {
      let byte = bytes[index]
      if ASCII.isBlank(byte) {
        if !isAfterBlank { piece.append(ASCII.space) }
        isAfterBlank = true
      } else {
        piece.append(byte)
        isAfterBlank = false
      }
      if piece.count >= Self.pieceBytes { flush() }
    }
  }

  private mutating func appendPendingEnds() {
    hasContent = true
    while pendingEnds > 0 {
      appendLineEnd()
      pendingEnds -= 1
    }
  }

  private mutating func appendLineEnd() {
    piece.append(ASCII.carriageReturn)
    piece.append(ASCII.lineFeed)
    flushIfFull()
  }

  private mutating func flushIfFull() {
    if piece.count >= Self.pieceBytes { flush() }
  }

  /// Hashes the piece, and keeps the digests of the lengths that end in it.
  private mutating func flush() {
    var done = 0
    while let length = lengths.last, length <= hashedBytes + piece.count {
      hash.update(data: piece[done..<length - hashedBytes])
      done = length - hashedBytes
      digests[length] = Array(hash.finalize())
      lengths.removeLast()
    }
    hash.update(data: piece[done...])
    hashedBytes += piece.count
    piece.removeAll(keepingCapacity: true)
  }
}
