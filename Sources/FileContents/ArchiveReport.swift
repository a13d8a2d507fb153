// What an archive holds, archives inside of it included, as far as it was read.
package import FileTypes
package import RuleBytecode

/// A file in an archive, or in an archive inside of it.
package struct ArchiveMember: Equatable, Sendable {
  /// What the content may be: one for each reading of it.
  package struct Reading: Equatable, Sendable {
    /// Nil where only libmagic can tell.
    package var kind: FileKind?
    package var mimeType: String?
    /// For libmagic; empty where it is not needed, or was not kept.
    package var head: [UInt8]

    package init(kind: FileKind?, mimeType: String?, head: [UInt8] = []) {
      self.kind = kind
      self.mimeType = mimeType
      self.head = head
    }
  }

  /// What it could be called, without the archives around it.
  package var names: [String]
  /// The names of the archives around it, from the outermost inside the part.
  package var nesting: [String]
  /// Unpacked, as each header says.
  package var sizes: [UInt64]
  package var isEncrypted: Bool
  package var isFolder: Bool
  /// Empty for a folder, and where the content could not be had.
  package var readings: [Reading]

  package init(
    names: [String], nesting: [String] = [], sizes: [UInt64] = [], isEncrypted: Bool = false,
    isFolder: Bool = false, readings: [Reading] = []
  ) {
    self.names = names
    self.nesting = nesting
    self.sizes = sizes
    self.isEncrypted = isEncrypted
    self.isFolder = isFolder
    self.readings = readings
  }

  /// 1 is the part's own archive.
  package var depth: Int { nesting.count + 1 }

  /// With the archives around it, for people.
  package var path: String { (nesting + [names.first ?? ""]).joined(separator: "/") }
}

package struct ArchiveReport: Equatable, Sendable {
  /// Why something was not read.
  package enum Unread: UInt8, CaseIterable, Sendable {
    /// Read by another program, which has not been asked.
    case foreign
    /// An archive of a kind that nothing here reads.
    case unsupported
    /// Names are encrypted.
    case hidden
    /// Damaged, and what is behind the damage may be found by another program.
    case damaged
  }

  package var members: [ArchiveMember] = []
  package var anomalies: Set<AnomalyName> = []
  package var limitsHit: Set<LimitName> = []
  package var unread: Set<Unread> = []
  /// Something is encrypted: members, or the list of them.
  package var isEncrypted = false
  /// Bytes read and written to unpack it, as they were paid from the budget.
  package var workBytes = 0

  package init() {}

  /// All members are known.
  package var isComplete: Bool { unread.isEmpty && limitsHit.isEmpty }
}
