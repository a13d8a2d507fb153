// reading FOLDER: how fast mail is read, from memory on one core. For each .eml of the folder the
// structure alone and with every part decoded, in MB/s; then one message of growing size and one of
// growing number of parts, in ns for a byte and for a part, which shows whether the reader is
// linear; and what it costs to tell what each part is, in µs a message.
// reading.sh puts GMime's figures beside the first two.

import Foundation
import Harness
import Timing

func fail(_ what: String) -> Never {
  FileHandle.standardError.write(Data("reading: \(what)\n".utf8))
  exit(1)
}

guard CommandLine.arguments.count == 2 else { fail("usage: reading FOLDER") }
let folder = URL(filePath: CommandLine.arguments[1])
let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
let messages = names.sorted().filter { $0.hasSuffix(".eml") }.compactMap { name in
  (try? Data(contentsOf: folder.appending(path: name))).map { [UInt8]($0) }
}
guard !messages.isEmpty else { fail("no messages in \(folder.path)") }

let bytes = messages.reduce(0) { $0 + $1.count }
for (name, read) in [
  ("structure", MessageReading.structure), ("all decoded", MessageReading.decoded),
] {
  var parts = 0
  let time = nanoseconds { parts = messages.reduce(0) { $0 + read($1).parts } }
  guard parts >= messages.count else { fail("too few parts") }
  print("\(name) \((Double(bytes) / time * 1e3).text(0))")
}

var questions = TypeQuestions(messages)
let asked = questions.ask()
guard asked >= questions.count else { fail("a part without a kind") }
let perMessage = nanoseconds { _ = questions.ask() } / Double(messages.count) / 1e3
let before = questions.magicQuestions
_ = questions.ask()
let toMagic = questions.magicQuestions - before
guard questions.disagreements() == 0 else { fail("libmagic says otherwise") }
let clock = ContinuousClock()
let alone = clock.measure { _ = questions.disagreements() }.nanoseconds / Double(messages.count)
report(
  "types of \(questions.count) parts",
  "\(perMessage.text(1)) µs a message (goal 20), \(toMagic) asked of libmagic; it alone "
    + "\((alone / 1e3).text(0)) µs")

/// A message with an attachment in base64, of about that many bytes.
func message(bytes count: Int) -> [UInt8] {
  let line = String(repeating: "QUJD", count: 19) + "\r\n"
  let head = """
    From: ann@example.net\r
    Content-Type: multipart/mixed; boundary=b\r
    \r
    --b\r
    Content-Type: application/octet-stream\r
    Content-Transfer-Encoding: base64\r
    \r

    """
  let body = String(repeating: line, count: max(1, (count - head.utf8.count) / line.utf8.count))
  return Array((head + body + "--b--\r\n").utf8)
}

/// A message with that many parts of one line.
func message(parts count: Int) -> [UInt8] {
  let part = "--b\r\nContent-Type: text/html\r\n\r\n<p>one line of text</p>\r\n"
  let head = "From: ann@example.net\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
  return Array((head + String(repeating: part, count: count) + "--b--\r\n").utf8)
}

for size in [1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000] {
  let mail = message(bytes: size)
  guard MessageReading.decoded(mail).decodedBytes > size / 4 else { fail("not decoded") }
  let structure = nanoseconds { _ = MessageReading.structure(mail) } / Double(mail.count)
  let decoded = nanoseconds { _ = MessageReading.decoded(mail) } / Double(mail.count)
  report(
    "\(size) bytes, ns a byte", "structure \(structure.text(2))  all decoded \(decoded.text(2))")
}

for count in [1, 10, 100, 1_000, 10_000] {
  let mail = message(parts: count)
  let read = { MessageReading.structure(mail, partsMax: count + 1) }
  guard read().parts == count + 1 else { fail("\(read().parts) parts of \(count)") }
  let time = nanoseconds { _ = read() } / Double(count)
  report("\(count) parts, ns a part", time.text(0))
}
