// The door to zlib: what goes in is bounded, and what comes out.
import Testing

@testable import FileContents

struct InflateTests {
  private let content = Array("some content, content, content".utf8)

  @Test func whole() {
    let packed = Deflate.bytes(content)
    let result = inflated((packed + [1, 2, 3]), .bare, 1_000)
    #expect(result == Inflated(bytes: content, consumed: packed.count, end: .whole))
  }

  @Test func large() {
    let zeros = [UInt8](repeating: 0, count: 1_000_000)
    let packed = Deflate.bytes(zeros)
    #expect(inflated(packed, .bare, 1_000_000).bytes == zeros)
    #expect(inflated(packed, .bare, 999_999).end == .outputLimit)
    #expect(inflated(packed, .bare, 1_000_000).end == .whole)
  }

  @Test func gzip() {
    let packed = Deflate.gzip(content, name: "a")
    #expect(inflated(packed, .gzip, 1_000).bytes == content)
  }

  @Test func cutEverywhere() {
    let packed = Deflate.bytes(content)
    for count in packed.indices {
      let result = inflated(packed.prefix(count), .bare, 99)
      #expect(result.end == .cut)
      #expect(content.starts(with: result.bytes))
    }
  }

  @Test func nothing() {
    let none: [UInt8] = []
    #expect(inflated(none, .bare, 10).end == .cut)
    #expect(inflated([0xFF, 0xFF], .bare, 10).end == .damaged)
    #expect(inflated(Deflate.bytes([]), .bare, 0).end == .whole)
    #expect(inflated(Deflate.bytes([1]), .bare, 0).end == .outputLimit)
  }

  @Test func checksum() {
    #expect(checksumOf(Array("123456789".utf8)) == 0xCBF4_3926)
    #expect(CRC32.of(Array("123456789".utf8)) == 0xCBF4_3926)
    #expect(checksumOf([UInt8]()) == 0)
  }
}
