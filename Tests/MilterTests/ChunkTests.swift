// Wherever a body is cut into packets, its message is the same: every odd message comes in pieces
// of several sizes, and must be the bytes that it is in one piece. What is decided about the same
// bytes is the same.

import Foundation
import MilterBridge
import MilterWire
import NIOCore
import Testing

@Suite struct ChunkTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "OddMail")

  private static let files: [URL] = ["evasive", "valid"].flatMap { name in
    let all = try? FileManager.default.contentsOfDirectory(
      at: folder.appending(path: name), includingPropertiesForKeys: nil)
    return (all ?? []).filter { $0.pathExtension == "eml" }
  }

  private static func split(_ bytes: [UInt8]) -> (header: [UInt8], body: [UInt8]) {
    for index in bytes.indices.dropLast(3) where bytes[index..<index + 4] == [13, 10, 13, 10] {
      return (Array(bytes[..<(index + 2)]), Array(bytes[(index + 4)...]))
    }
    return ([], bytes)
  }

  private static func pieces(_ body: [UInt8], of size: Int) -> [UInt8] {
    var packets: [UInt8] = []
    packets.reserveCapacity(body.count + body.count / size * 5 + 5)
    var start = 0
    while start < body.count {
      let end = min(start + size, body.count)
      packets += packet("B", Array(body[start..<end]))
      start = end
    }
    return packets
  }

  @Test func thereAreEnough() { #expect(Self.files.count >= 400) }

  @Test(arguments: [1, 7, 4_096, 65_535]) func whereverABodyIsCut(_ size: Int) throws {
    let bench = try Bench(steps: 0x1F_FFFF)
    try bench.begin()
    for file in Self.files {
      let body = Self.split(Array(try Data(contentsOf: file))).body
      try bench.feed(
        packet("M", "<a@b>\0") + packet("R", "<c@d>\0") + packet("T") + packet("L", "A\0 b\0")
          + packet("N") + Self.pieces(body, of: size) + packet("E"))
      let message = try #require(bench.policy.takeMessage())
      #expect(message.bytes.dropFirst("A: b\r\n\r\n".utf8.count).elementsEqual(body), "\(file)")
      #expect(!message.isTruncated)
    }
  }
}
