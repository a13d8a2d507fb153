// Helpers of the tests: messages written as text, and a short view of what was read.

import MailMessage

/// The bytes of a message written with LF line ends, as SMTP carries it.
func mail(_ text: String) -> [UInt8] {
  Array(text.utf8.flatMap { $0 == 10 ? [13, 10] : [$0] })
}

func text(_ bytes: some Sequence<UInt8>) -> String { String(decoding: Array(bytes), as: UTF8.self) }

extension MailMessage {
  init(text: String, limits: MailLimits = MailLimits()) {
    self.init(mail(text), limits: limits)
  }

  /// One line a part: the reading unless it is that of the standards, path, type, decoded content
  /// with line ends as `|`.
  var outline: [String] {
    parts.indices.map { index in
      let reading = parts[index].reading
      let mark = reading == 0 ? "" : "[\(reading)] "
      let head = "\(mark)\(parts[index].path) \(parts[index].contentType.name)"
      return parts[index].isContainer ? head : "\(head) \(content(of: index))"
    }
  }

  func content(of part: Int) -> String {
    var bytes: [UInt8] = []
    _ = appendDecodedBody(of: part, to: &bytes)
    return String(text(bytes).map { $0.isNewline ? "|" : $0 })
  }

  func decoded(_ name: String) -> String? {
    guard let field = firstField(named: name) else { return nil }
    var bytes: [UInt8] = []
    appendDecoded(field, to: &bytes)
    return text(bytes)
  }
}
