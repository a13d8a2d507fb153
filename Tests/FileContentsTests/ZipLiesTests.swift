// Zips that programs read differently: all members of all readings, and the name of the lie.
import RuleBytecode
import Testing

@testable import FileContents

struct LyingZip: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let zip: [UInt8]
  /// Each must be a name of some member.
  let names: Set<String>
  let anomalies: Set<AnomalyName>

  init(
    _ description: String, _ names: Set<String>, _ anomalies: Set<AnomalyName>, _ zip: [UInt8]
  ) {
    testDescription = description
    self.names = names
    self.anomalies = anomalies
    self.zip = zip
  }

  private static let safe = ZipMember("safe.txt", "safe")
  private static let evil = ZipMember("evil.exe", "MZ evil")
  private static let first = ZipBuilder.bytes(evil)
  private static let second = ZipBuilder.bytes(safe)
  private static func built(
    _ members: [ZipMember], _ change: (inout ZipBuilder) -> Void
  ) -> [UInt8] {
    var builder = ZipBuilder(members)
    change(&builder)
    return builder.bytes
  }

  private static let brokenEnd: [UInt8] = [
    ascii("PK\u{5}\u{6}"), little(0, 4), little(1, 2), little(1, 2), little(50, 4),
    little(9_000, 4), little(0, 2),
  ].flatMap(\.self)
  private static let unicodePath: [UInt8] = [
    little(0x7075, 2), little(13, 2), [1], little(0, 4), ascii("evil.exe"),
  ].flatMap(\.self)

  private static let directories: [LyingZip] = [
    LyingZip(
      "two zips joined", ["safe.txt", "evil.exe"], [.zipSeveralDirectories], first + second),
    LyingZip(
      "two zips joined, offsets of the file", ["safe.txt", "evil.exe"], [.zipSeveralDirectories],
      built([safe]) {
        $0.prefix = first
        $0.countsPrefix = true
      }),
    LyingZip(
      "an empty directory behind", ["evil.exe"], [.zipSeveralDirectories],
      first + ZipBuilder([]).bytes),
    LyingZip(
      "a zip in the comment", ["safe.txt", "evil.exe"], [.zipSeveralDirectories],
      built([safe]) { $0.comment = first }),
    LyingZip(
      "a member that the directory does not know", ["safe.txt", "evil.exe"],
      [.zipDirectoryMismatch], ZipBuilder.bytes(safe, evil.with { $0.isInDirectory = false })),
    LyingZip(
      "a directory of fewer than it has", ["safe.txt", "evil.exe"], [.zipDirectoryMismatch],
      built([safe, evil]) { $0.count = 1 }),
    LyingZip(
      "a directory with a size too small", ["safe.txt", "evil.exe"],
      [.zipDirectoryMismatch, .zipOverlap, .archiveDamaged],
      built([evil, safe]) { $0.directorySize = 54 }),
    LyingZip(
      "zip64 that disagrees", ["safe.txt"], [.zipDirectoryMismatch],
      {
        var bytes = built([safe]) { $0.isZip64 = true }
        bytes[bytes.count - 12] = 7
        bytes[bytes.count - 11] = 0
        return bytes
      }()),
    LyingZip(
      "no directory", ["safe.txt", "evil.exe"], [.archiveDamaged],
      built([safe, evil]) {
        $0.hasEnd = false
      }),
    LyingZip(
      "only local headers", ["safe.txt", "evil.exe"], [.archiveDamaged],
      Array(ZipBuilder.bytes(safe, evil).prefix(30 + 8 + 4 + 30 + 8 + 7))),
    LyingZip(
      "only local headers, streamed", ["safe.txt", "evil.exe"], [.archiveDamaged],
      Array(
        ZipBuilder.bytes(safe.with { $0.descriptor = .marked }, evil).prefix(120))),
    LyingZip(
      "a broken end behind the right one", ["evil.exe"], [.archiveDamaged],
      first + brokenEnd),
  ]

  private static let members: [LyingZip] = [
    LyingZip(
      "another name in the local header", ["safe.txt", "evil.exe"], [.zipDirectoryMismatch],
      ZipBuilder.bytes(safe.with { $0.localName = "evil.exe" })),
    LyingZip(
      "another name of another length", ["safe.txt", "run.scr"], [.zipDirectoryMismatch],
      ZipBuilder.bytes(safe.with { $0.localName = "run.scr" })),
    LyingZip(
      "a Unicode path with another extension", ["safe.txt", "evil.exe"], [.zipDirectoryMismatch],
      ZipBuilder.bytes(
        safe.with { $0.extra = unicodePath })),
    LyingZip(
      "another method in the local header", ["evil.exe"], [.zipDirectoryMismatch],
      ZipBuilder.bytes(evil.with { $0.localMethod = 8 })),
    LyingZip(
      "another size in the local header", ["evil.exe"], [.zipDirectoryMismatch],
      ZipBuilder.bytes(evil.with { $0.localSize = 3 })),
    LyingZip(
      "stored with two sizes", ["evil.exe"], [.zipDirectoryMismatch],
      ZipBuilder.bytes(evil.with { $0.size = 700 })),
    LyingZip(
      "encrypted only in the local header", ["evil.exe"], [.zipDirectoryMismatch],
      {
        var bytes = ZipBuilder.bytes(evil)
        bytes[6] = 1
        return bytes
      }()),
    LyingZip(
      "a member inside of a member's longer size", ["safe.txt", "evil.exe"],
      [.zipDirectoryMismatch],
      ZipBuilder.bytes(
        safe.with {
          $0.data = $0.content + ZipBuilder.bytes(evil).prefix(45)
          $0.size = $0.data?.count
          $0.localSize = 4
          $0.localCompressedSize = 4
        })),
    LyingZip(
      "no local header", ["safe.txt", "evil.exe"], [.archiveDamaged],
      ZipBuilder.bytes(
        safe,
        evil.with {
          $0.hasLocal = false
          $0.localOffset = 5
        })),
    LyingZip(
      "data cut off", ["evil.exe"], [.archiveDamaged, .zipOverlap],
      ZipBuilder.bytes(
        evil.with {
          $0.compressedSize = 9_000
          $0.size = 9_000
        })),
    LyingZip(
      "two members with the same data", ["safe.txt"], [.zipOverlap],
      ZipBuilder.bytes(
        safe,
        safe.with {
          $0.hasLocal = false
          $0.localOffset = 0
        })),
    LyingZip(
      "a path up", ["../safe.txt"], [.archivePath], ZipBuilder.bytes(ZipMember("../safe.txt"))),
    LyingZip(
      "a path up, deep", ["a/b/../../../c"], [.archivePath],
      ZipBuilder.bytes(ZipMember("a/b/../../../c"))),
    LyingZip("an absolute path", ["/etc/x"], [.archivePath], ZipBuilder.bytes(ZipMember("/etc/x"))),
    LyingZip("a drive", ["c:\\x"], [.archivePath], ZipBuilder.bytes(ZipMember("c:\\x"))),
    LyingZip(
      "a path up, of Windows", ["..\\x"], [.archivePath], ZipBuilder.bytes(ZipMember("..\\x"))),
  ]

  static let all = directories + members
}

struct ZipLiesTests {
  @Test(arguments: LyingZip.all) func lies(_ lying: LyingZip) {
    let archive = zipArchive(lying.zip)
    let names = Set(archive.entries.flatMap(\.names))
    #expect(lying.names.isSubset(of: names), "\(names)")
    #expect(archive.anomalies == lying.anomalies)
  }

  /// Names that only look like paths.
  @Test(arguments: ["a..b", "..a", "a/...", "Q: and A.txt", "a:b", "folder\\file.txt"])
  func honestNames(_ name: String) {
    #expect(zipArchive(ZipBuilder.bytes(ZipMember(name))).anomalies == [])
  }

  @Test func storedThatIsDeflated() {
    let text = Array("MZ evil".utf8)
    let zip = ZipBuilder.bytes(
      ZipMember("a", bytes: text).with {
        $0.data = Deflate.bytes(text)
        $0.size = $0.data?.count
      })
    let archive = zipArchive(zip)
    let read = content(archive, 0, zip, 100)
    #expect(read.readings == [Deflate.bytes(text), text])
    #expect(read.isMethodLying)
  }

  @Test func deflatedThatIsStored() {
    let zip = ZipBuilder.bytes(ZipMember("a", "MZ evil").with { $0.method = 8 })
    let archive = zipArchive(zip)
    let read = content(archive, 0, zip, 100)
    #expect(read.bytes == Array("MZ evil".utf8))
    #expect(read.isMethodLying)
  }

  /// A file that is a compressed stream, stored as it is.
  @Test func honestStream() {
    let zip = ZipBuilder.bytes(ZipMember("a", bytes: Deflate.bytes(Array("text".utf8))))
    let archive = zipArchive(zip)
    let read = content(archive, 0, zip, 100)
    #expect(read.readings.count == 1)
    #expect(!read.isMethodLying)
  }

  @Test func hiddenNames() {
    var builder = ZipBuilder([ZipMember("a", "x")])
    builder.isZip64 = true
    builder.versionNeeded = 62
    #expect(zipArchive(builder.bytes).hidesNames)
    builder.versionNeeded = 45
    #expect(!zipArchive(builder.bytes).hidesNames)
  }

  @Test func nothingOfAZip() {
    for text in ["", "PK", "plain text", "PK\u{3}\u{4}"] {
      #expect(zipArchive(Array(text.utf8)).entries == [])
    }
    #expect(!isLikely(Array("plain text that holds no directory".utf8)))
  }

  private static let rich: [UInt8] = {
    var builder = ZipBuilder([
      ZipMember("a.txt", "first"),
      ZipMember("b", "second", deflated: true).with { $0.descriptor = .marked },
      ZipMember("c", "x").with { $0.isZip64 = true },
    ])
    builder.isZip64 = true
    return builder.bytes
  }()

  private func readAll(_ bytes: [UInt8]) -> Int {
    let archive = zipArchive(bytes)
    var total = 0
    for entry in archive.entries {
      total += archive.extract(entry, from: bytes.span, limitBytes: 1_000).workBytes
    }
    return total
  }

  @Test func everyTruncation() {
    for count in 0..<Self.rich.count {
      #expect(readAll(Array(Self.rich.prefix(count))) < 100_000)
      #expect(readAll(Array(Self.rich.suffix(count))) < 100_000)
    }
  }

  @Test(arguments: [0, 1, 0x7F, 0x80, 0xFF] as [UInt8]) func everyByteChanged(_ value: UInt8) {
    for index in Self.rich.indices {
      var bytes = Self.rich
      bytes[index] = value
      #expect(readAll(bytes) < 100_000)
    }
  }
}
