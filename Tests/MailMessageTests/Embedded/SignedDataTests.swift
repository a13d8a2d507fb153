// Opaque signatures: what stands inside of them is a part, however its lengths are written.

import Testing

@testable import MailMessage

/// Builds BER by hand.
private enum BER {
  static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
    let count = content.count
    if count < 128 { return [tag, UInt8(count)] + content }
    return [tag, 0x82, UInt8(count >> 8), UInt8(count & 255)] + content
  }

  /// With an end mark in place of a length.
  static func open(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] { [tag, 0x80] + content + [0, 0] }

  static let data: [UInt8] = [6, 9, 42, 134, 72, 134, 247, 13, 1, 7, 1]
  static let signed: [UInt8] = [6, 9, 42, 134, 72, 134, 247, 13, 1, 7, 2]
  static let version: [UInt8] = [2, 1, 1]
  static let algorithms = element(0x31, element(0x30, [6, 5, 43, 14, 3, 2, 26]))

  /// A signature over what `octets` holds, an element of its own.
  static func signature(
    _ octets: [UInt8], algorithms: [UInt8] = algorithms,
    _ wrap: (UInt8, [UInt8]) -> [UInt8] = element
  ) -> [UInt8] {
    let box = wrap(0x30, data + wrap(0xA0, octets))
    return wrap(0x30, signed + wrap(0xA0, wrap(0x30, version + algorithms + box)))
  }
}

@Suite struct SignedDataTests {
  private static let entity = Array("Content-Type: text/x-inner\r\n\r\nHello, signed\r\n".utf8)
  private static let half = entity.count / 2
  private static let pieces =
    BER.element(0x04, Array(entity[..<half])) + BER.element(0x04, Array(entity[half...]))

  private static func read(_ bytes: [UInt8], bytesMax: Int) -> SignedDataReader.Content? {
    SignedDataReader.read(bytes.span, bytesMax: bytesMax)
  }

  @Test(arguments: [
    BER.signature(BER.element(0x04, entity)),
    BER.signature(BER.open(0x24, pieces), BER.open),
    BER.signature(BER.element(0x24, pieces)),
    BER.signature(BER.open(0x24, BER.open(0x24, pieces)), BER.open),
    BER.signature(BER.element(0x24, BER.element(0x24, pieces))),
    // Parameters of an algorithm that hold an end mark of their own.
    BER.signature(
      BER.element(0x04, entity), algorithms: BER.open(0x31, BER.open(0x30, [5, 0])), BER.open),
  ])
  func content(_ signature: [UInt8]) throws {
    let content = try #require(Self.read(signature, bytesMax: 1_000))
    #expect(content.bytes == Self.entity)
    #expect(!content.isCut && !content.isDamaged)
  }

  @Test func atTheLimit() throws {
    for signature in [
      BER.signature(BER.element(0x04, Self.entity)), BER.signature(BER.element(0x24, Self.pieces)),
    ] {
      let whole = try #require(Self.read(signature, bytesMax: Self.entity.count))
      #expect(whole.bytes == Self.entity && !whole.isCut)
      let cut = try #require(Self.read(signature, bytesMax: Self.entity.count - 1))
      #expect(cut.bytes == Self.entity.dropLast() && cut.isCut)
    }
  }

  /// Whatever is missing at the end, what is there is read, and it is said that more was announced.
  @Test func cutAnywhere() {
    for signature in [
      BER.signature(BER.element(0x04, Self.entity)),
      BER.signature(BER.open(0x24, Self.pieces), BER.open),
    ] {
      for count in 0..<signature.count {
        let start = Array(signature[..<count])
        guard let content = Self.read(start, bytesMax: 1_000) else { continue }
        #expect(Self.entity.starts(with: content.bytes))
        #expect(content.isDamaged || content.bytes == Self.entity)
      }
    }
  }

  @Test(arguments: [
    // Certificates alone, an envelope, a length beyond everything, no content.
    BER.element(
      0x30,
      BER.signed
        + BER.element(
          0xA0, BER.element(0x30, BER.version + BER.algorithms + BER.element(0x30, BER.data)))),
    BER.element(0x30, [6, 9, 42, 134, 72, 134, 247, 13, 1, 7, 3] + BER.element(0xA0, [0x30, 0])),
    [0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF] + BER.signed
      + [0xA0, 0x80, 0x30, 0x80, 2, 0x88, 255, 255, 255, 255, 255, 255, 255, 255],
    [],
  ])
  func nothing(_ bytes: [UInt8]) {
    #expect(Self.read(bytes, bytesMax: 1_000).map(\.bytes) == nil)
  }

  /// In a mail: the inner part is there, and what changes it changes the signature.
  @Test func inMail() throws {
    let signature = BER.signature(BER.element(0x04, Self.entity))
    let mail =
      Array(
        "Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\r\n"
          .utf8) + Array("Content-Transfer-Encoding: binary\r\n\r\n".utf8) + signature
    let message = MailMessage(mail)
    #expect(message.parts.map(\.path) == ["1", "1.1"])
    let inner = try #require(message.parts.last)
    #expect(inner.contentType.name == "text/x-inner" && inner.target == 0 && !inner.isInMessage)
    #expect(message.content(of: 1) == "Hello, signed|")
  }
}
