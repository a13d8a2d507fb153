// Bounds of the quarantine; docs/LANGUAGE.md names the defaults.

package struct QuarantineLimits: Sendable {
  /// Of all contents together, each counted once.
  package var bytesMax = 10 << 30
  package var entriesMax = 1_000_000
  /// An entry whose order names no end is kept for this long.
  package var keepSeconds: Int64 = 30 * 86_400
  /// So many times the size of what is stored must be free; 0 does not ask.
  package var freeSpaceFactor = 2
  /// The same content for the same envelope within this time is one entry: a client that was told
  /// to try again, because a process died between the store and the answer, comes back.
  package var retrySeconds: Int64 = 3_600
  /// Files that no entry names are left alone for this long: somebody may be about to name them.
  package var sweepAgeSeconds: Int64 = 3_600
  /// Records of who did what.
  package var auditSeconds: Int64 = 365 * 86_400
  /// Of a subject, a reason, a name; longer text is cut.
  package var textBytesMax = 4_096
  /// Of one content, when it is read back.
  package var contentBytesMax = 1 << 30
  /// Entries that expire in one transaction: nobody waits long for the index.
  package var expireBatch = 500
  package var lockWaitSeconds = 10

  package init() {}
}
