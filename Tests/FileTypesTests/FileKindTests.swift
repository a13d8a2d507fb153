// The families: names from libmagic, from declared Content-Types, and nonsense.

import FileTypes
import Testing

@Suite struct FileKindTests {
  @Test(arguments: [
    ("application/vnd.microsoft.portable-executable", FileKind.executable),
    ("application/x-dosexec", .executable), ("application/x-msdownload", .executable),
    ("application/x-pie-executable", .executable), ("application/x-sharedlib", .executable),
    ("application/x-mach-binary", .executable), ("application/java-archive", .executable),
    ("application/x-java-applet", .executable), ("application/x-ms-shortcut", .executable),
    ("text/x-shellscript", .script), ("text/javascript", .script), ("text/x-msdos-batch", .script),
    ("application/zip", .archive), ("application/x-zip-compressed", .archive),
    ("application/x-iso9660-image", .diskImage), ("application/msword", .office),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", .office),
    ("application/vnd.ms-excel.sheet.macroEnabled.12", .office), ("text/rtf", .office),
    ("application/pdf", .pdf), ("text/html", .html), ("application/xhtml+xml", .html),
    ("image/png", .image), ("image/x-made-up", .image), ("audio/mpeg", .audio),
    ("video/mp4", .video), ("text/plain", .text), ("text/x-made-up", .text),
    ("message/rfc822", .message), ("multipart/mixed", .message),
    ("application/octet-stream", .other), ("application/x-made-up", .other), ("", .other),
    ("inode/x-empty", .other), ("pdf", .other), ("/", .other), (" ; ", .other),
    ("Text/HTML; charset=utf-8", .html), (" APPLICATION/PDF ", .pdf),
    ("application/x-executable, no program header", .executable),
  ])
  func familyOfName(_ name: String, _ kind: FileKind) {
    #expect(FileKind.kind(ofMIMEType: name) == kind)
  }

  @Test func ruleNamesAreTheContract() {
    let names = FileKind.allCases.map(\.name)
    #expect(
      names == [
        "executable", "script", "archive", "disk-image", "office", "pdf", "html", "image", "audio",
        "video", "text", "message", "other",
      ])
    #expect(FileKind.allCases.map(\.rawValue) == Array(0...12))
    for kind in FileKind.allCases { #expect(FileKind(name: kind.name) == kind) }
    #expect(FileKind(name: "Executable") == nil)
    #expect(FileKind(name: "") == nil)
  }

  @Test(arguments: [
    ("application/octet-stream", true), ("Application/Octet-Stream; name=x", true), ("", true),
    ("text/plain", false), ("application/pdf", false),
  ])
  func unspecificNames(_ name: String, _ expected: Bool) {
    #expect(FileKind.isUnspecific(mimeType: name) == expected)
  }
}
