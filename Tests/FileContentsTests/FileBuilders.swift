// Makes the files that the tests of documents read: compound files and macros.

/// A storage or a stream of a compound file.
struct CompoundNode {
  let name: String
  var content: [UInt8]?
  var children: [CompoundNode] = []

  static func stream(_ name: String, _ content: [UInt8] = [1]) -> CompoundNode {
    CompoundNode(name: name, content: content)
  }

  static func storage(_ name: String, _ children: [CompoundNode]) -> CompoundNode {
    CompoundNode(name: name, children: children)
  }
}

func little16(_ value: Int) -> [UInt8] { [UInt8(value & 255), UInt8(value >> 8 & 255)] }
func little32(_ value: Int) -> [UInt8] { little16(value & 0xFFFF) + little16(value >> 16 & 0xFFFF) }
func wide(_ text: String) -> [UInt8] { text.utf16.flatMap { little16(Int($0)) } }

/// Writes compound files of version 3 (MS-CFB), small streams in small sectors.
struct CompoundBuilder {
  private var sectors: [UInt8] = []
  private var table: [Int] = []
  private var small: [UInt8] = []
  private var smallTable: [Int] = []
  private var entries: [[UInt8]] = []

  private static let none = 0xFFFF_FFFF
  private static let end = 0xFFFF_FFFE

  static func file(_ nodes: [CompoundNode]) -> [UInt8] {
    var builder = CompoundBuilder()
    return builder.build(nodes)
  }

  private mutating func build(_ nodes: [CompoundNode]) -> [UInt8] {
    entries = [[]]
    let child = add(nodes)
    let smallStart = append(small)
    entries[0] = entry("Root Entry", 5, right: Self.none, child, smallStart, small.count)
    let smallTableStart = append(smallTable.flatMap(little32))
    let directory = append(entries.flatMap { $0 })
    let tableSectors = (table.count + 127) / 127
    let first = table.count
    table += Array(repeating: 0xFFFF_FFFD, count: tableSectors)
    var bytes = table.flatMap(little32)
    while bytes.count % 512 != 0 { bytes.append(0xFF) }
    sectors += bytes
    var header: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]
    header += [UInt8](repeating: 0, count: 16) + little16(0x3E) + little16(3) + little16(0xFFFE)
    header += little16(9) + little16(6) + [UInt8](repeating: 0, count: 10)
    header += little32(tableSectors) + little32(directory) + little32(0) + little32(4_096)
    header += little32(smallTable.isEmpty ? Self.end : smallTableStart)
    header += little32(smallTable.isEmpty ? 0 : 1) + little32(Self.end) + little32(0)
    for index in 0..<109 { header += little32(index < tableSectors ? first + index : Self.none) }
    return header + sectors
  }

  /// Siblings are chained to the right.
  private mutating func add(_ nodes: [CompoundNode]) -> Int {
    guard !nodes.isEmpty else { return Self.none }
    let first = entries.count
    entries += Array(repeating: [], count: nodes.count)
    for (offset, node) in nodes.enumerated() {
      let right = offset + 1 < nodes.count ? first + offset + 1 : Self.none
      if let content = node.content {
        let start = content.count < 4_096 ? appendSmall(content) : append(content)
        entries[first + offset] = entry(node.name, 2, right: right, Self.none, start, content.count)
      } else {
        let child = add(node.children)
        entries[first + offset] = entry(node.name, 1, right: right, child, 0, 0)
      }
    }
    return first
  }

  private func entry(
    _ name: String, _ type: UInt8, right: Int, _ child: Int, _ start: Int, _ size: Int
  ) -> [UInt8] {
    var bytes = wide(name)
    let length = bytes.count + 2
    bytes += [UInt8](repeating: 0, count: 64 - bytes.count)
    bytes += little16(length) + [type, 1] + little32(Self.none) + little32(right) + little32(child)
    return bytes + [UInt8](repeating: 0, count: 36) + little32(start) + little32(size) + little32(0)
  }

  private mutating func append(_ content: [UInt8]) -> Int {
    let start = table.count
    let count = max(1, (content.count + 511) / 512)
    for index in 0..<count { table.append(index + 1 < count ? start + index + 1 : Self.end) }
    sectors += content + [UInt8](repeating: 0, count: count * 512 - content.count)
    return start
  }

  private mutating func appendSmall(_ content: [UInt8]) -> Int {
    let start = smallTable.count
    let count = max(1, (content.count + 63) / 64)
    for index in 0..<count { smallTable.append(index + 1 < count ? start + index + 1 : Self.end) }
    small += content + [UInt8](repeating: 0, count: count * 64 - content.count)
    return start
  }
}

/// The containers of MS-OVBA: every token a literal, so it is larger than what it holds.
enum MacroBuilder {
  static func container(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = [1]
    let all = Array(text.utf8)
    for start in stride(from: 0, to: all.count, by: 3_000) {
      var chunk: [UInt8] = []
      let piece = all[start..<min(start + 3_000, all.count)]
      for (index, byte) in piece.enumerated() {
        if index % 8 == 0 { chunk.append(0) }
        chunk.append(byte)
      }
      bytes += little16(0xB000 | chunk.count - 1) + chunk
    }
    return bytes
  }

  static let attribute = "Attribute VB_Name = \"Module1\"\r\n"

  static func project(_ source: String, identifiers: String = "") -> CompoundNode {
    .storage(
      "VBA",
      [
        .stream("dir", [1, 2, 3]), .stream("_VBA_PROJECT", Array(identifiers.utf8) + [0xCC]),
        .stream("Module1", [0x16, 0, 1] + container(attribute + source)),
      ])
  }
}
