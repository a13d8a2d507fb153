// Reads tar, 7z, rar and their like by libarchive, within the budget: everything that the library
// gives is counted, wanted or not, since it had to be unpacked.
internal import FileContents
internal import RuleBytecode

struct LibraryReader: ForeignArchiveReader {
  private static let bufferBytes = 1 << 16

  func read(
    _ bytes: Span<UInt8>, _ format: ArchiveFormat, _ limits: ArchiveLimits,
    _ budget: inout ArchiveBudget
  ) -> ForeignArchive {
    var run = Run(limits: limits, budget: budget, packedBytes: bytes.count)
    let rar = RarHeaders(bytes, membersMax: budget.entries)
    if rar?.hidesNames == true {
      run.found.hidesNames = true
    } else if LibraryArchive.read(
      bytes, as: format == .compressed ? .compressed : .container, { run.readAll($0) }) == nil
    {
      run.found.isUnsupported = true
    }
    if let rar { run.merge(rar) }
    budget = run.budget
    return run.found
  }

  /// One archive being read.
  private struct Run {
    let limits: ArchiveLimits
    var budget: ArchiveBudget
    let packedBytes: Int
    var found = ForeignArchive()
    private var unpackedBytes = 0
    private var heldBytes = 0
    private var nameBytes = 0
    private var buffer = [UInt8](repeating: 0, count: bufferBytes)
    private var isStopped = false

    init(limits: ArchiveLimits, budget: ArchiveBudget, packedBytes: Int) {
      self.limits = limits
      self.budget = budget
      self.packedBytes = packedBytes
    }

    mutating func readAll(_ archive: borrowing LibraryArchive) {
      while !isStopped {
        switch archive.next() {
        case .end: return
        case .damaged:
          // An encrypted list of members cannot be told from damage otherwise.
          if archive.hasEncrypted, found.members.isEmpty {
            found.hidesNames = true
          } else if found.members.isEmpty {
            found.isUnsupported = true
          } else {
            found.isDamaged = true
          }
          return
        case .entry(let entry): read(entry, archive)
        }
      }
    }

    private mutating func read(_ entry: LibraryEntry, _ archive: borrowing LibraryArchive) {
      var member = ForeignArchive.Member()
      member.names = entry.names.map { Array($0.suffix(limits.nameBytesMax)) }
      // The one content of a compressed file has a name that the library made up.
      if entry.size == nil, entry.names == [Array("data".utf8)] { member.names = [] }
      member.size = entry.size
      member.isEncrypted = entry.isEncrypted
      member.isFolder = entry.isFolder
      nameBytes += member.names.reduce(0) { $0 + $1.count }
      guard found.members.count < budget.entries, nameBytes <= budget.nameBytes else {
        return stop(.archiveEntries)
      }
      if !entry.isEncrypted, !entry.isFolder { readContent(&member, archive) }
      found.members.append(member)
    }

    private mutating func stop(_ limit: LimitName) {
      found.limitsHit.insert(limit)
      isStopped = true
    }

    /// All of the content is read, since the next member comes behind it; only the head of a file
    /// is kept, and all of an archive.
    private mutating func readContent(
      _ member: inout ForeignArchive.Member, _ archive: borrowing LibraryArchive
    ) {
      var content: [UInt8] = []
      var isArchive: Bool?
      while !isStopped {
        guard let count = archive.content(into: &buffer) else {
          found.isDamaged = true
          break
        }
        if count == 0 { break }
        pay(count)
        if content.count < limits.headBytesMax || isArchive == true {
          content += buffer[..<count]
        }
        if isArchive == nil, content.count >= limits.headBytesMax {
          isArchive = ArchiveFormat(of: content.span) != nil
        }
        if isArchive == true, heldBytes + content.count > limits.heldBytesMax {
          found.limitsHit.insert(.archiveBytes)
          isArchive = false
        }
      }
      if content.isEmpty, found.isDamaged { return }
      member.head = Array(content.prefix(limits.headBytesMax))
      guard ArchiveFormat(of: content.span) != nil else { return }
      guard heldBytes + content.count <= limits.heldBytesMax else {
        found.limitsHit.insert(.archiveBytes)
        return
      }
      heldBytes += content.count
      member.content = content
    }

    private mutating func pay(_ count: Int) {
      unpackedBytes += count
      found.workBytes += min(count, budget.unpackedBytes)
      if count > budget.unpackedBytes { stop(.archiveBytes) }
      budget.unpackedBytes = max(0, budget.unpackedBytes - count)
      if unpackedBytes > limits.ratioFreeBytes,
        unpackedBytes / limits.ratioMax > packedBytes
      {
        stop(.archiveRatio)
      }
    }

    /// What the library does not say of RAR 5: who is encrypted, and who is there at all.
    mutating func merge(_ rar: RarHeaders) {
      for member in rar.members {
        if let index = found.members.firstIndex(where: { $0.names.contains(member.name) }) {
          guard member.isEncrypted else { continue }
          found.members[index].isEncrypted = true
          found.members[index].head = nil
          found.members[index].content = nil
        } else if found.members.count < budget.entries {
          var other = ForeignArchive.Member()
          other.names = [member.name]
          other.isEncrypted = member.isEncrypted
          found.members.append(other)
        }
      }
      // The library takes what is encrypted for damage.
      if rar.members.contains(where: \.isEncrypted) { found.isDamaged = false }
      if !found.members.isEmpty { found.isUnsupported = false }
    }
  }
}
