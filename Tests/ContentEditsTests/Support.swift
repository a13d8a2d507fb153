// What the suites of this target share.

import ContentEdits

func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

func sanitized(_ html: String, links: HTMLEdit.LinkPolicy = .keep) -> String {
  text(HTMLEdit.sanitized(bytes(html), links: links))
}
