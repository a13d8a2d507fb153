// RAR 5: what is encrypted, which libarchive does not say.

import FileTypes
import RuleBytecode
import Testing

@testable import FileContents

struct RarTests {
  private func headers(_ bytes: [UInt8], _ membersMax: Int = 100) -> RarHeaders? {
    RarHeaders(bytes.span, membersMax: membersMax)
  }

  private static let plain = TestArchive.rar5([
    ("a.txt", Array("some text in it".utf8), false), ("evil.exe", TestArchive.program, false),
  ])
  private static let mixed = TestArchive.rar5([
    ("a.txt", Array("some text in it".utf8), false), ("evil.exe", TestArchive.program, true),
  ])

  @Test func members() {
    #expect(headers(Self.plain)?.members.map(\.isEncrypted) == [false, false])
    #expect(
      headers(Self.mixed)?.members
        == [
          .init(name: Array("a.txt".utf8), isEncrypted: false),
          .init(name: Array("evil.exe".utf8), isEncrypted: true),
        ])
    #expect(headers(Self.mixed, 1)?.members.count == 1)
    #expect(headers(Array("Rar!".utf8)) == nil)
  }

  @Test func readTogether() {
    let plain = LibraryReaderTests.report(Self.plain)
    #expect(plain.members.map(\.path) == ["a.txt", "evil.exe"])
    #expect(plain.members.last?.readings.map(\.kind) == [.executable])
    #expect(plain.isComplete && !plain.isEncrypted)
    let mixed = LibraryReaderTests.report(Self.mixed)
    #expect(mixed.members.map(\.isEncrypted) == [false, true])
    #expect(mixed.isEncrypted && mixed.isComplete && mixed.anomalies == [])
  }

  @Test func hiddenNames() {
    let report = LibraryReaderTests.report(TestArchive.rar5([], hidesNames: true))
    #expect(report.isEncrypted && report.unread == [.hidden])
    #expect(report.members == [])
  }

  @Test func damage() {
    for count in Self.mixed.indices {
      #expect((headers(Array(Self.mixed.prefix(count)))?.members.count ?? 0) <= 2)
    }
    for index in Self.mixed.indices {
      for value in [0, 0x7F, 0x80, 0xFF] as [UInt8] {
        var bytes = Self.mixed
        bytes[index] = value
        #expect((headers(bytes)?.members.count ?? 0) <= 20)
      }
    }
  }
}
