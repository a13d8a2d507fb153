// `greylist`: true is "defer now": this client's network has not yet waited long enough with this
// sender and recipient. Times are seconds.

import RuleBytecode

enum TestGreylist: TestCommand {
  private static let year = 31_536_000

  /// Its options with their ranges and what they are when left out, in the order of the check
  /// sheet.
  private static let options: [(tag: String, allowed: ClosedRange<Int>, standard: Int)] = [
    ("delay", 1...86_400, 300), ("expire", 60...2_678_400, 14_400),
    ("keep", 3_600...year, 2_678_400), ("net4", 8...32, 24), ("net6", 16...128, 64),
    // So many mails that came through, and the network waits no more; 0: it always does.
    ("allow_after", 0...1_000_000, 0),
  ]

  static let signature = Signature(
    name: "greylist", availability: .ours,
    tags: options.map { TagSignature($0.tag, .number) }
      + Signature.outsideTags.filter { $0.name == "on_error" },
    phases: CheckKind.greylist.info.phases, need: .recipient)

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    var (check, failures) = context.outside(.greylist, call)
    check.constants = options.map { option in
      String(
        context.number(option.tag, of: call, in: option.allowed, default: option.standard))
    }
    return CheckedTest(check, at: call.range, failures: failures)
  }
}
