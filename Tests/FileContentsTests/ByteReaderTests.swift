// Numbers at offsets, also where the bytes end.
import Testing

@testable import FileContents

struct ByteReaderTests {
  private let bytes: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 0x88]

  @Test func numbers() {
    #expect(ByteReader.little16(bytes.span, at: 0) == 0x0201)
    #expect(ByteReader.little32(bytes.span, at: 1) == 0x0504_0302)
    #expect(ByteReader.little64(bytes.span, at: 0) == 0x8807_0605_0403_0201)
    #expect(ByteReader.big16(bytes.span, at: 6) == 0x0788)
    #expect(ByteReader.big32(bytes.span, at: 4) == 0x0506_0788)
  }

  @Test func ends() {
    #expect(ByteReader.byte(bytes.span, at: 8) == nil)
    #expect(ByteReader.byte(bytes.span, at: -1) == nil)
    #expect(ByteReader.little16(bytes.span, at: 7) == nil)
    #expect(ByteReader.little32(bytes.span, at: 5) == nil)
    #expect(ByteReader.little64(bytes.span, at: 1) == nil)
    #expect(ByteReader.big32(bytes.span, at: -2) == nil)
  }
}
