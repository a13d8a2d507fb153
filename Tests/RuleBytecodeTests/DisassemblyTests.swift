// The sample as text, held against a recorded one. DEFANG_RECORD=1 writes it anew and fails that
// run, so that nobody records by habit.

import Foundation
import Testing

@testable import RuleBytecode

struct DisassemblyTests {
  private static let golden = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Goldens/sample.txt")

  @Test func sampleIsAsRecorded() throws {
    let text = Disassembly(try VerifiedProgram(image: SampleProgram.program.image())).text
    if ProcessInfo.processInfo.environment["DEFANG_RECORD"] != nil {
      try Data(text.utf8).write(to: Self.golden, options: .atomic)
      Issue.record("Goldens/sample.txt was recorded: review it, then run without DEFANG_RECORD")
      return
    }
    let recorded = try String(contentsOf: Self.golden, encoding: .utf8)
    let old = recorded.split(separator: "\n", omittingEmptySubsequences: false)
    let new = text.split(separator: "\n", omittingEmptySubsequences: false)
    let line = zip(old, new).prefix { $0 == $1 }.count
    #expect(old == new, "first difference in line \(line + 1)")
  }

  @Test func everyInstructionIsNamed() throws {
    let text = Disassembly(try VerifiedProgram(SampleProgram.program)).text
    for opcode in Opcode.allCases { #expect(text.contains(opcode.shape.name)) }
  }
}
