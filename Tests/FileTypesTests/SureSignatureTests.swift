// The signatures beside libmagic: the same name for each sample, and nothing sure where the first
// bytes only look like a signature.

import FileTypes
import Testing

@Suite struct SureSignatureTests {
  @Test(arguments: SampleLists.named)
  func sayTheSameAsLibmagic(_ sample: Sample) throws {
    var detector = FileTypeDetector()
    let answer = try #require(sure(sample.bytes))
    let magic = try detector.magicMIMEType(of: sample.bytes.span)
    #expect(answer.mimeType == magic)
    #expect(answer.kind == FileKind.kind(ofMIMEType: magic))
  }

  @Test(arguments: SampleLists.named.filter { $0.bytes.count > 40 })
  func stillSayTheSameWithRandomContentAfterTheHeader(_ sample: Sample) throws {
    guard !SampleLists.isText(sample) else { return }
    var detector = FileTypeDetector()
    var random = SystemLike(seed: UInt64(sample.bytes.count))
    for _ in 0..<8 {
      let bytes = sample.bytes + (0..<700).map { _ in UInt8.random(in: 0...255, using: &random) }
      let answer = try #require(sure(bytes))
      let magic = try detector.magicMIMEType(of: bytes.span)
      #expect(answer.mimeType == magic)
    }
  }

  @Test(arguments: SampleLists.kindOnly)
  func knowTheKindWhereLibmagicHasNoName(_ sample: Sample, _ kind: FileKind) throws {
    let answer = try #require(sure(sample.bytes))
    #expect(answer.mimeType == nil)
    #expect(answer.kind == kind)
  }

  @Test(arguments: SampleLists.open)
  func leaveOpen(_ sample: Sample) {
    #expect(sure(sample.bytes) == nil)
  }

  @Test(arguments: SampleLists.named)
  func surviveTruncationAnywhere(_ sample: Sample) {
    for count in 0..<min(sample.bytes.count, 200) {
      // A shorter file may be undecided; it is never decided as something else.
      if let cut = sure(Array(sample.bytes[..<count])), let whole = sure(sample.bytes) {
        #expect(cut.kind == whole.kind, "cut at \(count)")
      }
    }
  }

  @Test func tarIsNotDecidedByTheNameOfItsFirstMember() throws {
    var bytes = ascii("GIF89a") + zeros(1018)
    bytes.replaceSubrange(257..<263, with: ascii("ustar\0"))
    for index in 148..<156 { bytes[index] = 0x20 }
    let sum = bytes[..<512].reduce(0) { $0 + Int($1) }
    let digits = String(sum, radix: 8)
    bytes.replaceSubrange(148..<148 + digits.utf8.count, with: ascii(digits))
    bytes[148 + digits.utf8.count] = 0
    #expect(sure(bytes) == nil)
    var detector = FileTypeDetector()
    #expect(try detector.kind(of: bytes.span) == .archive)
  }
}

/// SplitMix64: the same numbers on each run.
struct SystemLike: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
