// How much of the archives of a message is read. What is hit is said, by its name.

package struct ArchiveLimits: Equatable, Sendable {
  /// Members of all archives of a message, those of nested ones included.
  package var entriesMax = 10_000
  /// How many times larger than its compressed form a member may be. Below `ratioFreeBytes` it does
  /// not count: an empty disk image of a megabyte is no bomb.
  package var ratioMax = 1_000
  package var ratioFreeBytes = 1 << 20
  /// Archives inside of archives; the outermost has depth 1.
  package var depthMax = 8
  /// Bytes that are unpacked of all archives of a message.
  package var unpackedBytesMax = 128 << 20
  /// Bytes of one member's name; of a longer one the end counts, where its extension is.
  package var nameBytesMax = 4_096
  /// Bytes of all names of a message's archives.
  package var namesBytesMax = 1 << 20
  /// Directories in one zip.
  package var directoriesMax = 16
  /// Bytes of a member that its type is told from: a volume descriptor of ISO 9660 ends there.
  package var headBytesMax = 36_864

  /// Of a member that our signatures leave open so much is kept for libmagic, which looks at little
  /// more; and of so many members of a message.
  package var keptHeadBytesMax = 4_096
  package var keptHeadsMax = 200
  /// Bytes of nested archives that are held at once.
  package var heldBytesMax = 64 << 20
  /// Streams that one gzip file may be made of.
  package var gzipStreamsMax = 1_000

  package init() {}
}

/// What is left to be spent on the archives of one message.
package struct ArchiveBudget: Equatable, Sendable {
  package var entries: Int
  package var unpackedBytes: Int
  package var nameBytes: Int
  package var keptHeads: Int

  package init(_ limits: ArchiveLimits = ArchiveLimits()) {
    entries = limits.entriesMax
    unpackedBytes = limits.unpackedBytesMax
    nameBytes = limits.namesBytesMax
    keptHeads = limits.keptHeadsMax
  }

  /// What was spent on the same account elsewhere.
  package mutating func spend(_ report: ArchiveReport) {
    entries = max(0, entries - report.members.count)
    unpackedBytes = max(0, unpackedBytes - report.workBytes)
    for member in report.members {
      nameBytes = max(0, nameBytes - member.names.reduce(0) { $0 + $1.utf8.count })
      keptHeads = max(0, keptHeads - member.readings.count { !$0.head.isEmpty })
    }
  }
}

/// An archive for the process that reads the formats which are not read here.
package struct UnpackOrder: Equatable, Sendable {
  package let bytes: [UInt8]
  package let name: String?
  package let limits: ArchiveLimits
  package let budget: ArchiveBudget

  package init(
    bytes: [UInt8], name: String?, limits: ArchiveLimits = ArchiveLimits(),
    budget: ArchiveBudget = ArchiveBudget()
  ) {
    self.bytes = bytes
    self.name = name
    self.limits = limits
    self.budget = budget
  }
}
