// Zips as honest programs write them: every member, and nothing to complain of.
import RuleBytecode
import Testing

@testable import FileContents

struct HonestZip: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let zip: [UInt8]
  let names: [String]
  var encrypted: Bool = false

  init(_ description: String, _ names: [String], encrypted: Bool = false, _ zip: [UInt8]) {
    testDescription = description
    self.names = names
    self.encrypted = encrypted
    self.zip = zip
  }

  init(
    _ description: String, _ members: [ZipMember], encrypted: Bool = false,
    _ change: (inout ZipBuilder) -> Void = { _ in }
  ) {
    var builder = ZipBuilder(members)
    change(&builder)
    self.init(description, members.map(\.name), encrypted: encrypted, builder.bytes)
  }

  private static let plain = [
    ZipMember("a.txt", "first"), ZipMember("folder/"),
    ZipMember("folder/b.txt", "second", deflated: true),
  ]
  private static func streamed(_ form: ZipMember.Descriptor) -> [ZipMember] {
    plain.map { member in member.name.hasSuffix("/") ? member : member.with { $0.descriptor = form }
    }
  }
  private static let inner = ZipBuilder.bytes(ZipMember("inner.exe", "MZ"))
  private static let aes = [
    little(0x9901, 2), little(7, 2), little(2, 2), ascii("AE"), [3], little(8, 2),
  ].flatMap(\.self)

  static let all: [HonestZip] = [
    HonestZip("stored and deflated, a folder", plain),
    HonestZip("streamed, marked descriptors", streamed(.marked)),
    HonestZip("streamed, bare descriptors", streamed(.bare)),
    HonestZip("no member", []),
    HonestZip("with a comment", plain) { $0.comment = Array("packed on Monday".utf8) },
    HonestZip("zip64 throughout", plain.map { member in member.with { $0.isZip64 = true } }) {
      $0.isZip64 = true
    },
    HonestZip(
      "zip64, streamed",
      streamed(.marked).map { member in member.with { $0.isZip64 = member.descriptor != .none } }),
    HonestZip("behind a program", plain) { $0.prefix = Array("MZ program".utf8) },
    HonestZip("behind a program, offsets of the file", plain) {
      $0.prefix = Array("MZ program".utf8)
      $0.countsPrefix = true
    },
    HonestZip("a zip inside, stored", [ZipMember("inner.zip", bytes: inner)]),
    HonestZip(
      "a zip inside, stored and streamed",
      [ZipMember("inner.zip", bytes: inner).with { $0.descriptor = .marked }]),
    HonestZip("signing block before the directory", plain) {
      $0.beforeDirectory = Array("APK Sig Block 42".utf8)
    },
    HonestZip(
      "another extra field in each header",
      plain.map { member in member.with { $0.localExtra = little(0xCAFE, 2) + little(0, 2) } }),
    HonestZip(
      "ZipCrypto",
      [
        ZipMember("a.txt", "secret").with {
          $0.flags = 1
          $0.size = 5
        }
      ],
      encrypted: true),
    HonestZip(
      "AES",
      [
        ZipMember("a.txt", "secret").with {
          $0.flags = 1
          $0.method = 99
          $0.extra = aes
          $0.size = 5
          $0.checksum = 0
        }
      ], encrypted: true),
    HonestZip("empty member, deflated", [ZipMember("empty", "", deflated: true)]),
    HonestZip(
      "macOS",
      [
        ZipMember("a.pdf", "%PDF").with { $0.descriptor = .marked },
        ZipMember("__MACOSX/"),
        ZipMember("__MACOSX/._a.pdf", "\0\u{5}\u{16}\u{7}").with { $0.descriptor = .marked },
      ]),
  ]
}

struct ZipArchiveTests {
  @Test(arguments: HonestZip.all) func honest(_ honest: HonestZip) {
    let archive = zipArchive(honest.zip)
    #expect(archive.entries.map(\.name) == honest.names)
    #expect(archive.anomalies == [])
    #expect(archive.limitsHit == [])
    #expect(archive.entries.allSatisfy { $0.isEncrypted == honest.encrypted })
    #expect(isLikely(honest.zip))
  }

  @Test func contents() {
    let zip = ZipBuilder.bytes(
      ZipMember("a", "stored text"), ZipMember("b", "deflated text", deflated: true),
      ZipMember("c", "streamed text", deflated: true).with { $0.descriptor = .marked })
    let archive = zipArchive(zip)
    let contents = archive.entries.indices.map { content(archive, $0, zip, 1_000) }
    #expect(
      contents.map { String(decoding: $0.bytes, as: UTF8.self) }
        == ["stored text", "deflated text", "streamed text"])
    #expect(contents.allSatisfy { $0.end == .whole && !$0.isMethodLying && $0.readings.count == 1 })
  }

  @Test(arguments: [false, true]) func contentLimit(isDeflated: Bool) {
    let zip = ZipBuilder.bytes(ZipMember("a", "twelve bytes", deflated: isDeflated))
    let archive = zipArchive(zip)
    let atLimit = content(archive, 0, zip, 12)
    #expect(atLimit.end == .whole)
    #expect(atLimit.bytes.count == 12)
    let past = content(archive, 0, zip, 11)
    #expect(past.end == .limit)
    #expect(past.bytes.count == 11)
  }

  @Test func unreadable() {
    let zip = ZipBuilder.bytes(
      ZipMember("locked", "secret").with { $0.flags = 1 },
      ZipMember("foreign", "bzip2").with { $0.method = 12 })
    let archive = zipArchive(zip)
    let ends = archive.entries.indices.map { content(archive, $0, zip, 100).end }
    #expect(ends == [.encrypted, .foreign])
  }

  /// A zip bomb is a few bytes; what is wanted of it is bounded.
  @Test func bombIsBounded() {
    let zip = ZipBuilder.bytes(
      ZipMember("bomb", bytes: [UInt8](repeating: 0, count: 3_000_000), deflated: true))
    let archive = zipArchive(zip)
    let content = content(archive, 0, zip, 1_000)
    #expect(content.bytes == [UInt8](repeating: 0, count: 1_000))
    #expect(content.workBytes < 40_000)
  }

  @Test func namesInOtherCharsets() {
    let unicode = [little(0x7075, 2), little(11, 2), [1], little(0, 4), ascii("ü.txt")]
      .flatMap(\.self)
    let zip = ZipBuilder.bytes(
      ZipMember("x").with { $0.nameBytes = [0x84, 0x2E, 0x65, 0x78, 0x65] },
      ZipMember("y").with { $0.nameBytes = Array("a.exe\0.txt".utf8) },
      ZipMember("?.txt").with {
        $0.extra = unicode
      })
    let names = zipArchive(zip).entries.map(\.names)
    #expect(names == [["ä.exe"], ["a.exe\0.txt", "a.exe"], ["?.txt", "ü.txt"]])
  }

  @Test func limits() {
    let zip = ZipBuilder((0..<10).map { ZipMember("\($0)") }).bytes
    var limits = ArchiveLimits()
    limits.entriesMax = 10
    #expect(zipArchive(zip, limits).limitsHit == [])
    limits.entriesMax = 9
    let past = zipArchive(zip, limits)
    #expect(past.limitsHit == [.archiveEntries])
    #expect(past.entries.count == 9)
    limits.entriesMax = 10
    limits.namesBytesMax = 10
    #expect(zipArchive(zip, limits).limitsHit == [])
    limits.namesBytesMax = 9
    #expect(zipArchive(zip, limits).limitsHit == [.archiveEntries])
  }

  @Test func tooManyDirectories() {
    var limits = ArchiveLimits()
    limits.directoriesMax = 2
    let empty = ZipBuilder([]).bytes
    #expect(zipArchive((empty + empty), limits).limitsHit == [])
    #expect(zipArchive((empty + empty + empty), limits).limitsHit == [.archiveEntries])
  }
}
