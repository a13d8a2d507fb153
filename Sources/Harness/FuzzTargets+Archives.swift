// Bytes as archives, and as what the process that reads archives says.
internal import FileContents
internal import RuleBytecode

extension FuzzTargets {
  /// Read within its limits, told of by a report that reads back the same.
  public static func archive(_ bytes: [UInt8]) -> [String] {
    var limits = ArchiveLimits()
    limits.entriesMax = 500
    limits.unpackedBytesMax = 8 << 20
    var budget = ArchiveBudget(limits)
    let format = ArchiveFormat(of: bytes.span) ?? .zip
    let report = ArchiveWalker.walk(
      bytes.span, as: format, name: "a.gz", limits: limits, budget: &budget)
    var faults: [String] = []
    if report.members.count > limits.entriesMax { faults.append("too many members") }
    if report.workBytes > limits.unpackedBytesMax { faults.append("too much is unpacked") }
    if budget.unpackedBytes < 0 || budget.entries < 0 { faults.append("more spent than there was") }
    if ArchiveReport(bytes: report.bytes, limits: limits) != report {
      faults.append("the report reads back as another")
    }
    if let said = ArchiveReport(bytes: bytes), ArchiveReport(bytes: said.bytes) != said {
      faults.append("what was read is written as another")
    }
    if let rar = RarHeaders(bytes.span, membersMax: 500), rar.members.count > 500 {
      faults.append("too many members of a RAR")
    }
    return faults
  }
}
