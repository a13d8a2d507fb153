// All members of a zip that any program could find: by each directory in it, and by each local
// header that no directory knows. Programs differ in which they believe (the last directory, the
// first, the one that a length leads to, none), so rules see the union, and what disagrees is
// named.
//
// Trusts nothing: offsets, sizes and counts are a sender's. Work is linear in the bytes and in the
// limits; nothing is recursive.
internal import MailMessage
package import RuleBytecode

/// One member of a zip, as its headers describe it.
package struct ZipEntry: Equatable, Sendable {
  /// What it could be called: by the directory, its local header, the Unicode path field; in the
  /// charsets that each may be in.
  package internal(set) var names: [String]
  package internal(set) var isEncrypted: Bool
  /// The directory's compression method, and the local header's where that is another.
  package internal(set) var methods: [Int]
  /// The unpacked size, as each header has it.
  package internal(set) var sizes: [UInt64]
  /// Where its compressed data are; nil when no local header says.
  package internal(set) var data: Range<Int>?
  let checksum: UInt32
  let localOffset: Int

  package var name: String { names.first ?? "" }

  /// By its name, as all programs tell a folder.
  package var isFolder: Bool { names.allSatisfy { $0.hasSuffix("/") || $0.hasSuffix("\\") } }

  /// Compression methods of APPNOTE §4.4.5 that can be read here.
  static let methodStored = 0
  static let methodDeflate = 8
}

package struct ZipArchive: Equatable, Sendable {
  package internal(set) var entries: [ZipEntry] = []
  package internal(set) var anomalies: Set<AnomalyName> = []
  package internal(set) var limitsHit: Set<LimitName> = []
  /// The directory itself is encrypted: names are hidden.
  package internal(set) var hidesNames = false

  package init(_ bytes: Span<UInt8>, limits: ArchiveLimits = ArchiveLimits()) {
    var reader = ZipReader(limits)
    reader.read(bytes)
    self = reader.archive
  }

  init() {}

  /// Whether programs would take the bytes for a zip: by how they begin, or by a directory at the
  /// end, which is where a zip behind a program or a picture has it.
  package static func isLikely(_ bytes: Span<UInt8>) -> Bool {
    let first = ZipMark.at(0, bytes)
    if first == .local || first == .end { return true }
    // Found by the mark's last byte, which no text has.
    let length = 4
    var from = max(0, bytes.count - 22 - 65_535) + length - 1
    let to = bytes.count - 22 + length
    while let hit = ByteScan.firstIndex(of: 6, in: bytes, from: from, to: to) {
      if ZipMark.at(hit - length + 1, bytes) == .end { return true }
      from = hit + 1
    }
    return false
  }
}
