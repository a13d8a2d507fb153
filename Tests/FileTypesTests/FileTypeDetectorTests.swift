// The detector: when libmagic is asked, what happens without a database, and its limits.

import FileTypes
import Testing

@Suite struct FileTypeDetectorTests {
  @Test func sureAnswersNeverOpenTheDatabase() throws {
    var detector = FileTypeDetector(database: "/nonexistent/magic")
    let gif = ascii("GIF89a") + zeros(20)
    #expect(try detector.mimeType(of: gif.span) == "image/gif")
    #expect(try detector.kind(of: gif.span) == .image)
    #expect(try detector.identify(gif.span) == ("image/gif", .image))
    #expect(detector.magicQuestions == 0)
  }

  @Test func missingDatabaseIsATypedErrorEachTime() {
    let text = ascii("<?xml version=\"1.0\"?><a/>\r\n")
    var detector = FileTypeDetector(database: "/nonexistent/magic")
    for _ in 0..<2 {
      do {
        _ = try detector.kind(of: text.span)
        Issue.record("an answer without a database")
      } catch {
        guard case .database(let reason) = error else {
          Issue.record("\(error)")
          return
        }
        #expect(!reason.isEmpty)
      }
    }
    #expect(detector.magicQuestions == 0)
  }

  @Test(arguments: [
    ("Hello, this is prose.\r\n", "text/plain", FileKind.text),
    ("From: a@example.org\r\nTo: b@example.org\r\nSubject: x\r\n\r\nx", "message/rfc822", .message),
    ("<?xml version=\"1.0\"?>\n<a/>", "text/xml", .text),
    ("@echo off\r\ndel x\r\n", "text/x-msdos-batch", .script),
    ("", "inode/x-empty", .other), ("a", "application/octet-stream", .other),
  ])
  func libmagicDecidesTheRest(_ text: String, _ name: String, _ kind: FileKind) throws {
    var detector = FileTypeDetector()
    let answer = try detector.identify(ascii(text).span)
    #expect(answer.mimeType == name)
    #expect(answer.kind == kind)
    #expect(detector.magicQuestions == 1)
    #expect(try detector.mimeType(of: ascii(text).span) == name)
    #expect(try detector.kind(of: ascii(text).span) == kind)
    // Prose is known to be text without a question.
    #expect(detector.magicQuestions == (text.hasPrefix("Hello") ? 2 : 3))
  }

  @Test func kindIsSureWhereTheNameIsAsked() throws {
    var detector = FileTypeDetector()
    let disk = ascii("vhdxfile") + zeros(100)
    #expect(try detector.kind(of: disk.span) == .diskImage)
    #expect(detector.magicQuestions == 0)
    let answer = try detector.identify(disk.span)
    #expect(answer.kind == .diskImage)
    #expect(detector.magicQuestions == 1)
  }

  @Test func bytesBeyondTheLimitAreNotSeen() throws {
    var limits = FileTypeLimits()
    limits.bytesMax = 64
    // An entry name that only the 65th byte completes.
    let text = [UInt8](repeating: 0x61, count: 58) + ascii("<html>") + ascii("</html>\n")
    var atLimit = FileTypeDetector(limits: limits)
    #expect(try atLimit.mimeType(of: text.span) == "text/html")
    limits.bytesMax = 63
    var below = FileTypeDetector(limits: limits)
    #expect(try below.mimeType(of: text.span) == "text/plain")
  }
}
