// The scanners that policies declare: one service for each declaration, kept over reloads while the
// declaration stays the same, so that its queue and what is known of its hosts survive.
internal import NIOCore
internal import RuleBytecode
internal import Scanners
internal import Synchronization

final class ScannerShelf: Sendable {
  private let services = Mutex<[ScannerPlan: ScanService]>([:])

  /// The services of a program, by the names that it gives them. What the program before it had and
  /// this one has not is forgotten, once the sessions that began with it are over.
  func services(
    for program: Program, _ loops: any EventLoopGroup, log: @escaping @Sendable (String) -> Void
  ) throws(LiveFailure) -> [String: ScanService] {
    var plans: [String: ScannerPlan] = [:]
    for declared in program.declarations where declared.role == .scanner {
      plans[program.string(declared.name)] = try ScannerPlan(declared, program)
    }
    return services.withLock { known in
      var kept: [ScannerPlan: ScanService] = [:]
      for plan in plans.values where kept[plan] == nil {
        kept[plan] =
          known[plan] ?? ScanService(plan.kind, plan.hosts, plan.limits, group: loops, log: log)
      }
      known = kept
      return plans.compactMapValues { kept[$0] }
    }
  }
}

/// One declaration, read.
struct ScannerPlan: Hashable, Sendable {
  let kind: ScannerKind
  let hosts: [ScannerHost]
  let limits: ScannerLimits

  init(_ declared: Declaration, _ program: Program) throws(LiveFailure) {
    let name = program.string(declared.name)
    let said = program.arguments(of: declared)
    func value(_ name: String) -> String { said.first { $0.name == name }?.value ?? "" }
    switch value("kind") {
    case "clamd": kind = .clamd
    case "rspamd": kind = .rspamd
    case "spamd": kind = .spamd(Self.questions(program, name))
    case let other:
      throw LiveFailure("scanner '\(name)': this version cannot ask :\(other)")
    }
    do throws(ScannerHost.BadAddress) {
      hosts = try ScannerHost.list(value("address"))
    } catch {
      throw LiveFailure("scanner '\(name)': '\(error.text)' is no address")
    }
    limits = ScannerLimits(for: kind)
  }

  /// spamd judges the message anew for each question: it is asked what rules read.
  private static func questions(_ program: Program, _ name: String) -> [SpamQuestion] {
    let read = program.scanFields(of: name)
    var questions: [SpamQuestion] = []
    if read.contains("symbols") { questions.append(.symbols) }
    if read.contains("report") { questions.append(.report) }
    if program.actions.contains(where: { $0.action == .applyScanHeaders }) {
      questions.append(.headers)
    }
    return questions
  }
}

extension Program {
  /// What rules read of a scanner's words: `symbols`, `report`.
  func scanFields(of scanner: String) -> Set<String> {
    var fields: Set<String> = []
    for instruction in code {
      guard instruction.opcode == .textNamedFact || instruction.opcode == .namedFactPresent,
        instruction.b == UInt16(FactFamily.scan.rawValue)
      else { continue }
      let name = string(instruction.c)
      if name.hasPrefix(scanner + ".") { fields.insert(String(name.dropFirst(scanner.count + 1))) }
    }
    return fields
  }
}
