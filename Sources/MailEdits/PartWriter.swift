// The header and body of a part that a rule writes. Type, name and disposition may hold
// mail-controlled text: what does not fit the grammar is replaced, not written.

/// What stands in the place of a part.
package struct Replacement: Sendable, Equatable {
  /// UTF-8 for a text type (repaired where it is not), any bytes for others.
  package var text: [UInt8]
  /// A MIME type, with parameters if need be. Text types are always written in UTF-8. Nonsense, and
  /// the composite types, which have no text, become text/plain.
  package var type: String
  /// The file name to show.
  package var name: String?
  /// `inline` where nil or no token (RFC 2183 §2).
  package var disposition: String?

  package init(
    text: [UInt8], type: String = "text/plain", name: String? = nil, disposition: String? = nil
  ) {
    self.text = text
    self.type = type
    self.name = name
    self.disposition = disposition
  }
}

/// A part as it is written: MIME fields (name and unfolded value) and the encoded body.
struct WrittenPart: Equatable, Sendable {
  var fields: [(name: String, value: [UInt8])]
  var body: [UInt8]

  static func == (left: WrittenPart, right: WrittenPart) -> Bool {
    left.bytes == right.bytes
  }

  init(_ replacement: Replacement, limits: EditLimits) {
    let text = Array(replacement.text.prefix(limits.textBytesMax))
    let type = MediaTypeText(replacement.type)
    let encoded = type.isText ? TextBody.encode(text: text) : TextBody.encode(data: text)
    let name = replacement.name.map {
      HeaderText.clean(Array($0.utf8), bytesMax: limits.nameBytesMax)
    }
    var typeValue = Array(type.value.utf8)
    var disposition = Array(Self.dispositionToken(replacement.disposition).utf8)
    if let name, !name.isEmpty {
      ParameterWriter.append("name", name, to: &typeValue)
      ParameterWriter.append("filename", name, to: &disposition)
    }
    fields = [
      ("Content-Type", typeValue),
      ("Content-Transfer-Encoding", Array(encoded.encoding.utf8)),
      ("Content-Disposition", disposition),
    ]
    body = encoded.bytes
  }

  /// Header, blank line, body.
  var bytes: [UInt8] {
    var bytes = headerBytes
    bytes.append(contentsOf: [0x0D, 0x0A])
    bytes.append(contentsOf: body)
    return bytes
  }

  /// The fields, each folded and ended with CRLF.
  var headerBytes: [UInt8] {
    var bytes: [UInt8] = []
    for field in fields { HeaderLine.append(field.name, field.value, to: &bytes) }
    return bytes
  }

  private static func dispositionToken(_ disposition: String?) -> String {
    guard let disposition, !disposition.isEmpty, disposition.utf8.count <= 32,
      disposition.utf8.allSatisfy(MediaTypeText.isToken)
    else { return "inline" }
    return disposition
  }
}

/// One whole field line.
enum HeaderLine {
  /// Appends `name: value`, folded, with CRLF line ends.
  static func append(_ name: String, _ value: [UInt8], to bytes: inout [UInt8]) {
    bytes.append(contentsOf: name.utf8)
    bytes.append(contentsOf: [0x3A, 0x20])
    appendLines(HeaderFolder.fold(name: name, value: value), to: &bytes)
  }

  /// Appends an already folded value, with its LFs as CRLF, and the last line end.
  static func appendLines(_ folded: [UInt8], to bytes: inout [UInt8]) {
    for byte in folded {
      if byte == 0x0A { bytes.append(0x0D) }
      bytes.append(byte)
    }
    bytes.append(contentsOf: [0x0D, 0x0A])
  }
}

/// A media type as a rule gives it, made safe to write (RFC 2045 §5.1).
struct MediaTypeText: Equatable, Sendable {
  let value: String
  let isText: Bool

  init(_ text: String) {
    let pieces = Self.pieces(text)
    let type = pieces.first.map { Self.lowercased($0) } ?? ""
    let halves = type.split(separator: "/", omittingEmptySubsequences: false)
    guard halves.count == 2, text.utf8.count <= 255,
      text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }),
      halves.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(Self.isToken) }),
      halves[0] != "multipart", halves[0] != "message"
    else {
      value = "text/plain; charset=utf-8"
      isText = true
      return
    }
    isText = halves[0] == "text"
    let dropped = ["charset", "name", "boundary"]
    let kept = pieces.dropFirst().filter { piece in
      let name = Self.lowercased(piece.prefix { $0 != "=" })
      return piece.contains("=") && !dropped.contains(name)
    }
    value = ([type] + (isText ? ["charset=utf-8"] : []) + kept).joined(separator: "; ")
  }

  static func isToken(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte < 0x7F && !"()<>@,;:\\\"/[]?=".utf8.contains(byte)
  }

  private static func lowercased(_ text: some StringProtocol) -> String {
    String(decoding: text.utf8.map(HeaderText.lower).filter { $0 != 0x20 }, as: UTF8.self)
  }

  /// The text parted at semicolons outside of quotes, blanks at the ends gone; nothing where a
  /// quote stays open.
  private static func pieces(_ text: String) -> [String] {
    var pieces: [[UInt8]] = [[]]
    var isQuoted = false
    var isEscaped = false
    for byte in text.utf8 {
      if byte == 0x3B, !isQuoted {
        pieces.append([])
        continue
      }
      if byte == 0x22, !isEscaped { isQuoted.toggle() }
      isEscaped = isQuoted && byte == 0x5C && !isEscaped
      if byte != 0x20 || !pieces[pieces.count - 1].isEmpty { pieces[pieces.count - 1].append(byte) }
    }
    guard !isQuoted else { return [] }
    return pieces.map { piece in
      var piece = piece
      while piece.last == 0x20 { piece.removeLast() }
      return String(decoding: piece, as: UTF8.self)
    }
  }
}

enum ParameterWriter {
  /// Longest value, and longest piece of one, that is written at once: keeps lines within 78.
  private static let pieceCharactersMax = 54

  /// Appends `; name="value"`, in RFC 2231 form where it is not short ASCII.
  static func append(_ name: String, _ value: [UInt8], to field: inout [UInt8]) {
    if value.count <= pieceCharactersMax, value.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) {
      field.append(contentsOf: "; \(name)=\"".utf8)
      for byte in value {
        if byte == 0x22 || byte == 0x5C { field.append(0x5C) }
        field.append(byte)
      }
      field.append(0x22)
      return
    }
    let pieces = extendedPieces(value)
    for (index, piece) in pieces.enumerated() {
      let number = pieces.count > 1 ? "*\(index)" : ""
      field.append(contentsOf: "; \(name)\(number)*=\(index == 0 ? "utf-8''" : "")".utf8)
      field.append(contentsOf: piece)
    }
  }

  /// Percent-encoded pieces (RFC 2231 §3, §4.1); a piece never parts an escape.
  private static func extendedPieces(_ value: [UInt8]) -> [[UInt8]] {
    var pieces: [[UInt8]] = [[]]
    for byte in value {
      var one: [UInt8] = []
      if MediaTypeText.isToken(byte), byte != 0x25, byte != 0x27, byte != 0x2A {
        one = [byte]
      } else {
        QuotedPrintable.appendEscape(byte, to: &one)
        one[0] = 0x25
      }
      if pieces[pieces.count - 1].count + one.count > pieceCharactersMax { pieces.append([]) }
      pieces[pieces.count - 1].append(contentsOf: one)
    }
    return pieces
  }
}
