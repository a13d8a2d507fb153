// What the tests of MailEdits share: mail written as text, and the result as text again.

import MailEdits
import MailMessage
import Testing

/// A mail from text with LF line ends.
func mail(_ text: String) -> MailMessage { MailMessage(crlf(text)) }

/// The bytes of text, each LF as CRLF.
func crlf(_ text: String) -> [UInt8] {
  var bytes: [UInt8] = []
  for byte in text.utf8 {
    if byte == 0x0A { bytes.append(0x0D) }
    bytes.append(byte)
  }
  return bytes
}

/// The text of bytes, each CRLF as LF; a lone CR or LF stays visible.
func text(_ bytes: [UInt8]?) -> String? {
  guard let bytes else { return nil }
  var out: [UInt8] = []
  for (index, byte) in bytes.enumerated() {
    let isEnd = byte == 0x0A && index > 0 && bytes[index - 1] == 0x0D
    if isEnd {
      out[out.count - 1] = 0x0A
    } else if byte == 0x0A {
      out.append(contentsOf: "<LF>".utf8)
    } else {
      out.append(byte)
    }
  }
  return String(decoding: out, as: UTF8.self)
}

extension EditPlan {
  init(_ build: (inout EditPlan) -> Void) {
    self.init()
    build(&self)
  }

  mutating func replace(_ part: Int, _ text: String, type: String = "text/plain") {
    edit(part: part, .replace(Replacement(text: Array(text.utf8), type: type)))
  }

  mutating func warn(_ text: String) { warn(Array(text.utf8)) }
}

extension MailMessage {
  func part(at path: String) throws -> Int {
    try #require(parts.firstIndex { $0.path == path }, "no part \(path)")
  }

  func decoded(_ part: Int) -> String {
    var bytes: [UInt8] = []
    _ = appendDecodedBody(of: part, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  func value(_ name: String, in part: Int = 0) -> String? {
    guard let field = firstField(named: name, in: part) else { return nil }
    var bytes: [UInt8] = []
    appendDecoded(field, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// SplitMix64: the same numbers on each run.
struct Random: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// A text part that takes the place of another.
func written(_ text: String) -> String {
  """
  Content-Type: text/plain; charset=utf-8
  Content-Transfer-Encoding: 7bit
  Content-Disposition: inline

  \(text)

  """
}

/// Replaces by a short text.
let gone = PartEdit.replace(Replacement(text: Array("gone".utf8)))

/// The body after one edit of the part at `path`.
func body(_ source: String, _ path: String, _ edit: PartEdit) throws -> String? {
  let message = mail(source)
  var plan = EditPlan()
  plan.edit(part: try message.part(at: path), edit)
  let edited = plan.apply(to: message)
  #expect(edited.refusals.isEmpty)
  return text(edited.newBody)
}
