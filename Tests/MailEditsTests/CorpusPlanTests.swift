// Random plans over all messages that the tests have: what is not named stays byte by byte, and the
// result, read again, has the parts that the plan says. The expectation is worked out from the
// parts, not from the ranges that are written.

import Foundation
import MailEdits
import MailMessage
import Testing

/// One message of the test corpus.
struct CorpusMail: CustomTestStringConvertible, Sendable {
  let name: String
  let bytes: [UInt8]
  var testDescription: String { name }

  static let all: [CorpusMail] = {
    let tests = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
      .deletingLastPathComponent().deletingLastPathComponent()
    return ["OddMail/valid", "OddMail/evasive", "EndToEndTests/Cases/messages"].flatMap { folder in
      let path = tests.appending(path: folder)
      let names = (try? FileManager.default.contentsOfDirectory(atPath: path.path)) ?? []
      return names.filter { $0.hasSuffix(".eml") }.sorted().map { name in
        let data = (try? Data(contentsOf: path.appending(path: name))) ?? Data()
        return CorpusMail(name: "\(folder)/\(name)", bytes: Array(data))
      }
    }
  }()
}

/// What a leaf of the result must be.
private enum Expected: Equatable {
  /// The body's bytes, as they were.
  case kept([UInt8])
  case text(String)
}

private struct RandomPlan {
  var plan = EditPlan()
  private(set) var gone: Set<Int> = []
  private(set) var replaced: [Int: String] = [:]
  private(set) var renamed: [Int: String] = [:]
  private(set) var addsFirst = false
  private(set) var addsLast = false

  init(_ message: MailMessage, _ random: inout Random) {
    let own = message.parts.indices.filter { message.parts[$0].target == $0 }
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      let part = own.randomElement(using: &random) ?? 0
      switch Int.random(in: 0..<3, using: &random) {
      case 0:
        plan.edit(part: part, .drop)
        gone.insert(part)
        replaced[part] = nil
        renamed[part] = nil
      case 1:
        let text = "new \(part)"
        plan.edit(part: part, .replace(Replacement(text: Array(text.utf8))))
        replaced[part] = text
        gone.remove(part)
        renamed[part] = nil
      default:
        guard !gone.contains(part), replaced[part] == nil else { continue }
        plan.edit(part: part, .rename("renamed.txt"))
        renamed[part] = "renamed.txt"
      }
    }
    addsFirst = Int.random(in: 0..<4, using: &random) == 0
    addsLast = Int.random(in: 0..<4, using: &random) == 0
    if addsFirst { plan.edit(message: .addPart(Replacement(text: [0x66]), first: true)) }
    if addsLast { plan.edit(message: .addPart(Replacement(text: [0x6C]), first: false)) }
  }
}

@Suite struct CorpusPlanTests {
  @Test func thereAreEnough() { #expect(CorpusMail.all.count > 800) }

  @Test(arguments: CorpusMail.all)
  func noPlanChangesNothing(_ mail: CorpusMail) {
    let message = MailMessage(mail.bytes)
    let edited = EditPlan().apply(to: message)
    #expect(edited.isUnchanged && edited.bytes() == mail.bytes)
    let header = EditPlan {
      $0.edit(header: .add(name: "X-New", value: [0x31], last: true))
    }.apply(to: message)
    #expect(header.newBody == nil)
  }

  @Test(arguments: CorpusMail.all)
  func plansDoWhatTheySay(_ mail: CorpusMail) throws {
    let message = MailMessage(mail.bytes)
    // Of what a reader of limits does not see, nothing can be said.
    // The lines of the top's own header are the mail server's.
    guard message.limitsHit.isEmpty, message.bytes[..<message.headerEnd].contains(0x0A) else {
      return
    }
    var random = Random(seed: UInt64(mail.bytes.count))
    for _ in 0..<6 {
      let plan = RandomPlan(message, &random)
      let edited = plan.plan.apply(to: message)
      Self.expectDisjoint(edited, message)
      guard edited.refusals.isEmpty else { continue }
      Self.expectLeaves(plan, message, edited)
    }
  }

  private static func expectDisjoint(_ edited: EditedMessage, _ message: MailMessage) {
    var position = 0
    var rebuilt: [UInt8] = []
    let lineMax = max(999, message.bytes.split(separator: 0x0A).map(\.count).max() ?? 0)
    for replacement in edited.replacements {
      #expect(replacement.range.lowerBound >= position)
      rebuilt += message.bytes[position..<replacement.range.lowerBound] + replacement.bytes
      for line in replacement.bytes.split(separator: 0x0A) { #expect(line.count <= lineMax) }
      position = replacement.range.upperBound
    }
    rebuilt += message.bytes[position...]
    #expect(rebuilt == edited.bytes())
  }

  private static func expectLeaves(
    _ plan: RandomPlan, _ message: MailMessage, _ edited: EditedMessage
  ) {
    var expected = leaves(0, plan, message) ?? []
    if expected.isEmpty, !plan.addsFirst, !plan.addsLast { expected = [.text("")] }
    if plan.addsFirst { expected.insert(.text("f\r\n"), at: 0) }
    if plan.addsLast { expected.append(.text("l\r\n")) }
    let read = MailMessage(edited.bytes())
    let found = read.parts.indices.filter { index in
      read.parts[index].reading == 0 && read.parts[index].isInMessage
        && read.ownLeaf(index)
    }
    #expect(found.count == expected.count, "\(text(read.bytes) ?? "")")
    for (leaf, want) in zip(found, expected) {
      switch want {
      case .text(let text): #expect(read.decoded(leaf) == text)
      case .kept(let bytes):
        // Lines that end with CR alone cannot stay beside ours.
        let found = Array(read.bytes[read.parts[leaf].body])
        let ended = bytes.flatMap { $0 == 0x0D ? [0x0D, 0x0A] : [$0] }
        #expect(found == bytes || (!bytes.contains(0x0A) && found == ended))
      }
    }
  }

  /// The leaves that are left of a part; nil where it goes.
  private static func leaves(
    _ index: Int, _ plan: RandomPlan, _ message: MailMessage
  ) -> [Expected]? {
    let part = message.parts[index]
    let isRoot = part.parent.map { message.parts[$0].contentType.type == "message" } ?? true
    if plan.gone.contains(index) { return isRoot && index > 0 ? [.text("")] : nil }
    if let text = plan.replaced[index] { return [.text(text + "\r\n")] }
    let children = part.children.filter { message.parts[$0].target == $0 }
    if children.isEmpty { return [.kept(Array(message.bytes[part.body]))] }
    let left = children.compactMap { leaves($0, plan, message) }
    if left.isEmpty, part.contentType.isMultipart {
      return isRoot && index > 0 ? [.text("")] : nil
    }
    return left.flatMap { $0 }
  }
}

extension MailMessage {
  /// Whether no part stands in this one's own bytes.
  func ownLeaf(_ index: Int) -> Bool {
    parts[index].target == index && !parts[index].children.contains { parts[$0].target == $0 }
  }
}
