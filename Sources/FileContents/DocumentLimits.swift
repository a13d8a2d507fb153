// How much of one document is looked at. What lies beyond is told as a limit that was hit.
package struct DocumentLimits: Equatable, Sendable {
  /// A page is read so many times its length, all ways and pages inside of it together, and so many
  /// bytes more.
  package var markupPassesMax = 4
  package var markupBytesLeast = 4_096
  /// Pages in attributes of pages.
  package var innerPagesDepthMax = 4
  /// Documents inside of documents.
  package var innerDepthMax = 4
  /// Bytes of those that wait to be looked into.
  package var innerBytesMax = 32 << 20
  /// Open elements that change how text is shown; a hidden one past them counts at once.
  package var hiddenElementsMax = 32
  /// Selectors of a page's style sheets that hide what they select.
  package var hidingSelectorsMax = 256
  /// Streams, objects and members that are looked into.
  package var itemsMax = 10_000

  /// Bytes that one of them may become.
  package var streamBytesMax = 16 << 20

  /// Bytes that a document in a zip may become.
  package var zippedBytesMax = 64 << 20

  /// Bytes before the document that an object holds.
  package var objectHeadBytesMax = 4_096

  /// Bytes of a shortcut that are looked through for programs and addresses; honest ones have a
  /// few hundred.
  package var shortcutBytesMax = 1 << 20

  package init() {}
}
