// What the fuzzers and tests do with bytes as mail that is edited: a plan of several orders, which
// follows from the bytes, is carried out, and what every plan promises is looked at.
internal import MailEdits
internal import MailMessage

extension FuzzTargets {
  /// Several plans over a message.
  public static func edits(_ bytes: [UInt8]) -> [String] {
    let message = MailMessage(bytes)
    var seed: UInt64 = 0
    for byte in bytes.prefix(512) { seed = seed &* 31 &+ UInt64(byte) }
    var random = SplitMix64(seed: seed)
    return (0..<4).flatMap { _ in check(plan(message, &random), message) }
  }

  private static func plan(_ message: MailMessage, _ random: inout SplitMix64) -> EditPlan {
    var plan = EditPlan()
    for _ in 0...random.below(5) {
      let breaks = random.below(2) == 0
      if random.below(3) > 0 {
        let part = random.below(message.parts.count)
        plan.edit(part: part, partEdit(&random, message), breaksSignature: breaks)
      } else {
        plan.edit(message: messageEdit(&random), breaksSignature: breaks)
      }
    }
    plan.style = WarningStyle(
      place: WarningStyle.Place.allCases[random.below(3)], preamble: Array("Care:".utf8))
    return plan
  }

  private static func partEdit(_ random: inout SplitMix64, _ message: MailMessage) -> PartEdit {
    var replacement = Replacement(text: Array("neü\n--b\n".utf8), name: "n.txt")
    switch random.below(13) {
    case 0: return .keep
    case 1: return .drop
    case 2: return .replace(replacement)
    case 3:
      replacement.takesAlternatives = true
      return .replace(replacement)
    case 4:
      replacement.text = message.bytes
      replacement.isWholePart = true
      return .replace(replacement)
    case 5: return .enclose(Enclosure(text: replacement.text, subject: [0x53]))
    case 6: return .rename("ö.txt")
    case 7: return .settype(["text/plain", "multipart/mixed", "a/b"][random.below(3)])
    case 8: return .stripRedundantHTML
    case 9: return .rewrite(.sanitizeHTML(links: .text))
    case 10: return .rewrite(.htmlToText)
    case 11: return .rewrite(.stripTracking)
    default: return .rewrite(.program("p", output: [0, 0x0A, 0xFC]))
    }
  }

  private static func messageEdit(_ random: inout SplitMix64) -> MessageEdit {
    switch random.below(5) {
    case 0: return .warn(Array("w".utf8))
    case 1:
      let text = Array("Я".utf8)
      return .disclaimer(Insertion(text: text, html: text), all: random.below(2) == 0)
    case 2: return .link(Array("https://x.example/".utf8))
    case 3: return .addPart(Replacement(text: [0x41]), first: random.below(2) == 0)
    default:
      let some = Set(Mend.allCases.filter { _ in random.below(2) == 0 })
      return .canonicalize(only: random.below(2) == 0 ? nil : some)
    }
  }

  /// The replaced ranges are disjoint and in order, and what they leave is the message.
  private static func check(_ plan: EditPlan, _ message: MailMessage) -> [String] {
    let edited = plan.apply(to: message)
    var position = 0
    var rebuilt: [UInt8] = []
    for replacement in edited.replacements {
      guard replacement.range.lowerBound >= position else { return ["edits overlap"] }
      rebuilt += message.bytes[position..<replacement.range.lowerBound] + replacement.bytes
      position = replacement.range.upperBound
    }
    rebuilt += message.bytes[position...]
    guard rebuilt == edited.bytes() else { return ["edits differ from the result"] }
    let again = plan.apply(to: message).bytes()
    return again == rebuilt && !MailMessage(rebuilt).parts.isEmpty ? [] : ["not the same again"]
  }
}
