// What the fuzzer says in one connection: a right session, damaged in ways that know the format.
// The same seed and number give the same bytes, so what was found can be played again.
import Harness

/// Packets of the protocol, right ones.
enum Packet {
  static func make(_ letter: Character, _ data: [UInt8] = []) -> [UInt8] {
    length(UInt32(data.count + 1)) + [letter.asciiValue ?? 0] + data
  }

  static func make(_ letter: Character, _ text: String) -> [UInt8] {
    make(letter, Array(text.utf8))
  }

  static func length(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * UInt32($0))) }
  }

  static func offer(version: UInt32 = 6, actions: UInt32 = 0x1FF, steps: UInt32 = 0) -> [UInt8] {
    make("O", length(version) + length(actions) + length(steps))
  }

  static let connect = make(
    "C", Array("host.example\0".utf8) + [0x34, 0x30, 0x39] + Array("192.0.2.1\0".utf8))
}

public struct FuzzInput {
  /// What is written at once, piece by piece.
  public let pieces: [[UInt8]]

  private static let letters = Array("OCHMRTLNBEDAKQUcXZ\0\u{1}")
  private static let oddLengths: [UInt32] = [
    0, 1, 2, 5, 65_535, 65_536, 1_048_576, 1_048_577, 1_048_578, 0x7FFF_FFFF, 0x8000_0000,
    0xFFFF_FFFF,
  ]

  /// - Parameter number: of the connection.
  public init(seed: UInt64, number: Int) {
    var random = SplitMix64(seed: seed &+ UInt64(number) &* 0xD134_2543_DE82_EF95)
    var packets = Self.session(&random)
    for _ in 0..<random.below(6) { Self.damage(&packets, &random) }
    pieces = Self.cut(packets.flatMap { $0 }, &random)
  }

  // MARK: A right session

  private static func session(_ random: inout SplitMix64) -> [[UInt8]] {
    let steps: [UInt32] = [0, 0, 0x1F_FFFF, 0x1F_FFFF, UInt32(truncatingIfNeeded: random.next())]
    let version: UInt32 = random.below(4) == 0 ? UInt32(random.below(8)) : 6
    var packets = [
      Packet.offer(version: version, steps: steps[random.below(steps.count)]), Packet.connect,
      Packet.make("H", "client.example\0"),
    ]
    for number in 0..<1 + random.below(3) {
      packets += message(number, &random)
      switch random.below(6) {
      case 0: packets.append(Packet.make("A"))
      case 1: packets += [Packet.make("K"), Packet.connect, Packet.make("H", "again\0")]
      default: break
      }
    }
    if random.below(2) == 0 { packets.append(Packet.make("Q")) }
    return packets
  }

  private static func message(_ number: Int, _ random: inout SplitMix64) -> [[UInt8]] {
    var packets = [
      Packet.make("D", "Mi\0F\(number)\0{auth_authen}\0fuzz\0"),
      Packet.make("M", "<fuzz@example.com>\0SIZE=1000\0"),
    ]
    for _ in 0..<1 + random.below(3) { packets.append(Packet.make("R", "<bob@example.org>\0")) }
    packets.append(Packet.make("T"))
    for _ in 0..<random.below(5) {
      packets.append(Packet.make("L", "Subject\0 fuzz \(random.below(100))\0"))
    }
    packets.append(Packet.make("L", "Content-Type\0 multipart/mixed; boundary=b\0"))
    packets.append(Packet.make("N"))
    for _ in 0..<random.below(4) {
      packets.append(Packet.make("B", "--b\r\n\r\ntext\r\n--b--\r\n" + noise(&random)))
    }
    return packets + [Packet.make("D", "Ei\0F\(number)\0"), Packet.make("E")]
  }

  private static func noise(_ random: inout SplitMix64) -> String {
    String(repeating: "x\r\n", count: random.below(50))
  }

  // MARK: Damage

  private static func damage(_ packets: inout [[UInt8]], _ random: inout SplitMix64) {
    guard !packets.isEmpty else { return packets.append(bytes(20, &random)) }
    let at = random.below(packets.count)
    switch random.below(12) {
    case 0: packets.remove(at: at)
    case 1: packets.insert(packets[at], at: random.below(packets.count))
    case 2: packets.swapAt(at, random.below(packets.count))
    case 3: packets.shuffle(using: &random)
    case 4: packets.insert(any(&random), at: at)
    case 5: packets[at].removeLast(random.below(packets[at].count))
    case 6: packets[at] += bytes(random.below(30), &random)
    case 7:
      let value = oddLengths[random.below(oddLengths.count)]
      packets[at].replaceSubrange(0..<min(4, packets[at].count), with: Packet.length(value))
    case 8: flip(&packets[at], &random)
    case 9: packets.insert(large(&random), at: at)
    case 10: packets[at] = packets[at].filter { $0 != 0 }
    default: packets.removeLast(random.below(packets.count))
    }
  }

  private static func flip(_ packet: inout [UInt8], _ random: inout SplitMix64) {
    guard !packet.isEmpty else { return }
    for _ in 0..<1 + random.below(4) { packet[random.below(packet.count)] = random.byte() }
  }

  /// Of any kind, with any data.
  private static func any(_ random: inout SplitMix64) -> [UInt8] {
    Packet.make(letters[random.below(letters.count)], bytes(random.below(200), &random))
  }

  /// Much of one kind: arguments, macros, fields, or one packet up to and beyond the limit.
  private static func large(_ random: inout SplitMix64) -> [UInt8] {
    switch random.below(5) {
    case 0: Packet.make("R", String(repeating: "<a@b>\0", count: 100 + random.below(100)))
    case 1: Packet.make("D", "M" + String(repeating: "{x}\0y\0", count: 1 + random.below(20_000)))
    case 2: Packet.make("L", "X\0" + String(repeating: "v", count: random.below(300_000)) + "\0")
    case 3: Packet.make("B", [UInt8](repeating: 0x41, count: 1_048_560 + random.below(40)))
    default:
      [[UInt8]](repeating: Packet.make("L", "A\0b\0"), count: random.below(3_000)).flatMap { $0 }
    }
  }

  private static func bytes(_ count: Int, _ random: inout SplitMix64) -> [UInt8] {
    (0..<count).map { _ in random.byte() }
  }

  /// The stream is cut anywhere; sometimes it ends too early.
  private static func cut(_ bytes: [UInt8], _ random: inout SplitMix64) -> [[UInt8]] {
    let end = random.below(8) == 0 ? random.below(bytes.count) : bytes.count
    let places = (0..<random.below(6)).map { _ in random.below(end) }.sorted()
    let bounds = [0] + places + [end]
    return zip(bounds, bounds.dropFirst()).map { Array(bytes[$0..<$1]) }
  }
}
