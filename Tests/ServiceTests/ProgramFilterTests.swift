// Programs that a part's content goes through: what each end means, and that none outlives its
// time.

import Foundation
import RuleVM
import Testing

@testable import Service

@Suite struct ProgramFilterTests {
  private static func run(
    _ script: String, content: String = "hello", seconds: Int = 20, bytesMax: Int = 1 << 20
  ) -> ErrandResult {
    ProgramFilter.run(
      FilterErrand(
        program: "p", words: ["/bin/sh", "-c", script], timeoutSeconds: seconds,
        content: Array(content.utf8)),
      limits: ProgramFilterLimits(outputBytesMax: bytesMax))
  }

  @Test(arguments: [
    ("tr a-z A-Z", ErrandResult.content(Array("HELLO".utf8))),
    // Nothing at all is what it made of it.
    ("exec cat > /dev/null", .content([])),
    // It need not read what it gets.
    ("echo new", .content(Array("new\n".utf8))),
    ("cat; exit 1", .done),
    // Words, no shell: what is in the content is data.
    ("cat; echo \"$PATH$HOME\" | grep -c /root; exit 0", .content(Array("hello0\n".utf8))),
  ])
  func eachEndHasItsMeaning(script: String, result: ErrandResult) {
    #expect(Self.run(script) == result)
  }

  @Test(arguments: ["exit 2", "kill -9 $$", "cat; exit 255"])
  func anyOtherEndIsAFailure(script: String) {
    guard case .failed = Self.run(script) else {
      Issue.record("\(script) did not fail")
      return
    }
  }

  @Test func largeContentPasses() {
    let content = String(repeating: "0123456789abcdef", count: 40_000)
    #expect(Self.run("cat", content: content) == .content(Array(content.utf8)))
  }

  @Test(arguments: [(1_000, true), (1_001, false)])
  func outputIsBounded(count: Int, isTaken: Bool) {
    let result = Self.run("head -c \(count) /dev/zero", bytesMax: 1_000)
    if isTaken {
      #expect(result == .content([UInt8](repeating: 0, count: count)))
    } else if case .failed = result {
    } else {
      Issue.record("\(result)")
    }
  }

  /// Its children hold its output open: they end with it.
  @Test func theWholeGroupEndsWithItsTime() throws {
    let mark = "defang-test-\(UUID().uuidString)"
    let result = Self.run("sh -c 'sleep 300; echo \(mark)' & sleep 300", seconds: 1)
    #expect(result == .failed(reason: "not done after 1 s"))
    // They are told at once, and go when the system comes to it.
    for _ in 0..<6_000 where try Self.isRunning(mark) { Thread.sleep(forTimeInterval: 0.01) }
    #expect(try !Self.isRunning(mark))
  }

  /// Whether the command line of some process holds this text.
  private static func isRunning(_ mark: String) throws -> Bool {
    try FileManager.default.contentsOfDirectory(atPath: "/proc").contains { number in
      let words = try? String(contentsOfFile: "/proc/\(number)/cmdline", encoding: .utf8)
      return Int(number) != nil && words?.contains(mark) == true
    }
  }

  @Test func aProgramThatIsNotThere() {
    let errand = FilterErrand(
      program: "p", words: ["/nowhere/program"], timeoutSeconds: 5, content: [])
    guard case .failed = ProgramFilter.run(errand) else {
      Issue.record("it ran")
      return
    }
  }
}
