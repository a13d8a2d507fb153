// Archives of one file, read by the readers of this package and by two that are not ours.

import ContentEdits
import Foundation
import MailMessage
import Testing

@Suite struct ZipFileTests {
  private let date = CivilDate(year: 2026, month: 11, day: 21) ?? CivilDate(daysSince1970: 0)
  private let content = bytes(String(repeating: "Lorem ipsum dolor sit amet. ", count: 200))

  @Test(arguments: [
    ("report.txt", "report.txt"), ("../../etc/passwd", "passwd"), ("C:\\x\\Grüße.csv", "Grüße.csv"),
    ("..", "file"), ("", "file"), ("a/", "a"), ("a\nb\u{0}:c", "a_b__c"),
  ])
  func readByPython(_ name: String, _ expected: String) throws {
    let archive = try #require(ZipFile.archive(content, name: name, modified: date))
    #expect(archive.count < content.count)
    let report = try run(
      ["/usr/bin/python3", "-c", Self.script], input: archive)
    #expect(report == "\(expected) (2026, 11, 21, 0, 0, 0) \(content.count) None\n")
  }

  private static let script = """
    import sys, io, zipfile
    z = zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read()))
    sys.stdout.reconfigure(encoding="utf-8")
    for i in z.infolist(): print(i.filename, i.date_time, len(z.read(i)), z.testzip())
    """

  @Test func readByTar() throws {
    let archive = try #require(ZipFile.archive(content, name: "a.txt", modified: date))
    #expect(try run(["/usr/bin/bsdtar", "-xOf", "-"], input: archive) == text(content))
  }

  @Test func onlyWhenSmaller() throws {
    var random = SystemRandomNumberGenerator()
    let noise = (0..<1_000).map { _ in UInt8.random(in: 0...255, using: &random) }
    #expect(ZipFile.archive(noise, name: "x", modified: date) == nil)
    #expect(ZipFile.archive([], name: "x", modified: date) == nil)
    #expect(ZipFile.archive(bytes("short"), name: "x", modified: date) == nil)
  }

  @Test(arguments: [0, 1])
  func limits(_ over: Int) {
    var limits = ContentEditLimits()
    limits.archivedBytesMax = content.count - over
    let archive = ZipFile.archive(content, name: "x", modified: date, limits: limits)
    #expect((archive == nil) == (over == 1))
    limits = ContentEditLimits()
    limits.archivedNameBytesMax = 4 - over
    let named = ZipFile.archive(content, name: "abü.txt", modified: date, limits: limits) ?? []
    #expect(Array(named[30...].prefix(4 - 2 * over)) == Array(bytes("abü").prefix(4 - 2 * over)))
    #expect(named[26] == UInt8(4 - 2 * over))
  }

  @Test(arguments: [
    ("text/plain", "txt", true), ("application/octet-stream", "", true),
    ("image/jpeg", "", false), ("IMAGE/JPEG", "dat", false), ("", "ZIP", false),
    ("video/x", "bin", false), ("application/vnd.oasis.opendocument.text", "", false),
    ("application/pdf", "pdf", true), ("image/bmp", "bmp", true),
  ])
  func worth(_ type: String, _ fileExtension: String, _ expected: Bool) {
    #expect(ZipFile.isCompressible(type: type, fileExtension: fileExtension) == expected)
  }
}

/// What a program writes when it is given these bytes.
func run(_ command: [String], input: [UInt8]) throws -> String {
  let process = Process()
  process.executableURL = URL(filePath: command[0])
  process.arguments = Array(command.dropFirst())
  let given = Pipe()
  let written = Pipe()
  process.standardInput = given
  process.standardOutput = written
  try process.run()
  // Written from elsewhere: both pipes are shorter than what goes through them.
  let writer = given.fileHandleForWriting
  DispatchQueue.global().async {
    try? writer.write(contentsOf: Data(input))
    try? writer.close()
  }
  let output = try written.fileHandleForReading.readToEnd() ?? Data()
  process.waitUntilExit()
  return String(decoding: output, as: UTF8.self)
}
