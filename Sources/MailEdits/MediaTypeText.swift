// A media type that a rule names, as it is written.

/// A media type as a rule gives it, made safe to write (RFC 2045 §5.1).
struct MediaTypeText: Equatable, Sendable {
  let value: String
  /// Without parameters.
  let name: String
  let isText: Bool
  /// Of the parameters that it has, lower-case.
  let parameterNames: [String]

  /// - Parameter isPart: For a part that is there: its charset is no business of the type's, and a
  ///   multipart may be named. Else the text is ours, in UTF-8.
  init(_ text: String, isPart: Bool = false) {
    let pieces = text.utf8.contains(0x3B) ? Self.pieces(text) : [text]
    let type = pieces.first.map { Self.lowercased($0) } ?? ""
    guard text.utf8.count <= 255, text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }),
      Self.isType(type), isPart || !Self.isComposite(type)
    else {
      name = isPart ? "application/octet-stream" : "text/plain"
      value = isPart ? name : "\(name); charset=utf-8"
      isText = !isPart
      parameterNames = []
      return
    }
    name = type
    isText = type.hasPrefix("text/")
    let dropped = isPart ? ["name", "boundary"] : ["charset", "name", "boundary"]
    let kept = pieces.dropFirst().filter { piece in
      piece.contains("=") && !dropped.contains(Self.parameterName(piece))
    }
    parameterNames = kept.map(Self.parameterName)
    let charset = isText && !isPart ? ["charset=utf-8"] : []
    value = ([type] + charset + kept).joined(separator: "; ")
  }

  /// A multipart or a message: its content is no text of ours.
  static func isComposite(_ text: String) -> Bool {
    let type = lowercased(text.prefix { $0 != "/" })
    return type == "multipart" || type == "message"
  }

  static func isType(_ type: String) -> Bool {
    let halves = type.split(separator: "/", omittingEmptySubsequences: false)
    return halves.count == 2 && halves.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(isToken) }
  }

  private static func parameterName(_ piece: String) -> String {
    lowercased(piece.prefix { $0 != "=" })
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
