// What defangctl may ask the master.
internal import JSONOutput
internal import RuleBytecode

extension Master {
  /// A request that waits for its answer.
  struct Question: Sendable {
    let request: ControlRequest
    let peer: ControlPeer
    let answer: @Sendable (ControlAnswer) -> Void

    subscript(name: String) -> String? { request.arguments[name] }
  }

  /// Answers of the control socket: each goes through the master's own order of things.
  func answering() -> ControlServer.Answering {
    let tell = tell
    return { request, peer in
      await withCheckedContinuation { continuation in
        tell.yield(
          .question(
            Question(request: request, peer: peer) { continuation.resume(returning: $0) }))
      }
    }
  }

  func answer(_ question: Question) async {
    do throws(StartFailure) {
      let verb = try question.request.verb()
      guard question.peer.mayChange || !verb.isChange(question.request) else {
        throw StartFailure(code: 77, message: "only root and the daemon's own user may do that")
      }
      try await carryOut(verb, question)
    } catch {
      question.answer(.refused(error))
    }
  }

  private func carryOut(_ verb: ControlVerb, _ question: Question) async throws(StartFailure) {
    switch verb {
    case .status: question.answer(.done(status))
    case .reload where question["dry_run"] != nil: tryReload(question)
    case .reload: reload(question)
    case .events: question.answer(.events)
    case .trace: try trace(question)
    case .logLevel: try logLevel(question)
    case .set: try setSwitch(question)
    case .shadow: try shadow(question)
    case .load: question.answer(.done(load.members(now: second)))
    case .rules, .figures: try askWorker(verb, question)
    case .replaceWorker:
      await replaceWorker()
      question.answer(.done([]))
    }
  }

  /// What only the worker knows.
  func askWorker(_ verb: ControlVerb, _ question: Question) throws(StartFailure) {
    guard let worker = serving else {
      throw StartFailure(code: 75, message: "no worker serves")
    }
    ask(worker, .ask, Array(verb.rawValue.utf8)) { answer in
      switch answer {
      case .success(let line): question.answer(.line(String(decoding: line, as: UTF8.self)))
      case .failure(let failure): question.answer(.refused(failure))
      }
    }
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
      ("version", .text(Defang.version)), ("policy", .text(image.name)),
      ("process", .number(WorkerDoor.ownNumber)),
      ("seconds", .number(Int((now - began).components.seconds))),
      ("listeners", .texts(listeners.map { "\($0.role.rawValue) \($0.name)" })),
      ("workers", .list(workers)), ("deaths", .number(deaths)),
      ("suspects", .number(suspects.entries.count)), ("faults", faults),
      ("reload", .object(latestReload.members)),
      ("restart_needed", .texts(restartNeeds)), ("switches", switchMembers),
      ("shadow", shadow.map { .object($0.members) } ?? .null),
    ] + tuningMembers
  }
}
