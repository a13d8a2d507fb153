// Multiparts that their header hides: whatever trick of syntax is played with type or boundary, the
// delimiters themselves must stand in the content, since programs that show the parts need them.

extension StructureReader {
  /// Reads a part again as each type that it declares, and as divided by what looks like
  /// delimiters.
  mutating func settleType(_ bytes: Span<UInt8>, _ part: Int) {
    let types = types(bytes, of: part)
    let current = parts[part].contentType
    for type in types where type != current {
      parts[part].structuralAnomalies.insert(.typeConflict)
      // Undivided plain text shows nothing that the parts do not.
      let isPlain = type == .plainText && parts[part].encoding.isIdentity
      if !type.isMultipart, !isPlain { reread(bytes, part, as: type) }
    }
    let multipart = ContentType(type: "multipart", subtype: "mixed")
    let type = current.isMultipart ? current : types.first { $0.isMultipart } ?? multipart
    for boundary in boundaries(bytes, of: part) {
      guard reread(bytes, part, as: type, boundary: boundary) else { continue }
      if !current.isMultipart {
        parts[part].structuralAnomalies.insert(.typeConflict)
      } else if self.boundary(bytes, of: part)?.isEmpty == false {
        parts[part].structuralAnomalies.insert(.boundaryConflict)
      }
    }
  }

  /// The types that the header declares.
  private func types(_ bytes: Span<UInt8>, of part: Int) -> [ContentType] {
    var types: [ContentType] = []
    for field in parts[part].fields where isContentType(bytes, field) {
      let type = ContentTypeReader.read(bytes, field.value)
      if let type, !types.contains(type) { types.append(type) }
    }
    return types
  }

  /// The boundaries to divide a part by: those in its content that its header does not rule out.
  private mutating func boundaries(_ bytes: Span<UInt8>, of part: Int) -> [[UInt8]] {
    let body = parts[part].body
    let doubts = parts[part].doubts
    let isDivided = parts[part].contentType.isMultipart
    let known = isDivided ? parts[part].givenBoundary ?? boundary(bytes, of: part) : nil
    let fields = parts[part].fields.filter { isContentType(bytes, $0) }
    let declared = fields.flatMap {
      ParameterList(bytes, $0.value, parametersMax: limits.parametersMax)
        .tokens(named: "boundary")
    }
    let observed = observedBoundaries(bytes, body, declared: declared).filter { $0 != known }
    if doubts.contains(.type) { return observed }
    if doubts.contains(.guess) { return observed.filter { begins(bytes, body, with: $0) } }
    // The field is valid: only what stands in it can be meant.
    return observed.filter { word in
      declared.contains(word) || fields.contains { WordSearch(word).isFound(in: bytes, $0.value) }
    }
  }

  /// Whether the first line that is not empty is the delimiter.
  private func begins(
    _ bytes: Span<UInt8>, _ body: Range<Int>, with boundary: [UInt8]
  ) -> Bool {
    let start = ASCII.trimmed(bytes, body).lowerBound + 2
    return start + boundary.count <= body.upperBound
      && ByteScan.isEqual(bytes.extracting(start..<start + boundary.count), boundary.span)
  }

  // MARK: Delimiters in the content

  /// The boundaries that lines of the range look like delimiters of, in their order; of the
  /// `declared` ones all that occur.
  mutating func observedBoundaries(
    _ bytes: Span<UInt8>, _ range: Range<Int>, declared: [[UInt8]] = []
  ) -> [[UInt8]] {
    guard charge(range.count) else { return [] }
    var observed = ObservedBoundaries(declared: declared)
    var next = firstDashLine(bytes, in: range)
    while let line = next {
      let found = ByteScan.firstIndex(of: lineEnd, in: bytes, from: line, to: range.upperBound)
      let end = found ?? range.upperBound
      // One with a blank before the dashes is none.
      if bytes[line] == ASCII.dash {
        observed.note(bytes, line + 2..<end, before: end..<range.upperBound)
      }
      guard observed.count <= limits.readingsMax else {
        hit(.readings)
        break
      }
      next = ByteScan.nextDashLine(in: bytes, from: end, to: range.upperBound, lineEnd: lineEnd)
    }
    return observed.found
  }

  private func firstDashLine(_ bytes: Span<UInt8>, in range: Range<Int>) -> Int? {
    let start = range.lowerBound
    if range.count > 1, bytes[start] == ASCII.dash, bytes[start + 1] == ASCII.dash { return start }
    return ByteScan.nextDashLine(in: bytes, from: start, to: range.upperBound, lineEnd: lineEnd)
  }
}

/// Lines that may be delimiters. A line is one for sure when it is declared or a MIME field follows
/// it; when a blank line or another field does, the same must come again, or the end of it.
private struct ObservedBoundaries {
  private let declared: Set<[UInt8]>
  private(set) var found: [[UInt8]] = []
  private var isSure: [[UInt8]: Bool] = [:]
  var count: Int { isSure.count }

  init(declared: [[UInt8]]) { self.declared = Set(declared) }

  /// `line` is what follows the dashes; `rest` begins with its line end.
  mutating func note(_ bytes: Span<UInt8>, _ line: Range<Int>, before rest: Range<Int>) {
    let text = ASCII.trimmed(bytes, line)
    guard !text.isEmpty else { return }
    let boundary = (line.lowerBound..<text.upperBound).map { bytes[$0] }
    if boundary.count > 2, boundary.suffix(2).elementsEqual([ASCII.dash, ASCII.dash]) {
      let opened = Array(boundary.dropLast(2))
      if isSure[opened] == false { add(opened) }
    }
    guard isSure[boundary] != true else { return }
    if declared.contains(boundary) || isBeforeField(bytes, rest) {
      add(boundary)
    } else if isBeforeBlank(bytes, rest) || isBeforeAnyField(bytes, rest) {
      if isSure[boundary] == false { add(boundary) } else { isSure[boundary] = false }
    }
  }

  private mutating func add(_ boundary: [UInt8]) {
    isSure[boundary] = true
    found.append(boundary)
  }

  /// Whether the next line begins with `Content-`, blanks and controls not counted.
  private func isBeforeField(_ bytes: Span<UInt8>, _ rest: Range<Int>) -> Bool {
    var start = rest.lowerBound
    // More blanks than these no program skips.
    while start < min(rest.upperBound, rest.lowerBound + 16), bytes[start] <= ASCII.space {
      start += 1
    }
    let end = start + Self.prefix.count
    guard end <= rest.upperBound else { return false }
    return ASCII.isEqual(bytes.extracting(start..<end), Self.prefix.span)
  }

  private func isBeforeBlank(_ bytes: Span<UInt8>, _ rest: Range<Int>) -> Bool {
    var start = rest.lowerBound + 1
    while start < rest.upperBound, ASCII.isBlank(bytes[start]) { start += 1 }
    return start < rest.upperBound && ASCII.isFolding(bytes[start])
  }

  /// Whether the next line begins with a name and a colon.
  private func isBeforeAnyField(_ bytes: Span<UInt8>, _ rest: Range<Int>) -> Bool {
    let start = rest.lowerBound + 1
    // No field of mail has a longer name.
    let bound = min(rest.upperBound, start + 77)
    var index = start
    while index < bound, bytes[index] != ASCII.colon, bytes[index] &- 33 < 94 { index += 1 }
    return index > start && index < bound && bytes[index] == ASCII.colon
  }

  private static let prefix = Array("content-".utf8)
}

/// A search that is linear on bytes made to prevent that (Knuth, Morris and Pratt).
private struct WordSearch {
  private let word: [UInt8]
  /// For each prefix of the word, the length of its longest proper end that is a prefix too.
  private var borders: [Int]

  init(_ word: [UInt8]) {
    self.word = word
    borders = [Int](repeating: 0, count: word.count)
    var length = 0
    for index in word.indices.dropFirst() {
      while length > 0, word[index] != word[length] { length = borders[length - 1] }
      if word[index] == word[length] { length += 1 }
      borders[index] = length
    }
  }

  /// Whether the word stands there with no letters or digits around it.
  func isFound(in bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    var length = 0
    for index in range {
      while length > 0, length == word.count || bytes[index] != word[length] {
        length = borders[length - 1]
      }
      if bytes[index] == word[length] { length += 1 }
      guard length == word.count else { continue }
      let before = index - length
      let isBegun = before >= range.lowerBound && ASCII.isAlphanumeric(bytes[before])
      let isGoingOn = index + 1 < range.upperBound && ASCII.isAlphanumeric(bytes[index + 1])
      if !isBegun, !isGoingOn { return true }
    }
    return false
  }
}
