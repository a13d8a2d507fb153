// What the quarantine holds, as digests ask for it.
internal import RuleBytecode
internal import RuleVM
internal import Stores
internal import Submission

struct HeldMail: DigestSource {
  let quarantine: QuarantineStore

  func held(since: Int64, until: Int64) throws -> [DigestLine] {
    var filter = QuarantineFilter()
    filter.sinceSeconds = since + 1
    filter.untilSeconds = until + 1
    filter.states = [.held]
    filter.countMax = Self.linesMax
    return try quarantine.entries(filter).filter { $0.kind != .copy }.map { entry in
      DigestLine(
        id: entry.id, receivedSeconds: entry.receivedSeconds,
        expiresSeconds: entry.expiresSeconds, sender: entry.envelope.sender,
        recipients: entry.envelope.recipients, subject: entry.subject, reason: entry.reason,
        isPart: entry.kind == .part)
    }
  }

  /// Of one digest, all recipients together.
  private static let linesMax = 100_000
}

extension DigestPlan {
  /// Those that a policy declares.
  static func all(in program: Program) -> [DigestPlan] {
    program.declarations.filter { $0.role == .digest }.map { declared in
      let said = program.arguments(of: declared)
      func value(_ name: String) -> String? { said.first { $0.name == name }?.value }
      let to = value("to") ?? ""
      return DigestPlan(
        name: program.string(declared.name),
        everySeconds: value("every").flatMap { Int64($0) } ?? 86_400,
        audience: to == "recipient" ? .eachRecipient : .address(to))
    }
  }
}
