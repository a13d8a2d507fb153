// Reload: configuration and policy are read by children, verified here, and taken by the worker;
// any of them can refuse, and then nothing has changed. A dry run goes the same way up to the
// worker's look at it, and says what would be otherwise.
internal import JSONOutput
internal import Logs
internal import RuleBytecode

/// An image that is verified, and what the master says of it.
struct NamedImage: Sendable {
  let bytes: [UInt8]
  /// The first bytes of its digest, for the log.
  let name: String
  let switches: DeclaredSwitches

  init(_ bytes: [UInt8]) throws(StartFailure) {
    let verified = try PolicyLoader.verified(bytes)
    self.bytes = bytes
    name = verified.digest.prefix(8).hex
    switches = DeclaredSwitches(verified.program)
  }
}

extension Master {
  /// What the children gave.
  struct Compiled: Sendable {
    let bytes: [UInt8]
    let change: SettingsChange
  }

  /// What a reload under way is to lead to.
  struct Offer: Sendable {
    let image: NamedImage
    let change: SettingsChange
    /// Of the frame that offers the image to the worker that serves, or of a worker that begins
    /// with it and with other settings.
    let taker: Taker
  }

  enum Taker: Equatable, Sendable {
    case frame(UInt64)
    case worker(Int)
  }

  /// A dry run before the worker has looked at it.
  struct Trial: Sendable {
    let bytes: [UInt8]
    let members: [(String, OrderedJSON)]
  }

  // MARK: The reload

  /// - Parameter question: whoever wants to hear what became of it.
  func reload(_ question: Question?) {
    guard phase == .running else {
      question?.answer(.refused(code: 75, "the daemon is starting or ending"))
      return
    }
    // What is compiled just now may be older than what whoever asks has written.
    guard reloading == nil else {
      reloadingNext = (reloadingNext ?? []) + [question].compactMap(\.self)
      return
    }
    reloading = [question].compactMap(\.self)
    SystemdNotice.reloading()
    let (plan, tell) = (plan, tell)
    Task {
      do throws(StartFailure) {
        let compiled = try await plan.compile()
        tell.yield(.compiled(.success(compiled)))
      } catch {
        tell.yield(.compiled(.failure(error)))
      }
    }
  }

  func compiled(_ result: Result<Compiled, StartFailure>) async {
    guard phase == .running else { return }
    do throws(StartFailure) {
      let compiled = try result.get()
      let image = try NamedImage(compiled.bytes)
      let change = compiled.change
      if change.needsWorker {
        // The one that serves is told to end as soon as it has taken the policy (`began`).
        let number = try await start(image, change.settings)
        offered = Offer(image: image, change: change, taker: .worker(number))
      } else if let worker = serving {
        reloads += 1
        offered = Offer(image: image, change: change, taker: .frame(reloads))
        worker.link.send(LinkFrame(kind: .policy, number: reloads, bytes: compiled.bytes))
      } else {
        took(Offer(image: image, change: change, taker: .frame(0)), nil)
      }
    } catch {
      reloaded(error)
    }
  }

  /// Whoever was offered it has taken it, or not.
  func took(by taker: Taker, _ failure: StartFailure?) {
    guard let offer = offered, offer.taker == taker else { return }
    offered = nil
    took(offer, failure)
  }

  private func took(_ offer: Offer, _ failure: StartFailure?) {
    guard failure == nil else { return reloaded(failure) }
    image = offer.image
    take(offer.change)
    reloaded(nil, offer.change.taken)
  }

  /// The settings are those of the worker that serves.
  private func take(_ change: SettingsChange) {
    let former = plan.settings
    plan.settings = change.settings
    restartNeeds = change.restart
    if !restartNeeds.isEmpty {
      Console.log("a restart is needed for: \(restartNeeds.joined(separator: ", "))")
    }
    if former.log.withoutPlace != change.settings.log.withoutPlace {
      Console.use(LogDesk(change.settings.logSettings))?.stop()
      Console.setLevel(tuning.level(change.settings))
    }
    if change.taken.contains("shadow") { changeShadow() }
  }

  /// Tells systemd that it serves, and what `systemctl status` shows of that.
  func tellReady() {
    let state = plan.settings.observe.on ? "observing, all mail is accepted" : "serving"
    let latest = latestReload.failure == nil ? "" : "; the latest reload was refused"
    SystemdNotice.send("READY=1\nSTATUS=\(state), policy \(image.name)\(latest)")
  }

  func reloaded(_ failure: StartFailure?, _ settings: [String] = []) {
    if let failure {
      if !failure.details.isEmpty { Console.error(failure.details) }
      Console.error("defangd: reload refused, the old policy stays: \(failure.message)")
      serving?.link.send(LinkFrame(kind: .refused))
    } else {
      let words = settings.isEmpty ? "" : ", settings \(settings.joined(separator: ", "))"
      Console.log("reloaded, policy \(image.name)\(words)")
    }
    latestReload = ReloadReport(
      count: latestReload.count + 1, seconds: WallClock.seconds, failure: failure?.message)
    tellReady()
    hub.tell(
      ControlEvent(
        "reload",
        [
          ("result", .text(failure == nil ? "taken" : "refused")), ("policy", .text(image.name)),
          ("settings", .texts(settings)), ("reason", .text(orNull: failure?.message)),
        ]))
    let taken = ControlAnswer.done([
      ("policy", .text(image.name)), ("settings", .texts(settings)),
      ("restart_needed", .texts(restartNeeds)),
    ])
    for question in reloading ?? [] {
      question.answer(failure.map { .refused($0) } ?? taken)
    }
    reloading = nil
    if let waiting = reloadingNext {
      reloadingNext = nil
      reload(nil)
      reloading = waiting
    }
  }

  // MARK: The dry run

  func tryReload(_ question: Question) {
    let (plan, tell, live) = (plan, tell, image)
    Task {
      do throws(StartFailure) {
        let trial = try await plan.trial(from: live)
        tell.yield(.tried(question, .success(trial)))
      } catch {
        tell.yield(.tried(question, .failure(error)))
      }
    }
  }

  func tried(_ question: Question, _ result: Result<Trial, StartFailure>) {
    do throws(StartFailure) {
      let trial = try result.get()
      guard let worker = serving else {
        throw StartFailure(code: 75, message: "no worker serves that could look at it")
      }
      ask(worker, .examine, trial.bytes) { answer in
        question.answer(answer.failure.map { .refused($0) } ?? .done(trial.members))
      }
    } catch {
      question.answer(.refused(error))
    }
  }
}

extension MasterPlan {
  /// Configuration and policy as they lie on disk now, not verified.
  func compile() async throws(StartFailure) -> Master.Compiled {
    let next = try await SettingsLoader(command: command).load()
    try next.checkServices()
    let loader = PolicyLoader(paths: next.rules.value, compiler: command.compiler)
    return Master.Compiled(
      bytes: try await loader.image(), change: SettingsChange(from: settings, to: next))
  }

  fileprivate func trial(from live: NamedImage) async throws(StartFailure) -> Master.Trial {
    let compiled = try await compile()
    let difference = PolicyDifference(
      from: try PolicyLoader.verified(live.bytes), to: try PolicyLoader.verified(compiled.bytes))
    return Master.Trial(
      bytes: compiled.bytes,
      members: difference.members + [
        ("settings", .texts(compiled.change.taken)),
        ("restart_needed", .texts(compiled.change.restart)),
      ])
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
