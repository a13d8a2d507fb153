// Archives of other formats, made by bsdtar and the compressors out of a zip of ours, and read as
// `defang-unpack` reads them.

import FileTypes
import RuleBytecode
import Testing

@testable import Checks
@testable import FileContents
@testable import Unpacking

/// Runs a program of the system on some bytes.
func piped(_ program: String, _ arguments: String..., input: [UInt8]) throws -> [UInt8] {
  let result = ChildProcess.run(
    "/usr/bin/" + program, arguments, input: input, outputBytesMax: 64 << 20,
    timeoutMilliseconds: 60_000)
  guard case .output(let bytes) = result, !bytes.isEmpty else {
    throw ToolFailure(description: "\(program) \(arguments): \(result)")
  }
  return bytes
}

struct ToolFailure: Error, CustomStringConvertible { let description: String }

struct LibraryReaderTests {
  static let program = TestArchive.program
  static let inner = TestArchive.zip([("run.scr", program)])
  static let sample = TestArchive.zip([
    ("docs/a.txt", Array("Dear reader, this is a text.".utf8)), ("evil.exe", program),
    ("inner.zip", inner),
  ])

  /// Another format with the same members.
  static func converted(_ format: String, _ more: String = "--no-xattrs") throws -> [UInt8] {
    try piped("bsdtar", "-cf", "-", "--format", format, more, "@-", input: sample)
  }

  static func report(
    _ bytes: [UInt8], name: String? = nil, _ change: (inout ArchiveLimits) -> Void = { _ in }
  ) -> ArchiveReport {
    var limits = ArchiveLimits()
    change(&limits)
    let order = UnpackOrder(
      bytes: [], name: name, limits: limits, budget: ArchiveBudget(limits))
    return UnpackCommand.report(bytes, UnpackArguments(order))
  }

  @Test(arguments: ["ustar", "pax", "gnutar", "v7tar", "cpio", "newc", "7zip", "xar", "iso9660"])
  func formats(_ format: String) throws {
    let report = Self.report(try Self.converted(format))
    let files = report.members.filter { !$0.isFolder }
    let paths = Set(files.map { $0.path.lowercased() })
    #expect(paths == ["docs/a.txt", "evil.exe", "inner.zip", "inner.zip/run.scr"])
    let kinds = Dictionary(
      uniqueKeysWithValues: files.map { ($0.path.lowercased(), $0.readings.first?.kind) })
    #expect(kinds["evil.exe"] == .executable && kinds["inner.zip/run.scr"] == .executable)
    #expect(kinds["docs/a.txt"] == .text)
    #expect(report.isComplete && report.anomalies == [] && !report.isEncrypted)
  }

  @Test(arguments: [("gzip", "gz"), ("bzip2", "bz2"), ("xz", "xz"), ("zstd", "zst")])
  func compressors(_ tool: String, _ ending: String) throws {
    let report = Self.report(
      try piped(tool, "-c", input: Self.program), name: "evil.exe." + ending)
    #expect(report.members.map(\.names) == [["evil.exe"]])
    #expect(report.members.first?.readings.map(\.kind) == [.executable])
    #expect(report.isComplete && report.anomalies == [])
  }

  @Test(arguments: ["gzip", "bzip2", "xz", "zstd"])
  func compressedTar(_ tool: String) throws {
    let report = Self.report(try piped(tool, "-c", input: Self.converted("ustar")), name: "a.tgz")
    #expect(report.members.map(\.path).contains("a.tar/inner.zip/run.scr"))
    #expect(report.isComplete)
  }

  @Test func tarInZip() throws {
    let tar = try Self.converted("ustar")
    let report = Self.report(TestArchive.zip([("a.tar", tar)]))
    #expect(report.members.map(\.path).contains("a.tar/inner.zip/run.scr"))
  }

  // MARK: Limits

  @Test func entries() throws {
    let tar = try Self.converted("ustar")
    let count = Self.report(tar).members.count
    #expect(Self.report(tar) { $0.entriesMax = count }.isComplete)
    #expect(Self.report(tar) { $0.entriesMax = count - 1 }.limitsHit == [.archiveEntries])
  }

  @Test func depth() throws {
    let tar = try Self.converted("ustar")
    #expect(Self.report(tar) { $0.depthMax = 2 }.isComplete)
    #expect(Self.report(tar) { $0.depthMax = 1 }.limitsHit == [.archiveDepth])
  }

  @Test func unpackedBytes() throws {
    let tar = try Self.converted("ustar")
    let spent = Self.report(tar).workBytes
    #expect(Self.report(tar) { $0.unpackedBytesMax = spent }.isComplete)
    #expect(Self.report(tar) { $0.unpackedBytesMax = spent - 1 }.limitsHit == [.archiveBytes])
  }

  @Test func ratio() throws {
    let zeros = try piped("xz", "-c", input: [UInt8](repeating: 0, count: 4 << 20))
    #expect(Self.report(zeros).limitsHit == [.archiveRatio])
    #expect(Self.report(zeros) { $0.ratioMax = 10_000 }.isComplete)
    #expect(Self.report(zeros) { $0.ratioFreeBytes = 4 << 20 }.isComplete)
  }

  @Test func held() throws {
    let tar = try Self.converted("ustar")
    #expect(Self.report(tar) { $0.heldBytesMax = Self.inner.count }.isComplete)
    let past = Self.report(tar) { $0.heldBytesMax = Self.inner.count - 1 }
    #expect(past.limitsHit == [.archiveBytes])
  }

  // MARK: Damage

  @Test(arguments: ["ustar", "newc", "7zip"])
  func truncations(_ format: String) throws {
    let whole = try Self.converted(format)
    for count in stride(from: 0, to: whole.count, by: max(1, whole.count / 150)) {
      let report = Self.report(Array(whole.prefix(count)))
      #expect(report.members.count <= 5)
      if format == "7zip" { #expect(!report.isComplete) }
    }
  }

  @Test func pathsThatLeave() throws {
    let tar = try piped(
      "bsdtar", "-cPf", "-", "--format", "ustar", "@-",
      input: TestArchive.zip([("../../evil.sh", [0x61])]))
    #expect(Self.report(tar).anomalies == [.archivePath])
  }

  @Test func nothingToRead() {
    #expect(Self.report(Array("no archive at all".utf8)).unread == [.unsupported])
    #expect(Self.report([]).unread == [.unsupported])
    #expect(!Self.report(Array("MSCF\0\0\0\0 and no cabinet".utf8)).isComplete)
  }
}
