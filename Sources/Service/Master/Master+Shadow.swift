// The shadow: a second policy that a share of the traffic is compared with. The master keeps its
// image, so that each new worker has it too.
internal import JSONOutput
internal import Logging

/// A shadow as the master keeps it.
struct KeptShadow: Sendable {
  let files: [String]
  let image: NamedImage
  let share: ShadowShare

  var order: ShadowOrder { ShadowOrder(share: share, image: image.bytes) }

  var members: [(String, OrderedJSON)] {
    [
      ("policy", .text(image.name)), ("share", .text(share.text)), ("files", .texts(files)),
    ]
  }
}

extension Master {
  /// Without words, what was compared so far.
  func shadow(_ question: Question) throws(StartFailure) {
    if question["set"] == "off" {
      put(nil, by: question.peer)
      return question.answer(.done([]))
    }
    guard let text = question["files"] else {
      guard shadow != nil else {
        throw StartFailure(code: 66, message: "there is no shadow")
      }
      return try askWorker(.shadow, question)
    }
    guard let share = ShadowShare(question["share"] ?? ShadowShare.standard) else {
      throw StartFailure(code: 64, message: "the share is like 1/10 or 10%")
    }
    let files = text.split(separator: "\n").map(String.init)
    guard !files.isEmpty else { throw StartFailure(code: 64, message: "which policy?") }
    compileShadow(files, share, question)
  }

  /// As the settings say it; one that cannot be had leaves the daemon as it is.
  func beginShadow() {
    guard !plan.settings.shadow.value.isEmpty,
      let share = ShadowShare("\(plan.settings.shadow.share)")
    else { return }
    compileShadow(plan.settings.shadow.value, share, nil)
  }

  /// The settings say another one, or none.
  func changeShadow() {
    if plan.settings.shadow.value.isEmpty { put(nil, by: nil) } else { beginShadow() }
  }

  private func compileShadow(_ files: [String], _ share: ShadowShare, _ question: Question?) {
    let (plan, tell) = (plan, tell)
    Task {
      do throws(StartFailure) {
        let image = try await plan.image(of: files)
        let kept = KeptShadow(files: files, image: image, share: share)
        tell.yield(.shadow(question, .success(kept)))
      } catch {
        tell.yield(.shadow(question, .failure(error)))
      }
    }
  }

  /// It is compiled, or cannot be; the worker has yet to take it.
  func compiledShadow(_ question: Question?, _ result: Result<KeptShadow, StartFailure>) {
    do throws(StartFailure) {
      let kept = try result.get()
      guard let worker = serving else {
        throw StartFailure(code: 75, message: "no worker serves")
      }
      let tell = tell
      ask(worker, .shadow, kept.order.bytes) { answer in
        tell.yield(.shadowed(question, kept, answer.failure))
      }
    } catch {
      refusedShadow(question, error)
    }
  }

  func took(_ kept: KeptShadow, _ question: Question?, _ failure: StartFailure?) {
    if let failure { return refusedShadow(question, failure) }
    shadow = kept
    noteShadow(by: question?.peer)
    question?.answer(.done(kept.members))
  }

  private func refusedShadow(_ question: Question?, _ failure: StartFailure) {
    if !failure.details.isEmpty { Console.error(failure.details) }
    Console.error("defangd: the shadow is refused: \(failure.message)")
    question?.answer(.refused(failure))
  }

  /// Ends it, for all workers.
  private func put(_ kept: KeptShadow?, by peer: ControlPeer?) {
    shadow = kept
    for worker in workers.values { tellShadow(worker) }
    noteShadow(by: peer)
  }

  /// What ends the process when it is played ends the shadow, too.
  func endShadow(ifInHand inHand: [HandEntry]) {
    guard let entry = inHand.first(where: { $0.name.hasPrefix(ShadowDesk.handPrefix) }),
      shadow != nil
    else { return }
    Console.error("defangd: the shadow is off: a worker died with the \(entry.name) in hand")
    put(nil, by: nil)
  }

  func tellShadow(_ worker: WorkerProcess) {
    ask(worker, .shadow, shadow?.order.bytes ?? []) { answer in
      if let failure = answer.failure {
        Console.error("defangd: the shadow is refused: \(failure.message)")
      }
    }
  }

  private func noteShadow(by peer: ControlPeer?) {
    let what = shadow.map { "policy \($0.image.name) beside \($0.share.text) of sessions" } ?? "off"
    Console.log(
      "shadow: \(what)" + (peer.map { ", by \($0.name)" } ?? ""), level: .notice)
    hub.tell(
      ControlEvent(
        "shadow", shadow?.members ?? [("policy", .null)]))
  }
}

extension Result<[UInt8], StartFailure> {
  /// Why not, of an answer that is empty when all went well.
  var failure: StartFailure? {
    switch self {
    case .success(let bytes): StartFailure(answer: bytes)
    case .failure(let failure): failure
    }
  }
}

extension MasterPlan {
  /// A verified image of some files.
  fileprivate func image(of files: [String]) async throws(StartFailure) -> NamedImage {
    try NamedImage(await PolicyLoader(paths: files, compiler: command.compiler).image())
  }
}
