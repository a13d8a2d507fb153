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

  /// How many hosts of each scanner are left alone now.
  var openBreakers: [(service: String, hosts: Int)] {
    services.withLock { Array($0.values) }.map { service in
      let open = service.breakers.count(where: \.isOpen)
      let hosts = service.hosts.map { "\($0)" }.joined(separator: " ")
      return ("scanner " + hosts, open)
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
    let said = Said(program.arguments(of: declared))
    switch said["kind"] {
    case "clamd": kind = .clamd
    case "rspamd": kind = .rspamd
    case "spamd": kind = .spamd(Self.questions(program, name), user: said["user"])
    case "icap": kind = .icap(service: ScanURL(said["address"] ?? "").service)
    case "program": kind = .program(try Self.program(said, name, program))
    case let other: throw LiveFailure("scanner '\(name)': there is no kind :\(other ?? "")")
    }
    hosts = try Self.hosts(said["address"] ?? "", kind, name)
    var limits = ScannerLimits(for: kind)
    if let bytes = said.number("size") { limits.messageBytesMax = bytes }
    if let calls = said.number("calls") { limits.callsMax = calls }
    if let seconds = said.number("timeout") { limits.timeoutMilliseconds = seconds * 1_000 }
    self.limits = limits
  }

  /// What a declaration says, by name.
  private struct Said {
    private let values: [(name: String, value: String)]

    init(_ values: [(name: String, value: String)]) { self.values = values }

    subscript(name: String) -> String? { values.first { $0.name == name }?.value }

    func number(_ name: String) -> Int? { self[name].flatMap { Int($0) } }

    func all(_ name: String) -> [String] { values.filter { $0.name == name }.map(\.value) }
  }

  private static func hosts(
    _ address: String, _ kind: ScannerKind, _ name: String
  ) throws(LiveFailure) -> [ScannerHost] {
    do throws(ScannerHost.BadAddress) {
      switch kind {
      case .program(let program): return [.program(name: program.name)]
      case .icap: return try ScanURL(address).hosts()
      case .clamd, .spamd, .rspamd: return try ScannerHost.list(address)
      }
    } catch {
      throw LiveFailure("scanner '\(name)': '\(error.text)' is no address")
    }
  }

  private static func program(
    _ said: Said, _ name: String, _ program: Program
  ) throws(LiveFailure) -> ScanProgram {
    let command = said["address"] ?? ""
    guard let declared = program.declaration(.program, named: command) else {
      throw LiveFailure("scanner '\(name)': there is no program '\(command)'")
    }
    let own = Said(program.arguments(of: declared))
    var meanings: [Int32: ScanResult.Word] = [:]
    for word in [ScanResult.Word.clean, .infected, .spam, .suspicious] {
      for code in said.all(word.rawValue).compactMap({ Int32($0) }) { meanings[code] = word }
    }
    return ScanProgram(
      name: command, words: own.all("word"),
      timeoutMilliseconds: 1_000 * (own.number("timeout") ?? 30), meanings: meanings)
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
