// Archives inside archives, and the limits that stop a bomb.
import FileTypes
import RuleBytecode
import Testing

@testable import FileContents

struct ArchiveWalkerTests {
  private static let program: [UInt8] = {
    var bytes = ascii("MZ") + [UInt8](repeating: 0, count: 0x3A) + little(0x40, 4)
    bytes += ascii("PE\0\0") + [UInt8](repeating: 0, count: 200)
    return bytes
  }()

  private func walk(
    _ bytes: [UInt8], name: String? = nil, _ change: (inout ArchiveLimits) -> Void = { _ in }
  ) -> ArchiveReport {
    var limits = ArchiveLimits()
    change(&limits)
    var budget = ArchiveBudget(limits)
    let format = ArchiveFormat(of: bytes.span) ?? .zip
    return ArchiveWalker.walk(bytes.span, as: format, name: name, limits: limits, budget: &budget)
  }

  /// A zip in a zip, so deep that its outermost has this many levels.
  private static func nested(_ depth: Int, around content: [UInt8] = program) -> [UInt8] {
    var bytes = ZipBuilder.bytes(ZipMember("evil.exe", bytes: content, deflated: true))
    for level in 1..<depth {
      bytes = ZipBuilder.bytes(ZipMember("\(level).zip", bytes: bytes, deflated: level % 2 == 0))
    }
    return bytes
  }

  @Test func members() {
    let report = walk(
      ZipBuilder.bytes(
        ZipMember("folder/"), ZipMember("folder/a.exe", bytes: Self.program, deflated: true),
        ZipMember("b.txt", "Dear reader, this is a text."), ZipMember("c.bin", "\u{1}\u{2}"),
        ZipMember("d.pdf", "%PDF-1.4 locked").with { $0.flags = 1 }))
    #expect(report.members.map(\.path) == ["folder/", "folder/a.exe", "b.txt", "c.bin", "d.pdf"])
    #expect(
      report.members.map { $0.readings.map(\.kind) } == [[], [.executable], [.text], [nil], []])
    #expect(report.members.map(\.isFolder) == [true, false, false, false, false])
    #expect(report.members.map(\.isEncrypted) == [false, false, false, false, true])
    #expect(report.members[1].sizes == [UInt64(Self.program.count)])
    #expect(report.members[2].readings[0].head == ascii("Dear reader, this is a text."))
    #expect(report.isEncrypted && report.isComplete && report.anomalies == [])
  }

  @Test func insideOfEachOther() {
    let report = walk(Self.nested(3))
    #expect(report.members.map(\.path) == ["2.zip", "2.zip/1.zip", "2.zip/1.zip/evil.exe"])
    #expect(report.members.map(\.depth) == [1, 2, 3])
    #expect(report.members.last?.readings.map(\.kind) == [.executable])
    #expect(report.isComplete)
  }

  private static let ones = [UInt8](repeating: 1, count: 40)
  private static let arj: [UInt8] = [0x60, 0xEA, 0x1E, 0, 0x1E, 0x0B] + ones
  private static let ace: [UInt8] = [1, 2, 3, 4, 5, 6, 7] + ascii("**ACE**") + ones
  private static let image: [UInt8] = ascii("MSWIM\0\0\0") + ones
  static let closedFiles: [(String, [UInt8])] = [
    ("a.bin", arj), ("a.bin", ace), ("a.bin", image), ("Folder/A.ALZ", [1, 2, 3]),
    ("a.zip", ascii("no zip")),
  ]

  /// What is an archive to the program that opens it, and to nobody here.
  @Test(arguments: closedFiles)
  func closed(_ name: String, _ content: [UInt8]) {
    let report = walk(ZipBuilder.bytes(ZipMember(name, bytes: content)))
    #expect(report.unread == [.unsupported])
    let others = walk(
      ZipBuilder.bytes(ZipMember("zip.txt", "rar"), ZipMember("a.zip"), ZipMember("zip", "\u{1}")))
    #expect(others.isComplete)
  }

  @Test func brothers() {
    let inner = Self.nested(1)
    let report = walk(
      ZipBuilder.bytes(ZipMember("a.zip", bytes: inner), ZipMember("b.zip", bytes: inner)))
    #expect(
      report.members.map(\.path) == ["a.zip", "b.zip", "a.zip/evil.exe", "b.zip/evil.exe"])
  }

  @Test func gzip() {
    let report = walk(Deflate.gzip(Self.program, name: "other.scr"), name: "evil.exe.gz")
    #expect(report.members.map(\.names) == [["evil.exe", "other.scr"]])
    #expect(report.members[0].readings.map(\.kind) == [.executable])
    #expect(report.members[0].sizes == [UInt64(Self.program.count)])
    #expect(report.isComplete && report.anomalies == [])
  }

  @Test func gzipOfSeveralStreams() {
    let zip = Self.nested(1)
    let bytes = Deflate.gzip(Array(zip.prefix(10))) + Deflate.gzip(Array(zip.dropFirst(10)))
    #expect(walk(bytes).members.map(\.path) == ["", "/evil.exe"])
    // As many as allowed, and one more.
    #expect(walk(bytes) { $0.gzipStreamsMax = 2 }.isComplete)
    #expect(!walk(bytes) { $0.gzipStreamsMax = 1 }.members.map(\.path).contains("/evil.exe"))
    #expect(walk(bytes + [0, 0, 0]).anomalies == [])
  }

  @Test(arguments: [("a.tgz", "a.tar"), ("A.GZ", "A"), ("x.txt", "x.txt"), ("b.svgz", "b.svg")])
  func innerNames(_ outer: String, _ inner: String) {
    #expect(GzipFile.innerName(of: outer) == inner)
  }

  @Test func cutGzip() {
    let whole = Deflate.gzip(Self.program)
    for count in 3..<whole.count - 8 {
      #expect(walk(Array(whole.prefix(count))).anomalies == [.archiveDamaged])
    }
  }

  @Test func foreignStaysUnread() {
    #expect(walk(ascii("7z") + [0xBC, 0xAF, 0x27, 0x1C]).unread == [.foreign])
    let inside = walk(ZipBuilder.bytes(ZipMember("a.rar", "Rar!\u{1A}\u{7}\0 and more")))
    #expect(inside.unread == [.foreign])
    #expect(inside.members.map(\.path) == ["a.rar"])
    #expect(
      walk(ZipBuilder.bytes(ZipMember("a", "x").with { $0.method = 14 })).unread == [.foreign])
  }

  @Test func lies() {
    let lying = ZipMember("a.txt", bytes: Self.program).with {
      $0.data = Deflate.bytes($0.content)
      $0.size = $0.data?.count
    }
    let report = walk(ZipBuilder.bytes(lying))
    #expect(report.anomalies == [.zipDirectoryMismatch])
    #expect(report.members[0].readings.map(\.kind).contains(.executable))
  }

  // MARK: Limits

  @Test func depth() {
    #expect(walk(Self.nested(8)).isComplete)
    #expect(walk(Self.nested(8)).members.count == 8)
    let past = walk(Self.nested(9))
    #expect(past.limitsHit == [.archiveDepth])
    #expect(past.members.count == 8)
  }

  @Test func entries() {
    let inner = ZipBuilder((0..<5).map { ZipMember("\($0)") }).bytes
    let bytes = ZipBuilder.bytes(ZipMember("a.zip", bytes: inner), ZipMember("b.zip", bytes: inner))
    #expect(walk(bytes) { $0.entriesMax = 12 }.isComplete)
    let past = walk(bytes) { $0.entriesMax = 11 }
    #expect(past.limitsHit == [.archiveEntries])
    #expect(past.members.count == 11)
  }

  @Test func ratio() {
    let zeros = [UInt8](repeating: 0, count: 200_000)
    let bytes = ZipBuilder.bytes(ZipMember("a", bytes: zeros, deflated: true))
    let packed = Deflate.bytes(zeros).count
    func report(_ ratio: Int) -> ArchiveReport {
      walk(bytes) {
        $0.ratioMax = ratio
        $0.ratioFreeBytes = 100_000
      }
    }
    #expect(report((zeros.count + packed - 1) / packed).isComplete)
    #expect(report(zeros.count / packed).limitsHit == [.archiveRatio])
    #expect(walk(bytes) { $0.ratioMax = 2 }.isComplete)
  }

  /// What the headers say does not matter for an archive inside, which is unpacked.
  @Test func ratioOfNested() {
    let inner = ZipBuilder.bytes(
      ZipMember("a.txt", bytes: [UInt8](repeating: 0x61, count: 150_000)))
    let outer = ZipBuilder.bytes(
      ZipMember("a.zip", bytes: inner, deflated: true).with { $0.size = 9 })
    let report = walk(outer) {
      $0.ratioMax = 10
      $0.ratioFreeBytes = 100_000
    }
    #expect(report.limitsHit == [.archiveRatio])
    #expect(report.members.map(\.path).contains("a.zip/a.txt"))
  }

  @Test func bytes() {
    let bytes = Self.nested(2)
    let all = walk(bytes)
    var budget = ArchiveBudget()
    _ = ArchiveWalker.walk(bytes.span, as: .zip, name: nil, budget: &budget)
    let spent = ArchiveLimits().unpackedBytesMax - budget.unpackedBytes
    #expect(walk(bytes) { $0.unpackedBytesMax = spent } == all)
    #expect(walk(bytes) { $0.unpackedBytesMax = spent - 1 }.limitsHit == [.archiveBytes])
  }

  @Test func held() {
    let inner = Self.nested(1)
    let bytes = ZipBuilder.bytes(ZipMember("a.zip", bytes: inner))
    #expect(walk(bytes) { $0.heldBytesMax = inner.count }.isComplete)
    #expect(walk(bytes) { $0.heldBytesMax = inner.count - 1 }.limitsHit == [.archiveBytes])
  }

  /// What is not kept for libmagic stays open; a rule that asks gets an error.
  @Test func heads() {
    let bytes = ZipBuilder.bytes(ZipMember("a", "\u{1}a"), ZipMember("b", "\u{1}b"))
    let two = walk(bytes) { $0.keptHeadsMax = 2 }
    #expect(two.members.map { $0.readings[0].head } == [ascii("\u{1}a"), ascii("\u{1}b")])
    let one = walk(bytes) { $0.keptHeadsMax = 1 }
    #expect(one.members.map { $0.readings[0].head } == [ascii("\u{1}a"), []])
    let cut = walk(bytes) { $0.keptHeadBytesMax = 1 }
    #expect(cut.members.map { $0.readings[0].head } == [[1], [1]])
  }

  // MARK: Bombs

  /// The same bytes under so many names.
  private static func copies(_ count: Int, of first: ZipMember) -> [UInt8] {
    let again = first.with {
      $0.hasLocal = false
      $0.localOffset = 0
    }
    return ZipBuilder([first] + Array(repeating: again, count: count - 1)).bytes
  }

  /// Ten archives of ten archives of ten …: all are one small file.
  @Test func tree() {
    var bytes = ZipBuilder.bytes(ZipMember("evil.exe", bytes: Self.program))
    for _ in 0..<6 {
      bytes = Self.copies(10, of: ZipMember("a.zip", bytes: bytes, deflated: true))
    }
    let report = walk(bytes) { $0.entriesMax = 500 }
    #expect(report.limitsHit == [.archiveEntries])
    #expect(report.members.count == 500)
    #expect(report.workBytes < 64 << 20)
  }

  /// More members than are read, all of them the same bytes.
  @Test func overlapping() {
    let bytes = Self.copies(12_000, of: ZipMember("a", bytes: Self.program))
    let report = walk(bytes)
    #expect(report.limitsHit == [.archiveEntries])
    #expect(report.anomalies.contains(.zipOverlap))
    #expect(report.members.count == 10_000)
    #expect(report.workBytes < 64 << 20)
  }

  /// A file that holds nothing but beginnings.
  @Test(arguments: ["PK\u{3}\u{4}", "PK\u{1}\u{2}", "PK\u{5}\u{6}", "PK\u{7}\u{8}"])
  func beginnings(_ mark: String) {
    let bytes = (0..<50_000).flatMap { _ in Array(mark.utf8) }
    #expect(walk(bytes).workBytes < 64 << 20)
  }
}
