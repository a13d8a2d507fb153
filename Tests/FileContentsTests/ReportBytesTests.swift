// The report as bytes: what comes out is what went in, and no bytes hurt whoever reads them.

import FileTypes
import RuleBytecode
import Testing

@testable import FileContents

struct ReportBytesTests {
  private static let report: ArchiveReport = {
    var report = ArchiveReport()
    report.members = [
      ArchiveMember(
        names: ["a.exe", "ä\0.exe"], nesting: ["b.zip", "c.tar"], sizes: [0, 1 << 63],
        isEncrypted: true, readings: [.init(kind: .executable, mimeType: nil, head: [1, 2, 3])]),
      ArchiveMember(names: ["d/"], isFolder: true),
      ArchiveMember(
        names: [], sizes: [9],
        readings: [.init(kind: nil, mimeType: "text/plain"), .init(kind: .text, mimeType: "a/b")]),
    ]
    report.anomalies = [.archiveDamaged, .zipOverlap]
    report.limitsHit = [.archiveDepth]
    report.unread = [.hidden, .unsupported]
    report.isEncrypted = true
    report.workBytes = 123_456
    return report
  }()

  @Test func roundTrip() {
    #expect(ArchiveReport(bytes: Self.report.bytes) == Self.report)
    #expect(ArchiveReport(bytes: ArchiveReport().bytes) == ArchiveReport())
  }

  @Test func cut() {
    let bytes = Self.report.bytes
    for count in bytes.indices { #expect(ArchiveReport(bytes: Array(bytes.prefix(count))) == nil) }
    #expect(ArchiveReport(bytes: bytes + [0]) == nil)
  }

  @Test func changed() {
    let bytes = Self.report.bytes
    for index in bytes.indices {
      for value in [0, 1, 0x7F, 0x80, 0xFF] as [UInt8] {
        var other = bytes
        other[index] = value
        let read = ArchiveReport(bytes: other)
        #expect(read == nil || read!.members.count <= 10_000)
      }
    }
  }

  @Test func limits() {
    var limits = ArchiveLimits()
    limits.entriesMax = 3
    #expect(ArchiveReport(bytes: Self.report.bytes, limits: limits) != nil)
    limits.entriesMax = 2
    #expect(ArchiveReport(bytes: Self.report.bytes, limits: limits) == nil)
    limits = ArchiveLimits()
    limits.keptHeadBytesMax = 2
    #expect(ArchiveReport(bytes: Self.report.bytes, limits: limits) == nil)
  }

  @Test func arguments() {
    var order = UnpackOrder(bytes: [], name: "a.zip")
    #expect(UnpackArguments(UnpackArguments(order).arguments) == UnpackArguments(order))
    order = UnpackOrder(bytes: [], name: nil)
    #expect(UnpackArguments(UnpackArguments(order).arguments) == UnpackArguments(order))
    #expect(UnpackArguments([]) == nil)
    #expect(UnpackArguments(["1", "2", "3", "4", "5", "6", "7", "x"]) == nil)
    #expect(UnpackArguments(Array(repeating: "1", count: 10)) == nil)
    #expect(UnpackArguments(["-1"] + Array(repeating: "1", count: 7)) == nil)
  }
}
