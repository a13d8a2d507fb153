// The process that reads archives, and everything that can go wrong with a process.

import FileTypes
import RuleBytecode
import RuleVM
import Testing

@testable import Checks
@testable import FileContents

struct UnpackProcessTests {
  private func answer(_ bytes: [UInt8], name: String? = nil) -> CheckAnswer {
    Unpacker.answer(
      to: CheckRequest(
        id: 1, kind: .unpack, name: "part 1", arguments: ["0"], timeoutMilliseconds: 30_000,
        order: UnpackOrder(bytes: bytes, name: name)))
  }

  /// Locked in, it says what it says in this process.
  @Test(arguments: ["ustar", "7zip", "iso9660", "xar"])
  func sameAsHere(_ format: String) throws {
    let bytes = try LibraryReaderTests.converted(format)
    let here = LibraryReaderTests.report(bytes)
    #expect(here.members.count >= 4)
    #expect(answer(bytes) == .archive(here))
  }

  @Test func names() throws {
    let bytes = try piped("xz", "-c", input: TestArchive.program)
    guard case .archive(let report) = answer(bytes, name: "a b\u{0}\u{301}.exe.xz") else {
      Issue.record("no report")
      return
    }
    #expect(report.members.map(\.names) == [["a b\u{301}.exe"]])
  }

  @Test func noArchive() {
    var empty = ArchiveReport()
    empty.unread = [.unsupported]
    #expect(answer(Array("text".utf8)) == .archive(empty))
    #expect(answer([]) == .archive(empty))
  }

  /// Half a gigabyte of zeros in a few kilobytes, and more of it than may be held.
  @Test func bomb() throws {
    let zeros = [UInt8](repeating: 0, count: 16 << 20)
    let once = try piped("xz", "-c", input: zeros)
    var bytes: [UInt8] = []
    for _ in 0..<32 { bytes += once }
    guard case .archive(let report) = answer(bytes) else {
      Issue.record("no report")
      return
    }
    #expect(!report.limitsHit.isEmpty)
  }

  // MARK: Processes

  private func run(
    _ program: String, _ arguments: [String] = [], input: [UInt8] = [], most: Int = 1_000_000,
    milliseconds: Int = 30_000
  ) -> ChildResult {
    ChildProcess.run(
      program, arguments, input: input, outputBytesMax: most, timeoutMilliseconds: milliseconds)
  }

  @Test func processes() {
    let long = [UInt8](repeating: 0x61, count: 900_000)
    #expect(run("/bin/cat", input: long) == .output(long))
    #expect(run("/bin/cat", input: long, most: 900_000) == .output(long))
    #expect(run("/bin/cat", input: long, most: 899_999) == .tooMuch)
    #expect(run("/bin/true", input: long) == .output([]))
    #expect(run("/nonexistent/program") == .missing)
    #expect(run("/bin/sleep", ["600"], milliseconds: 50) == .timedOut)
    #expect(run("/bin/cat", ["/dev/zero"], most: 1_000) == .tooMuch)
  }

  /// It sees nothing of our environment.
  @Test func child() {
    #expect(run("/usr/bin/env") == .output(Array("LC_ALL=C.UTF-8\n".utf8)))
  }

  @Test func failures() {
    let order = UnpackOrder(bytes: [], name: nil)
    let report = ArchiveReport()
    #expect(Unpacker.answer(.output(report.bytes), order) == .archive(report))
    let results: [(ChildResult, FailureClass)] = [
      (.output([]), .limit), (.output(Array("garbage".utf8)), .limit),
      (.output(report.bytes + [0]), .limit), (.missing, .internal), (.timedOut, .limit),
      (.tooMuch, .limit), (.failed("x"), .internal),
    ]
    for (result, failure) in results {
      guard case .failed(failure, let reason) = Unpacker.answer(result, order) else {
        Issue.record("\(result) is no failure of class \(failure)")
        continue
      }
      #expect(!reason.isEmpty)
    }
  }
}
