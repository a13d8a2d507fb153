// Writing a mail of our own: fields and text, with the same care as what is written into the mail
// of others. Values may hold mail-controlled text; none of it can end a field or begin another.

package enum MailWriter {
  /// Appends `name: value`, folded, non-ASCII as encoded-words, ended with CRLF.
  package static func appendField(
    _ name: String, _ value: String, to bytes: inout [UInt8],
    valueBytesMax: Int = EditLimits().headerValueBytesMax
  ) {
    HeaderLine.append(
      name, HeaderText.clean(Array(value.utf8), bytesMax: valueBytesMax), to: &bytes)
  }

  /// Appends the MIME fields of a text part, the empty line, and the text in UTF-8.
  package static func appendText(_ text: String, to bytes: inout [UInt8]) {
    let encoded = TextBody.encode(text: Array(text.utf8))
    appendField("Content-Type", "text/plain; charset=utf-8", to: &bytes)
    appendField("Content-Transfer-Encoding", encoded.encoding, to: &bytes)
    bytes.append(contentsOf: [0x0D, 0x0A])
    bytes.append(contentsOf: encoded.bytes)
  }

  /// Appends the MIME fields of an attachment, the empty line, and its content in base64.
  package static func appendAttachment(
    _ content: [UInt8], type: String, name: String, to bytes: inout [UInt8]
  ) {
    var limits = EditLimits()
    limits.textBytesMax = content.count
    let part = WrittenPart(
      Replacement(text: content, type: type, name: name, disposition: "attachment"),
      limits: limits)
    bytes.append(contentsOf: part.bytes)
  }

  /// One line of text without controls, cut to `bytesMax`.
  package static func line(_ text: String, bytesMax: Int) -> String {
    String(decoding: HeaderText.clean(Array(text.utf8), bytesMax: bytesMax), as: UTF8.self)
  }
}
