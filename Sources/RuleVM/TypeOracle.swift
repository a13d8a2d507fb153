// What a file is, asked by many sessions: one detector behind a lock. A libmagic cookie must not
// be used by two threads at once, and each costs memory, so each event loop has one oracle.
internal import FileTypes
internal import Synchronization

package final class TypeOracle: Sendable {
  private let detector = Mutex(FileTypeDetector())

  package init() {}

  /// Whether libmagic's database can be loaded; loads it.
  package var isUsable: Bool { mimeType(of: Array("plain text".utf8).span) != nil }

  /// The media type of decoded content; nil when libmagic cannot say (its database is missing).
  func mimeType(of bytes: Span<UInt8>) -> String? {
    detector.withLock { (try? $0.mimeType(of: bytes)) }
  }

  /// The family of decoded content, where it shows without libmagic: nobody waits for that.
  func quickKind(of bytes: Span<UInt8>) -> FileKind? { FileTypeDetector.quickKind(of: bytes) }
}
