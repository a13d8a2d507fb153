// The content of a message as `body` and `extracttext` see it (RFC 5173 §5, RFC 5703 §7): which
// parts a content type picks, and which texts of a part are compared.

/// What `body :content` picks: a type, a type with its subtype, or all.
package struct ContentPattern: Sendable, Equatable {
  private enum Form: Equatable {
    case all
    case type(String)
    case full(String, String)
    case nothing
  }

  private let form: Form

  /// RFC 5173 §5.2: "" is all; a slash at an end, or a second one, matches no type.
  package init(_ text: String) {
    let pieces = text.utf8.map(ASCII.lower).split(
      separator: ASCII.slash, omittingEmptySubsequences: false)
    let words = pieces.map { String(decoding: $0, as: UTF8.self) }
    switch words.count {
    case 1: form = words[0].isEmpty ? .all : .type(words[0])
    case 2 where !words[0].isEmpty && !words[1].isEmpty: form = .full(words[0], words[1])
    default: form = .nothing
    }
  }

  package func matches(_ type: ContentType) -> Bool {
    switch form {
    case .all: true
    case .type(let wanted): type.type == wanted
    case .full(let wanted, let subtype): type.type == wanted && type.subtype == subtype
    case .nothing: false
    }
  }
}

/// One text that the keys of `body` are compared with.
package enum BodyPiece: Sendable, Equatable {
  /// As it stands in the buffer of the part that was asked about.
  case raw(Range<Int>)
  /// The content of a part, decoded and in UTF-8.
  case decoded(part: Int)
}

extension Part {
  /// The type as `body` takes it. What is encoded in a way that nobody knows is octets (RFC 2045
  /// §6.4), and a type with two slashes is none.
  package var comparedType: ContentType {
    if encoding == .unknown { return ContentType(type: "application", subtype: "octet-stream") }
    guard isTypeDeclared, let field = fields(.contentType).first else { return contentType }
    let header = StructuredHeader(bytes.span, field.value, parametersMax: 0)
    return header.hasSecondSlash ? ContentType(type: "", subtype: "") : contentType
  }

  /// Whether the content is text for readers (RFC 5173 §5.3).
  package var isText: Bool {
    let type = comparedType
    return type.type == "text" || Self.isHTML(type)
  }

  /// Whether markup must come off it first.
  package var isHTML: Bool { Self.isHTML(comparedType) }

  private static func isHTML(_ type: ContentType) -> Bool {
    type.name == "text/html" || type.name == "application/xhtml+xml"
  }
}

extension MailMessage {
  /// Whether anything follows an empty line after the header. A message without one has no body,
  /// and `body` is false then even for "" (RFC 5173 §4).
  package var hasBody: Bool {
    if headerEnd < bytes.count { return true }
    var end = headerEnd
    guard end > 0, bytes[end - 1] == ASCII.lineFeed else { return false }
    end -= 1
    if end > 0, bytes[end - 1] == ASCII.carriageReturn { end -= 1 }
    return end == 0 || bytes[end - 1] == ASCII.lineFeed
  }

  /// The texts of a part for `body :content`: of a multipart what stands before and after its
  /// parts, of a message its header (RFC 5173 §5.2).
  package func bodyPieces(of part: Int) -> [BodyPiece] {
    let own = parts[part]
    // What other readings found stands somewhere else.
    let children = own.children.filter { parts[$0].reading == own.reading }
    guard own.isContainer, let first = children.first, let last = children.last else {
      return own.contentType.isMultipart ? [.raw(own.body)] : [.decoded(part: part)]
    }
    if own.contentType.isMessage {
      return [.raw(parts[first].headerWithoutBlankLine)]
    }
    var pieces: [BodyPiece] = []
    let start = parts[first].outer.lowerBound
    if start > own.body.lowerBound {
      let end = own.lineEndStart(before: start, own.body.lowerBound)
      pieces.append(.raw(own.body.lowerBound..<end))
    }
    // Where the last part ends before its container does, the closing delimiter stands.
    let delimiter = parts[last].outer.upperBound
    if delimiter < own.body.upperBound,
      let lineEnd = ByteScan.firstIndex(
        of: ASCII.lineFeed, in: own.bytes.span, from: delimiter, to: own.body.upperBound),
      lineEnd + 1 < own.body.upperBound
    {
      pieces.append(.raw(lineEnd + 1..<own.body.upperBound))
    }
    return pieces
  }

  /// Whether a part's content stands in the message as UTF-8 already, nothing encoded.
  package func isUTF8(part: Int) -> Bool {
    guard parts[part].isInMessage, parts[part].encoding.isIdentity,
      CharsetName.kind(parts[part].charset ?? "") == .utf8
    else { return false }
    return (try? UTF8Span(validating: bytes.span.extracting(parts[part].body))) != nil
  }

  /// Whether a part's text is in a charset whose bytes need not mean what they mean in ASCII.
  package func isOfOtherCharset(part: Int) -> Bool {
    guard parts[part].isText else { return false }
    if case .iconv = CharsetName.kind(parts[part].charset ?? "") { return true }
    return false
  }

  /// Appends the text of a part for readers: UTF-8, of HTML without the markup; nothing of a part
  /// that is no text. `limitBytes` bounds what is decoded.
  package func appendReadableText(
    of part: Int, to output: inout [UInt8], limitBytes: Int = .max
  ) -> DecodeResult {
    guard parts[part].isText, !parts[part].isContainer else { return DecodeResult() }
    guard parts[part].isHTML else {
      return appendText(of: part, to: &output, limitBytes: limitBytes)
    }
    var html: [UInt8] = []
    let result = appendText(of: part, to: &html, limitBytes: limitBytes)
    HTMLText.append(html.span, to: &output)
    return result
  }
}

extension Part {
  fileprivate func lineEndStart(before end: Int, _ start: Int) -> Int {
    var end = end
    if end > start, bytes[end - 1] == ASCII.lineFeed { end -= 1 }
    if end > start, bytes[end - 1] == ASCII.carriageReturn { end -= 1 }
    return end
  }

  /// The header block without the empty line that ends it; the last field keeps its line end.
  fileprivate var headerWithoutBlankLine: Range<Int> {
    let end = lineEndStart(before: header.upperBound, header.lowerBound)
    guard end > header.lowerBound, bytes[end - 1] == ASCII.lineFeed else {
      return end == header.lowerBound ? end..<end : header
    }
    return header.lowerBound..<end
  }
}
