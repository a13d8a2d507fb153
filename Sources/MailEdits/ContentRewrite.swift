// Rewrites of a part's content, as values: what each does is in the module ContentEdits.

internal import ContentEdits
package import MailMessage

/// What is done to the content of a part.
package enum ContentRewrite: Sendable, Equatable {
  /// What becomes of links in sanitised HTML (`:links`).
  package enum Links: String, CaseIterable, Sendable { case keep, text, remove }

  /// A zip archive that holds the file, where that is smaller and the file is not packed already;
  /// `name` is the archive's, else the file's with `.zip`.
  case compress(name: String?, modified: CivilDate)
  /// HTML without what can act.
  case sanitizeHTML(links: Links)
  /// The text that HTML shows.
  case htmlToText
  /// HTML or text without what only reports that it was read.
  case stripTracking
  /// What a program makes of it; nothing happens before its output is known
  /// (`EditPlan.setOutput`).
  case program(String, output: [UInt8]?)

  /// Two of the same kind count once.
  func isSameKind(as other: ContentRewrite) -> Bool {
    switch (self, other) {
    case (.compress, .compress), (.sanitizeHTML, .sanitizeHTML), (.htmlToText, .htmlToText),
      (.stripTracking, .stripTracking), (.program, .program):
      true
    default: false
    }
  }
}

extension ContentRewrite.Links {
  var policy: HTMLEdit.LinkPolicy {
    switch self {
    case .keep: .keep
    case .text: .text
    case .remove: .remove
    }
  }
}

/// Texts that are put into the texts of a message.
package struct Insertion: Sendable, Equatable {
  /// For a plain text; nil where nothing is put into those.
  package var text: [UInt8]?
  /// For HTML.
  package var html: [UInt8]?
  /// Where a text holds this already, nothing is put into it.
  package var mark: [UInt8]?

  package init(text: [UInt8]?, html: [UInt8]?, mark: [UInt8]? = nil) {
    self.text = text
    self.html = html
    self.mark = mark
  }

  /// A block of lines behind a rule, which HTML shows as they are.
  init(block: [UInt8], isLinked: Bool) {
    let lines = LineEnds.canonical(block)
    text = Array("\r\n\(String(repeating: "_", count: 40))\r\n\r\n".utf8) + lines
    let shown = isLinked ? LinkedText.html(of: lines) : HTMLEdit.escaped(lines)
    html =
      Array("\r\n<hr>\r\n<pre style=\"white-space: pre-wrap\">\r\n".utf8) + shown
      + Array("</pre>\r\n".utf8)
  }
}

/// Text as HTML whose addresses can be followed.
enum LinkedText {
  static func html(of text: [UInt8]) -> [UInt8] {
    var html: [UInt8] = []
    for (index, line) in text.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
    {
      if index > 0 { html.append(0x0A) }
      for (place, word) in line.split(separator: 0x20, omittingEmptySubsequences: false)
        .enumerated()
      {
        if place > 0 { html.append(0x20) }
        let bare = Array(word.last == 0x0D ? word.dropLast() : word)
        let escaped = HTMLEdit.escaped(bare)
        let isLink = bare.starts(with: "https://".utf8) || bare.starts(with: "http://".utf8)
        html += isLink ? "<a href=\"".utf8 + escaped + "\">".utf8 + escaped + "</a>".utf8 : escaped
        if word.last == 0x0D { html.append(0x0D) }
      }
    }
    return html
  }
}
