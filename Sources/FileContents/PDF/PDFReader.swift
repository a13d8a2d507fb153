// What a PDF does when it is opened: scripts, programs, files inside of it. Readers of PDF mend
// whatever they get and find objects without their table, so every object in the file is looked at,
// wherever it stands, and those in object streams.
// Trusts nothing: one pass over the file and one over each object stream, no recursion; the table
// of objects, lengths and counts are not believed.
internal import RuleBytecode

struct PDFReader {
  private(set) var findings = ContentFindings()
  /// What is known of the object that is being read.
  private var object = PDFObject()
  private var index = 0
  private var isDamaged = false
  /// The next end of a stream, and from where on it is the next.
  private var streamEnd: Range<Int>?

  static func read(_ bytes: Span<UInt8>, _ work: inout DocumentWork) {
    guard work.budget.take(bytes: bytes.count) else { return }
    var reader = PDFReader()
    reader.read(bytes, &work.budget, hasStreams: true)
    // What is encrypted looks broken until it is decrypted.
    if reader.isDamaged, !reader.findings.encryption.contains(.pdf) {
      reader.findings.anomalies.insert(.officeDamaged)
    }
    work.findings.formUnion(reader.findings)
  }

  private mutating func read(
    _ bytes: Span<UInt8>, _ budget: inout DocumentBudget, hasStreams: Bool
  ) {
    index = 0
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "/"): name(bytes)
      case UInt8(ascii: "%"): comment(bytes)
      case UInt8(ascii: "("): string(bytes)
      case UInt8(ascii: "<"): hexString(bytes)
      case let byte where PDFText.isRegular(byte):
        let word = word(bytes)
        if object.take(word, bytes) || !hasStreams { continue }
        if PDFText.begins(bytes, word, "stream") { stream(bytes, word.lowerBound + 6, &budget) }
      default: index += 1
      }
    }
  }

  private mutating func word(_ bytes: Span<UInt8>) -> Range<Int> {
    let start = index
    while index < bytes.count, PDFText.isRegular(bytes[index]) { index += 1 }
    return start..<index
  }

  // MARK: Names

  private mutating func name(_ bytes: Span<UInt8>) {
    index += 1
    let name = PDFText.name(bytes, &index)
    object.take(name)
    switch name {
    case .script: findings.traits.insert(.pdfScript)
    case .launch: findings.traits.insert(.pdfLaunch)
    case .embedded: findings.traits.insert(.pdfEmbedded)
    case .encrypt: findings.encryption.insert(.pdf)
    default: break
    }
  }

  // MARK: What holds no names

  /// The table of objects can point into a comment.
  private mutating func comment(_ bytes: Span<UInt8>) {
    while index < bytes.count, bytes[index] != 10, bytes[index] != 13 {
      if PDFText.beginsObject(bytes, at: index) { return }
      index += 1
    }
  }

  /// ISO 32000-1 §7.3.4.2. One that is not closed ends with its object at the latest.
  private mutating func string(_ bytes: Span<UInt8>) {
    var depth = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "\\") {
        index += 2
        continue
      }
      if byte == UInt8(ascii: "(") { depth += 1 }
      if byte == UInt8(ascii: ")") { depth -= 1 }
      if PDFText.beginsObject(bytes, at: index) || PDFText.endsObject(bytes, at: index) { return }
      index += 1
      if depth == 0 { return }
    }
  }

  private mutating func hexString(_ bytes: Span<UInt8>) {
    index += 1
    guard index < bytes.count, bytes[index] != UInt8(ascii: "<") else {
      index += 1
      return
    }
    while index < bytes.count, StyleText.hex(bytes[index]) != nil || bytes[index] <= 32 {
      index += 1
    }
  }

  // MARK: Streams

  private mutating func stream(
    _ bytes: Span<UInt8>, _ keywordEnd: Int, _ budget: inout DocumentBudget
  ) {
    var start = keywordEnd
    if start < bytes.count, bytes[start] == 13 { start += 1 }
    if start < bytes.count, bytes[start] == 10 { start += 1 }
    let end = streamEnd(bytes, from: start)
    if object.isObjectStream { unpack(bytes.extracting(start..<end), &budget) }
    // An object inside of a stream is one that the table can point at. Where no end comes, the
    // keyword was none.
    index = end < bytes.count ? end : start
    for place in start..<index where PDFText.beginsObject(bytes, at: place) {
      index = place
      break
    }
    object = PDFObject()
  }

  private mutating func streamEnd(_ bytes: Span<UInt8>, from start: Int) -> Int {
    if let streamEnd, streamEnd.lowerBound <= start, start <= streamEnd.upperBound {
      return streamEnd.upperBound
    }
    var place = start
    while place < bytes.count, !PDFText.begins(bytes, place..<bytes.count, "endstream") {
      place += 1
    }
    streamEnd = start..<place
    return place
  }

  /// ISO 32000-1 §7.5.7. What of it can be had is read; of an encrypted one nothing can.
  private mutating func unpack(_ data: Span<UInt8>, _ budget: inout DocumentBudget) {
    guard budget.takeItem(), budget.take(bytes: data.count) else { return }
    let unpacked = PDFFilters.decode(data, object, &budget)
    if unpacked.isDamaged { isDamaged = true }
    var inner = PDFReader()
    inner.read(unpacked.bytes.span, &budget, hasStreams: false)
    findings.formUnion(inner.findings)
  }
}
