// Images: what is written is read again, and what was damaged is refused.

import Testing

@testable import RuleBytecode

struct ImageTests {
  private static let image = SampleProgram.program.image()

  @Test func sampleHasEverything() {
    let used = Set(SampleProgram.program.code.map(\.opcode))
    #expect(Opcode.allCases.filter { !used.contains($0) } == [])
    for section in Section.allCases {
      let count = Self.image.u32(at: [UInt8].tableEntry(section) + 4)
      #expect(count > 0, "\(section.name) is empty in the sample")
    }
  }

  @Test func roundTrip() throws {
    let verified = try VerifiedProgram(image: Self.image)
    #expect(verified.program == SampleProgram.program)
    #expect(verified.digest == Array(Self.image.suffix(32)))
    #expect(verified.program.image() == Self.image)
  }

  @Test func emptyProgramIsAnImage() throws {
    let verified = try VerifiedProgram(image: Program().image())
    #expect(verified.program == Program())
  }

  @Test func everyTruncationIsRefused() {
    for count in 0..<Self.image.count {
      let cut = Array(Self.image.prefix(count))
      #expect(throws: Flaw.self, "\(count) bytes") { try VerifiedProgram(image: cut) }
      guard count >= ImageFormat.digestBytes else { continue }
      #expect(throws: Flaw.self, "\(count) bytes, mended") {
        try VerifiedProgram(image: cut.mended)
      }
    }
  }

  @Test func everyChangedByteIsRefused() {
    for index in Self.image.indices {
      var changed = Self.image
      changed[index] ^= 0x41
      #expect(throws: Flaw.self, "byte \(index)") { try VerifiedProgram(image: changed) }
    }
  }

  /// With the digest mended a change is refused too, or it is another program and whole: then
  /// writing that program gives the changed image again, so no byte is without meaning.
  @Test(arguments: [0x01, 0x80, 0xFF] as [UInt8])
  func everyChangedByteWithMendedDigest(mask: UInt8) throws {
    var refusedCount = 0
    for index in 0..<(Self.image.count - ImageFormat.digestBytes) {
      var changed = Self.image
      changed[index] ^= mask
      changed = changed.mended
      guard let verified = try? VerifiedProgram(image: changed) else {
        refusedCount += 1
        continue
      }
      #expect(verified.program != SampleProgram.program, "byte \(index) means nothing")
      #expect(verified.program.image() == changed, "byte \(index)")
    }
    #expect(refusedCount > Self.image.count / 3)
  }

  @Test func bytesBehindTheImageAreRefused() {
    #expect(throws: Flaw.self) { try VerifiedProgram(image: Self.image + [0]) }
  }
}
