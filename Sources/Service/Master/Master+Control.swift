// What defangctl may ask the master.
internal import JSONOutput
internal import RuleBytecode

extension Master {
  /// A request that waits for its answer.
  struct Question: Sendable {
    let request: ControlRequest
    let mayChange: Bool
    let answer: @Sendable (ControlAnswer) -> Void
  }

  /// Answers of the control socket: each goes through the master's own order of things.
  func answering() -> ControlServer.Answering {
    let ask = asker()
    return { request, mayChange in
      await withCheckedContinuation { continuation in
        ask(Question(request: request, mayChange: mayChange) { continuation.resume(returning: $0) })
      }
    }
  }

  func answer(_ question: Question) async {
    switch question.request.command {
    case "status": question.answer(.done(status))
    case "reload":
      if isAllowed(question) { reload(question) }
    case "replace-worker":
      guard isAllowed(question) else { return }
      await replaceWorker()
      question.answer(.done([]))
    default:
      let name = question.request.command.prefix(40)
      question.answer(.refused(code: 64, "the daemon knows no command '\(name)'"))
    }
  }

  private func isAllowed(_ question: Question) -> Bool {
    if question.mayChange { return true }
    question.answer(.refused(code: 77, "only root and the daemon's own user may do that"))
    return false
  }

  private var status: [(String, OrderedJSON)] {
    let now = ContinuousClock.now
    let workers = workers.values.sorted { $0.number < $1.number }.map { worker in
      OrderedJSON.object([
        ("process", .number(Int(worker.process))),
        ("stage", .text("\(worker.stage)")),
        ("seconds", .number(Int((now - worker.started).components.seconds))),
        ("bytes", ProcessFacts.residentBytes(of: worker.process).map { .number($0) } ?? .null),
      ])
    }
    return [
      ("version", .text(Defang.version)), ("policy", .text(policyName)),
      ("process", .number(WorkerDoor.ownNumber)),
      ("seconds", .number(Int((now - began).components.seconds))),
      ("listeners", .texts(listeners.map { "\($0.role.rawValue) \($0.name)" })),
      ("workers", .list(workers)), ("deaths", .number(deaths)),
      ("suspects", .number(suspects.entries.count)),
      ("reload", .object(latestReload.members)),
    ]
  }
}

/// What became of the latest reload.
struct ReloadReport: Sendable {
  var count = 0
  var seconds: Int64?
  /// Nil after one that went well.
  var failure: String?

  var members: [(String, OrderedJSON)] {
    [
      ("count", .number(count)), ("time", seconds.map { .number(Int($0)) } ?? .null),
      ("failure", .text(orNull: failure)),
    ]
  }
}
