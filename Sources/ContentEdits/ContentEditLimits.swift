// The limits of what edits of content read and write. The content is a sender's.

/// Caps on one edit of one part's content.
package struct ContentEditLimits: Sendable, Equatable {
  /// Bytes of a page; what comes behind is cut off. A mail program that shows half of that is rare.
  package var htmlBytesMax = 16 << 20
  /// Elements that are open at once. A page that is nested deeper keeps its text, without the tags
  /// that go beyond: browsers stop at 512 themselves.
  package var nestingMax = 200
  /// Bytes of one attribute's value; one that is longer goes. Pictures in addresses are longer.
  package var attributeBytesMax = 65_536
  /// Style declarations of one attribute; the others go.
  package var declarationsMax = 200
  /// Tags that are written again because the page closed them in the wrong order, and the bytes of
  /// one of them.
  package var reopenedTagsMax = 2_000
  package var reopenedTagBytesMax = 512
  /// How deep quoted blocks and lists are shown in a text; deeper ones stand like these.
  package var textLevelsMax = 8
  /// Selectors of a page that hide something, and open elements that do, which are followed.
  package var hidingSelectorsMax = 1_000
  package var hidingElementsMax = 64
  /// Bytes of a file that is compressed.
  package var archivedBytesMax = 1 << 30
  /// Bytes of the name that a file has in an archive.
  package var archivedNameBytesMax = 255

  package init() {}
}
