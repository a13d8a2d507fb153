// Files inside of calendars (RFC 5545 §3.8.1.1): Outlook, Thunderbird and Apple's Calendar show
// what ATTACH holds in base64 as attachments of the event, whatever the type of the part says.
// Trusts nothing: each line is read once, names are cut, contents are bounded by what is granted.

enum CalendarReader {
  /// What a calendar begins with, in any case; a byte order mark and blank lines may be before it.
  private static let opening = Array("begin:vcalendar".utf8)
  /// Decoded bytes that show it.
  static let openingBytesMax = 48
  /// Bytes of a property's name and parameters that are looked at.
  private static let headBytesMax = 8_192

  static func isCalendar(_ start: Span<UInt8>) -> Bool {
    var index = 0
    if start.count > 3, start[0] == 0xEF, start[1] == 0xBB, start[2] == 0xBF { index = 3 }
    while index < start.count, ASCII.isFolding(start[index]) { index += 1 }
    guard start.count - index >= opening.count else { return false }
    return ASCII.isEqual(start.extracting(index..<index + opening.count), opening.span)
  }

  /// The files that properties of the calendar hold: at most `filesMax`, their contents together at
  /// most `bytesMax` bytes. `isTruncated` says that there is more.
  static func read(
    _ text: Span<UInt8>, filesMax: Int, bytesMax: Int
  ) -> (files: [EmbeddedFile], isTruncated: Bool) {
    let lines = TextLines(text, at: 0)
    var files: [EmbeddedFile] = []
    var bytesLeft = max(0, bytesMax)
    var position = 0
    while position < text.count {
      let property = property(text, lines, from: position)
      position = property.range.upperBound
      guard let attachment = Attachment(property.head) else { continue }
      let held = text.extracting(property.value..<property.range.upperBound)
      guard let value = attachment.isHere ? 0 : startOfData(held) else { continue }
      guard files.count < filesMax, bytesLeft > 0 else { return (files, true) }
      var file = EmbeddedFile(range: property.range)
      for name in attachment.names { file.addName(TextLines.name(name.span, name.indices)) }
      file.contentType = attachment.type
      file.isMessage = attachment.type?.isMessage ?? false
      let result = TransferEncoding.base64.append(
        held.extracting(droppingFirst: value), to: &file.content, bound: bytesLeft)
      file.isDamaged = result.isMalformed
      bytesLeft -= file.content.count
      files.append(file)
      if !result.isComplete { return (files, true) }
    }
    return (files, false)
  }

  /// Where the base64 begins in an address that is the content itself (RFC 2397); nil in others.
  private static func startOfData(_ value: Span<UInt8>) -> Int? {
    var start = 0
    while start < value.count, value[start] <= ASCII.space { start += 1 }
    let scheme = Array("data:".utf8)
    guard value.count - start > scheme.count,
      ASCII.isEqual(value.extracting(start..<start + scheme.count), scheme.span)
    else { return nil }
    let end = min(value.count, start + headBytesMax)
    guard let comma = (start..<end).first(where: { value[$0] == 44 }) else { return nil }
    var head: [UInt8] = []
    for index in start..<comma where value[index] > ASCII.space {
      head.append(ASCII.lower(value[index]))
    }
    return head.suffix(7).elementsEqual(";base64".utf8) ? comma + 1 : nil
  }

  private struct Property {
    /// With its line ends and folds.
    var range: Range<Int>
    /// Name and parameters, without folds.
    var head: [UInt8] = []
    /// Where its value begins.
    var value: Int
  }

  /// The property whose first line stands at `start`: a line that begins with a blank goes on with
  /// the one before it (RFC 5545 §3.1).
  private static func property(
    _ text: Span<UInt8>, _ lines: TextLines, from start: Int
  ) -> Property {
    var property = Property(range: start..<start, value: text.count)
    var isQuoted = false
    var isHead = true
    // Where a quote never ends, it is none.
    var first: (head: Int, value: Int)?
    var position = start
    repeat {
      let line = lines.line(text, at: position)
      // The blank of a fold is none of the text.
      var index = line.content.lowerBound
      if position > start, index < line.content.upperBound { index += 1 }
      while isHead, index < line.content.upperBound {
        let byte = text[index]
        index += 1
        if byte == ASCII.quote { isQuoted.toggle() }
        if byte == ASCII.colon, first == nil { first = (property.head.count, index) }
        if byte == ASCII.colon, !isQuoted || property.head.count >= headBytesMax {
          property.value = index
          isHead = false
        } else if property.head.count < headBytesMax {
          property.head.append(byte)
        }
      }
      position = line.next
    } while position < text.count && ASCII.isBlank(text[position])
    property.range = start..<position
    property.value = min(property.value, position)
    if isHead, let first {
      property.head.removeLast(property.head.count - first.head)
      property.value = first.value
    }
    return property
  }

  /// What the head of an ATTACH says that holds its file itself.
  private struct Attachment {
    var names: [[UInt8]] = []
    var type: ContentType?
    /// The value is the file in base64; else it says where the file is.
    var isHere = false

    /// Nil for other properties.
    init?(_ head: [UInt8]) {
      let words = Self.split(head)
      guard let name = words.first, String(decoding: name, as: UTF8.self).lowercased() == "attach"
      else { return nil }
      for word in words.dropFirst() {
        let equals = word.firstIndex(of: ASCII.equals) ?? word.endIndex
        let key = String(decoding: word[..<equals], as: UTF8.self).lowercased()
        let value = word[equals...].dropFirst().filter { $0 != ASCII.quote }
        let text = String(decoding: value, as: UTF8.self).lowercased()
        switch key {
        case "encoding": isHere = isHere || text == "base64" || text == "b"
        case "value": isHere = isHere || text == "binary"
        // vCalendar 1.0 names parameters by their values.
        case "base64": isHere = true
        case "fmttype": type = Self.type(text)
        // RFC 8607 §4, and what Outlook, Oracle, Apple and Lotus write.
        default:
          if key.hasSuffix("filename") || key == "name" || key == "x-label" { names.append(value) }
        }
      }
    }

    /// By semicolons outside of quotes.
    private static func split(_ head: [UInt8]) -> [ArraySlice<UInt8>] {
      var words: [ArraySlice<UInt8>] = []
      var start = 0
      var isQuoted = false
      for (index, byte) in head.enumerated() {
        if byte == ASCII.quote { isQuoted.toggle() }
        guard byte == ASCII.semicolon, !isQuoted else { continue }
        words.append(head[start..<index])
        start = index + 1
      }
      return words + [head[start...]]
    }

    private static func type(_ text: String) -> ContentType? {
      let words = text.split(separator: "/", omittingEmptySubsequences: false)
      guard words.count == 2, words.allSatisfy({ !$0.isEmpty }),
        text.utf8.allSatisfy({ ContentTypeReader.isToken($0) || $0 == ASCII.slash })
      else { return nil }
      return ContentType(type: String(words[0]), subtype: String(words[1]))
    }
  }
}
