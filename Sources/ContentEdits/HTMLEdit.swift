// Edits of a page: each takes UTF-8 HTML from anybody and gives back UTF-8 HTML or text.
// Trusts nothing: each is one pass, or a few, over the page; nothing recurses.
internal import FileContents
internal import MailMessage

/// Edits of the decoded content of an HTML part.
package enum HTMLEdit {
  /// What becomes of links.
  package enum LinkPolicy: Sendable, CaseIterable {
    /// Links to pages and mail addresses stay, all others go.
    case keep
    /// The link's text stays, with the address behind it for everyone to see.
    case text
    /// The link's text stays.
    case remove
  }

  package enum Place: Sendable {
    /// Before everything that is shown.
    case beginning
    /// Behind everything that is shown.
    case end
  }

  /// The page without anything that acts, asks, or fetches from elsewhere: what is known to be
  /// harmless is written anew, all else is gone. Doing it again changes nothing.
  ///
  /// A page longer than the limit is cut there, and all that was open is closed.
  package static func sanitized(
    _ html: [UInt8], links: LinkPolicy = .keep, limits: ContentEditLimits = ContentEditLimits()
  ) -> [UInt8] {
    var sanitizer = Sanitizer(links: links, limits: limits)
    let page = valid(html, limits)
    sanitizer.read(page.span)
    return sanitizer.output
  }

  /// What a reader of the page sees, as text of lines of 78 columns that end with LF.
  package static func plainText(
    of html: [UInt8], limits: ContentEditLimits = ContentEditLimits()
  ) -> [UInt8] {
    var reader = PageTextReader(limits: limits)
    let page = valid(html, limits)
    reader.read(page.span)
    return reader.text
  }

  /// The page without what only tells others that it was read: parameters of addresses that name
  /// the reader or the campaign, and pictures that cannot be seen. All other bytes stay.
  package static func withoutTracking(_ html: [UInt8]) -> [UInt8] {
    var cleaner = TrackingCleaner()
    cleaner.readPage(html.span)
    return cleaner.output(from: html)
  }

  /// The page with a fragment of HTML more; all bytes of the page stay.
  ///
  /// - Parameter place: The beginning of the body, or its end: before the last `</body>` that a
  ///   browser takes for one, else before `</html>`, else at the end of the page. What is left open
  ///   there and hides all that follows, such as a comment, comes behind the fragment.
  package static func inserting(
    _ fragment: [UInt8], into html: [UInt8], at place: Place
  ) -> [UInt8] {
    let index =
      switch place {
      case .beginning: InsertionPoint.beginning(of: html.span)
      case .end: InsertionPoint.end(of: html.span)
      }
    var result: [UInt8] = []
    result.reserveCapacity(html.count + fragment.count)
    result += html[..<index]
    result += fragment
    result += html[index...]
    return result
  }

  /// Text as HTML that shows it.
  package static func escaped(_ text: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    for byte in text { Escape.append(byte, to: &result) }
    return result
  }

  /// The page, converted to UTF-8, with its own declarations of a charset saying so too. One that
  /// has none gets none: the part's header says it, and it overrules the page.
  package static func declaringUTF8(_ html: [UInt8]) -> [UInt8] {
    DeclaredCharset.replaced(in: html)
  }

  /// Valid UTF-8, so that no browser can join a broken character and the byte behind it, and no
  /// longer than a page may be.
  private static func valid(_ html: [UInt8], _ limits: ContentEditLimits) -> [UInt8] {
    var end = min(html.count, limits.htmlBytesMax)
    if end < html.count {
      while end > 0, html[end] & 0xC0 == 0x80 { end -= 1 }
    } else if (try? UTF8Span(validating: html.span)) != nil {
      return html
    }
    var text: [UInt8] = []
    UTF8Text.append(html.span.extracting(0..<end), to: &text)
    return text
  }
}
