// The reader of answers: messages written by hand, right ones and each kind of wrong one, then
// mutated ones, which must end and never be taken for more than they say.
import RuleBytecode
import Testing

@testable import Resolver

/// Writes messages.
struct Wire {
  var bytes: [UInt8] = []

  static func word(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 0xff), UInt8(value & 0xff)] }

  static func long(_ value: Int) -> [UInt8] { word(value >> 16) + word(value) }

  static func name(_ text: String) -> [UInt8] {
    text.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
  }

  static func record(
    _ owner: [UInt8], _ type: Int, _ data: [UInt8], ttl: Int = 60, group: Int = 1
  ) -> [UInt8] {
    owner + word(type) + word(group) + long(ttl) + word(data.count) + data
  }

  /// The name of the question, by a pointer.
  static let asked: [UInt8] = [0xc0, 12]

  static let soa = record(
    name("example"), 6, name("ns.example") + name("root.example") + [1, 2, 3, 4, 30].flatMap(long),
    ttl: 90)

  static func message(
    flags: Int = 0x8180, asked: String = "a.example", type: Int = 1, group: Int = 1,
    answers: [[UInt8]] = [], authorities: [[UInt8]] = [], additional: [[UInt8]] = []
  ) -> [UInt8] {
    word(77) + word(flags) + word(1) + word(answers.count) + word(authorities.count)
      + word(additional.count) + name(asked) + word(type) + word(group)
      + (answers + authorities + additional).joined()
  }
}

struct MessageCase: Sendable, CustomTestStringConvertible {
  let name: String
  var type = DNSType.a
  let bytes: [UInt8]
  let answer: DNSAnswer

  var testDescription: String { name }
}

struct MessageTests {
  private static func target(_ text: String) -> DNSTarget {
    (try? DNSName(text)).map(DNSTarget.name) ?? .unusable
  }

  private static func address(_ bytes: [UInt8]) -> DNSRecord {
    .address(IPAddress(bytes: [UInt8](repeating: 0, count: 10) + [255, 255] + bytes))
  }

  private static func chain(_ count: Int) -> [[UInt8]] {
    (0..<count).map {
      Wire.record(
        $0 == 0 ? Wire.asked : Wire.name("c\($0).example"), 5, Wire.name("c\($0 + 1).example"))
    } + [Wire.record(Wire.name("c\(count).example"), 1, [192, 0, 2, 1])]
  }

  static let right: [MessageCase] = [
    MessageCase(
      name: "two addresses, the smaller time",
      bytes: Wire.message(answers: [
        Wire.record(Wire.asked, 1, [192, 0, 2, 1], ttl: 60),
        Wire.record(Wire.name("A.EXAMPLE"), 1, [192, 0, 2, 2], ttl: 40),
      ]),
      answer: .records([address([192, 0, 2, 1]), address([192, 0, 2, 2])], ttlSeconds: 40)),
    MessageCase(
      name: "the topmost bit of a time",
      bytes: Wire.message(answers: [Wire.record(Wire.asked, 1, [1, 2, 3, 4], ttl: 0x8000_0001)]),
      answer: .records([address([1, 2, 3, 4])], ttlSeconds: 0)),
    MessageCase(
      name: "others' records beside", type: .mx,
      bytes: Wire.message(
        type: 15,
        answers: [
          Wire.record(Wire.name("b.example"), 15, Wire.word(1) + Wire.name("bad.example")),
          Wire.record(Wire.asked, 15, Wire.word(10) + [2] + Array("mx".utf8) + [0xc0, 14]),
          Wire.record(Wire.asked, 46, [1, 2, 3]),
          Wire.record(Wire.asked, 15, Wire.word(5) + Wire.name("chaos.example"), group: 3),
        ]),
      answer: .records(
        [.mailExchange(preference: 10, host: target("mx.example"))], ttlSeconds: 60)),
    MessageCase(
      name: "null MX", type: .mx,
      bytes: Wire.message(type: 15, answers: [Wire.record(Wire.asked, 15, [0, 0, 0])]),
      answer: .records([.mailExchange(preference: 0, host: .root)], ttlSeconds: 60)),
    MessageCase(
      name: "a host that cannot be one", type: .ptr,
      bytes: Wire.message(
        type: 12, answers: [Wire.record(Wire.asked, 12, [3] + Array("a b".utf8) + [0])]),
      answer: .records([.pointer(.unusable)], ttlSeconds: 60)),
    MessageCase(
      name: "strings with their boundaries", type: .txt,
      bytes: Wire.message(
        type: 16, answers: [Wire.record(Wire.asked, 16, [2, 118, 61, 0, 1, 0xff])]),
      answer: .records([.text([[118, 61], [], [0xff]])], ttlSeconds: 60)),
    MessageCase(
      name: "an alias lasts shorter",
      bytes: Wire.message(answers: [
        Wire.record(Wire.name("b.example"), 1, [192, 0, 2, 9], ttl: 500),
        Wire.record(Wire.asked, 5, Wire.name("b.example"), ttl: 7),
      ]),
      answer: .records([address([192, 0, 2, 9])], ttlSeconds: 7)),
    MessageCase(
      name: "as many aliases as are followed", bytes: Wire.message(answers: chain(12)),
      answer: .records([address([192, 0, 2, 1])], ttlSeconds: 60)),
    MessageCase(
      name: "no such name", bytes: Wire.message(flags: 0x8183, authorities: [Wire.soa]),
      answer: .none(.noName, ttlSeconds: 30)),
    MessageCase(
      name: "no such records", bytes: Wire.message(authorities: [Wire.soa]),
      answer: .none(.noRecords, ttlSeconds: 30)),
    MessageCase(
      name: "nothing said", bytes: Wire.message(), answer: .none(.noRecords, ttlSeconds: nil)),
    MessageCase(
      name: "an alias to nothing",
      bytes: Wire.message(
        flags: 0x8183, answers: [Wire.record(Wire.asked, 5, Wire.name("b.example"), ttl: 9)],
        authorities: [Wire.soa]),
      answer: .none(.noName, ttlSeconds: 9)),
  ]

  private static let refused: [(String, [UInt8], DNSFailure)] = [
    ("empty", [], .garbage), ("header cut", [0, 1, 0x81], .garbage),
    ("a question", Wire.message(flags: 0x0100), .garbage),
    ("server failure", Wire.message(flags: 0x8182), .serverFailure),
    ("refused", Wire.message(flags: 0x8185), .refused),
    ("another code", Wire.message(flags: 0x8189), .code(9)),
    (
      "an extended code",
      Wire.message(additional: [Wire.record([0], 41, [], ttl: 0x0100_0000, group: 1_232)]),
      .code(16)
    ),
    ("cut off", Wire.message(flags: 0x8380), .truncated),
    ("another name", Wire.message(asked: "b.example"), .garbage),
    ("another type", Wire.message(type: 28), .garbage),
    ("another class", Wire.message(group: 3), .garbage),
    (
      "fewer records than said",
      Array(Wire.message()[..<6]) + [0, 1] as [UInt8] + Array(Wire.message()[8...]), .garbage
    ),
    (
      "data past the end",
      Array(Wire.message(answers: [Wire.record(Wire.asked, 1, [1, 2, 3, 4])]).dropLast()), .garbage
    ),
    (
      "three bytes of address", Wire.message(answers: [Wire.record(Wire.asked, 1, [1, 2, 3])]),
      .garbage
    ),
    (
      "no such name, but records",
      Wire.message(flags: 0x8183, answers: [Wire.record(Wire.asked, 1, [1, 2, 3, 4])]), .garbage
    ),
    (
      "a pointer to itself",
      Wire.message(answers: [Wire.record([0xc0, 27], 1, [1, 2, 3, 4])]), .garbage
    ),
    (
      "a circle of pointer and label",
      Wire.message(answers: [Wire.record([1, 97, 0xc0, 27], 1, [1, 2, 3, 4])]), .garbage
    ),
    (
      "an unknown kind of label",
      Wire.message(answers: [Wire.record([0x80, 1], 1, [1, 2, 3, 4])]), .garbage
    ),
    (
      "a circle of aliases",
      Wire.message(answers: [
        Wire.record(Wire.asked, 5, Wire.name("b.example")),
        Wire.record(Wire.name("b.example"), 5, Wire.name("a.example")),
      ]), .aliasLoop
    ),
    ("one alias more than are followed", Wire.message(answers: chain(13)), .aliasLoop),
    (
      "an alias to the root", Wire.message(answers: [Wire.record(Wire.asked, 5, [0])]), .garbage
    ),
    (
      "a referral",
      Wire.message(
        flags: 0x8100,
        authorities: [Wire.record(Wire.name("example"), 2, Wire.name("ns.example"))]),
      .notRecursive
    ),
    (
      "one record more than are read",
      Wire.message(
        answers: Array(repeating: Wire.record(Wire.asked, 1, [1, 2, 3, 4]), count: 513)), .tooLarge
    ),
    ("more bytes than are read", Wire.message() + [UInt8](repeating: 0, count: 32_768), .tooLarge),
  ]

  static let wrong: [MessageCase] =
    refused.map { MessageCase(name: $0.0, bytes: $0.1, answer: .failed($0.2)) } + [
      MessageCase(
        name: "a string past the end", type: .txt,
        bytes: Wire.message(type: 16, answers: [Wire.record(Wire.asked, 16, [5, 65])]),
        answer: .failed(.garbage)),
      MessageCase(
        name: "bytes behind a host", type: .mx,
        bytes: Wire.message(type: 15, answers: [Wire.record(Wire.asked, 15, [0, 1, 0, 0])]),
        answer: .failed(.garbage)),
    ]

  @Test(arguments: right + wrong) func reads(_ test: MessageCase) throws {
    let asked = try question("a.example", test.type)
    #expect(
      DNSMessageReader.answer(in: test.bytes, to: asked, limits: DNSAnswerLimits()) == test.answer)
  }

  @Test func readsAsManyRecordsAsItMay() throws {
    let records = Array(repeating: Wire.record(Wire.asked, 1, [1, 2, 3, 4]), count: 512)
    let answer = DNSMessageReader.answer(
      in: Wire.message(answers: records), to: try question("a.example"), limits: DNSAnswerLimits())
    #expect(answer.records.count == 512)
  }

  /// A name of 255 octets is one; of 256 it is none.
  @Test(arguments: [(61, true), (62, false)]) func namesHaveALimit(_ last: Int, _ fits: Bool) throws
  {
    var labels: [UInt8] = []
    for count in [63, 63, 63, last] {
      labels.append(UInt8(count))
      labels += [UInt8](repeating: 97, count: count)
    }
    let bytes = Wire.message(
      type: 12, answers: [Wire.record(Wire.asked, 12, labels + [0])])
    let answer = DNSMessageReader.answer(
      in: bytes, to: try question("a.example", .ptr), limits: DNSAnswerLimits())
    #expect((answer.failure == nil) == fits)
  }

  /// Every cut and 20,000 changed messages: they end, and what is read is within the bounds.
  @Test func mutatedMessagesAreHarmless() throws {
    var random = Numbers(seed: 11)
    let limits = DNSAnswerLimits()
    for test in Self.right {
      let asked = try question("a.example", test.type)
      for cut in 0..<test.bytes.count {
        let answer = DNSMessageReader.answer(
          in: Array(test.bytes[..<cut]), to: asked, limits: limits)
        #expect(answer == .failed(.garbage))
      }
      for _ in 0..<2_000 {
        var bytes = test.bytes
        for _ in 0...random.next(3) { bytes[random.next(bytes.count)] = UInt8(random.next(256)) }
        let answer = DNSMessageReader.answer(in: bytes, to: asked, limits: limits)
        #expect(answer.records.count <= 2)
      }
    }
  }
}
