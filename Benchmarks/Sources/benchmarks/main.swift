// benchmarks CORPUS-DIRECTORY POLICY: compile, load and verify, the machine's loop, reading mail,
// whole sessions in this process, and the memory of sessions that wait. Each checks its result.

import Foundation
import Harness
import Timing

func fail(_ what: String) -> Never {
  FileHandle.standardError.write(Data("benchmarks: \(what)\n".utf8))
  exit(1)
}

func policy(_ source: String) -> Policy {
  do {
    return try Policy(source: source)
  } catch {
    fail(error.message)
  }
}

guard CommandLine.arguments.count == 3 else { fail("usage: benchmarks CORPUS-DIRECTORY POLICY") }
let corpus = URL(filePath: CommandLine.arguments[1])
let names = (try? FileManager.default.contentsOfDirectory(atPath: corpus.path)) ?? []
let messages = names.sorted().filter { $0.hasSuffix(".eml") }.compactMap { name in
  (try? Data(contentsOf: corpus.appending(path: name))).map { [UInt8]($0) }
}
guard !messages.isEmpty else { fail("no messages in \(corpus.path)") }
guard let source = try? String(contentsOfFile: CommandLine.arguments[2], encoding: .utf8) else {
  fail("\(CommandLine.arguments[2]) cannot be read")
}

// A policy of a thousand rules, each with a test and an action of its own.
let large =
  "require \"defang\";\nphase headers {\n"
  + (0..<1_000).map { index in
    "  rule \"r\(index)\" { if header :contains \"X-\(index % 40)\" \"word\(index)\" {"
      + " addheader \"X-Hit\" \"\(index)\"; } }\n"
  }.joined() + "}\n"

let small = policy(source)
let thousand = policy(large)
report("compile, \(small.instructionCount) instructions", us(nanoseconds { _ = policy(source) }))
report("compile, 1,000 rules", us(nanoseconds { _ = policy(large) }))
for (name, image) in [("small", small.image), ("1,000 rules", thousand.image)] {
  let time = nanoseconds {
    guard (try? Policy(image: image)) != nil else { fail("an image is refused") }
  }
  report("load and verify, \(name), \(image.count) bytes", us(time))
}

guard let spin = try? Policy.spin(instructions: 20_000) else { fail("the loop's image is refused") }
var executed = 0
let loop = nanoseconds { executed = spin.runConnect(times: 50) }
guard executed > 50 * 15_000 else { fail("the loop ran \(executed) instructions only") }
report("the loop, an instruction", "\((loop / Double(executed)).text(2)) ns")

let bytes = messages.reduce(0) { $0 + $1.count }
var parts = 0
for (name, read) in [
  ("structure", MessageReading.structure), ("all decoded", MessageReading.decoded),
  ("all decoded, anomalies", MessageReading.everything),
] {
  let time = nanoseconds {
    parts = messages.reduce(0) { $0 + read($1).parts }
  }
  guard parts >= messages.count else { fail("too few parts") }
  report("reading mail, \(name)", "\((Double(bytes) / time * 1e3).text(0)) MB/s")
}

var decided = 0
let sessions = nanoseconds {
  decided = 0
  for message in messages {
    let summary = small.run(SampleSession.samples[0], message: message)
    decided += summary.trapCount == 0 ? summary.actionCount : 0
  }
}
guard decided >= messages.count else {
  fail("only \(decided) actions on \(messages.count) messages")
}
report("a session with one message", us(sessions / Double(messages.count)))

let asking = policy(
  """
  require ["defang", "envelope"];
  on_error :dns "tempfail";
  phase rcpt { rule "asks" { if dnsbl ["z.example", "y.example"] { reject "listed"; } } }
  """)
var waiting = WaitingSessions()
guard waiting.add(200, of: asking) else { fail("the sessions do not wait") }
let before = residentBytes()
let count = 5_000
guard waiting.add(count, of: asking) else { fail("the sessions do not wait") }
report("a suspended session", "\((residentBytes() - before) / count) bytes")
guard waiting.count == count + 200 else { fail("sessions are missing") }

func us(_ nanoseconds: Double) -> String { "\((nanoseconds / 1e3).text(1)) µs" }

/// Resident pages, the second number of statm.
func residentBytes() -> Int {
  let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
  let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
  return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
}
