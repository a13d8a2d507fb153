// Call-outs: what was said before is remembered, equal questions share one call, and no host gets
// more calls than it may like. One for the whole service; it outlives policies.
package import NIOCore
package import Resolver
package import RuleBytecode
internal import Scanners
internal import Submission
internal import Synchronization

package final class Callouts: Sendable {
  package struct Settings: Sendable {
    package var hostName: String
    package var limits = CalloutLimits()
    /// Where the hosts of domains listen.
    package var port = 25
    /// This host's own addresses.
    package var ownAddresses: @Sendable () -> Set<IPAddress> = { OwnAddresses.current }
    /// Whether an address that a stranger's domain names may be called. Others can only be meant
    /// for a host of ours.
    package var mayCall: @Sendable (IPAddress) -> Bool = { AddressKind($0) == .global }
    package var log: @Sendable (String) -> Void = { _ in }
    /// Learns which places are left alone.
    package var board: BreakerBoard?

    package init(hostName: String) { self.hostName = hostName }
  }

  private struct State {
    var cache: CalloutCache
    var flights: [CalloutQuestion: Task<CalloutAnswer, Never>] = [:]
    var places: [String: CalloutPlace] = [:]
  }

  private enum Entry {
    case known(CalloutAnswer)
    case flight(Task<CalloutAnswer, Never>)
  }

  private let settings: Settings
  private let resolver: any Resolving
  private let group: any EventLoopGroup
  private let state: Mutex<State>
  private var limits: CalloutLimits { settings.limits }

  package init(_ settings: Settings, _ resolver: any Resolving, _ group: any EventLoopGroup) {
    self.settings = settings
    self.resolver = resolver
    self.group = group
    state = Mutex(State(cache: CalloutCache(entriesMax: settings.limits.entriesMax)))
  }

  /// A call goes on when its asker gives up: its answer serves the next.
  func answer(to question: CalloutQuestion, timeoutMilliseconds: Int) async -> CalloutAnswer {
    let deadline = NIODeadline.now() + .milliseconds(Int64(timeoutMilliseconds))
    let entry: Entry = state.withLock { state in
      if let known = state.cache.answer(to: question, .now()) { return .known(known) }
      if let flight = state.flights[question] { return .flight(flight) }
      guard state.flights.count < limits.flightsMax else {
        return .known(.failed("too many call-outs are under way"))
      }
      let flight = Task { await self.fly(question, deadline) }
      state.flights[question] = flight
      return .flight(flight)
    }
    switch entry {
    case .known(let answer): return answer
    case .flight(let flight): return await flight.value
    }
  }

  private func fly(_ question: CalloutQuestion, _ deadline: NIODeadline) async -> CalloutAnswer {
    let answer = await callInTurn(question, deadline)
    state.withLock { state in
      state.flights[question] = nil
      state.cache.keep(answer, to: question, seconds: answer.seconds(limits), .now())
    }
    return answer
  }

  // MARK: Places

  private func callInTurn(
    _ question: CalloutQuestion, _ deadline: NIODeadline
  ) async -> CalloutAnswer {
    let isNamed = !question.server.isEmpty
    guard let name = isNamed ? question.server : question.domain else {
      return .failed("the address has no domain whose hosts could be asked")
    }
    guard let place = place(named: name, isNamed: isNamed) else {
      return .failed("call-outs go to too many different hosts now")
    }
    defer { place.leave() }
    do throws(ScanFailure) {
      try await place.gate.enter(deadline, group.next())
    } catch {
      return .failed("\(error)")
    }
    defer { place.gate.leave() }
    switch place.begin(.now()) {
    case .failure(let refusal): return .failed(refusal.rawValue)
    case .success(let turn):
      let answer = await call(question, deadline)
      var hasFailed = false
      if case .failed(_, let isOfHost) = answer { hasFailed = isOfHost }
      let change = place.settle(turn, hasFailed: hasFailed, .now())
      tell(change, of: name, isNamed: isNamed, answer)
      return answer
    }
  }

  private func tell(
    _ change: CalloutPlace.Change?, of name: String, isNamed: Bool, _ answer: CalloutAnswer
  ) {
    let boardName = isNamed ? "\(BreakerBoard.namedCallout)\(name)" : "call-out to \(name)"
    switch (change, answer) {
    case (.leftAlone, .failed(let reason, _)):
      settings.board?.opened(boardName)
      let seconds = limits.leaveAloneMilliseconds / 1_000
      settings.log("call-out: \(name) is left alone for \(seconds) s: \(reason)")
    case (.backAgain, _):
      settings.board?.closed(boardName)
      settings.log("call-out: \(name) answers again")
    default: break
    }
  }

  /// Entered already. Nil when there are too many, none of which can be forgotten.
  private func place(named name: String, isNamed: Bool) -> CalloutPlace? {
    state.withLock { state in
      let key = (isNamed ? "server " : "domain ") + name
      if state.places[key] == nil, state.places.count >= limits.placesMax {
        let now = NIODeadline.now()
        state.places = state.places.filter { !$0.value.isIdle(now) }
        guard state.places.count < limits.placesMax else { return nil }
      }
      let place = state.places[key] ?? CalloutPlace(isNamed: isNamed, limits)
      state.places[key] = place
      place.enter()
      return place
    }
  }

  // MARK: One call

  private func call(
    _ question: CalloutQuestion, _ deadline: NIODeadline
  ) async -> CalloutAnswer {
    let servers: [SMTPServer]
    switch await hosts(for: question, deadline) {
    case .servers(let found): servers = found
    case .answer(let answer): return answer
    }
    var last = CalloutAnswer.failed("no time was left for a call")
    for server in servers {
      let left = Self.secondsLeft(deadline)
      guard left > 0 else { break }
      let work = Task { await self.ask(question, server, secondsMax: left) }
      let timer = group.next().scheduleTask(deadline: deadline) { work.cancel() }
      last = await work.value
      timer.cancel()
      // Given up, a call ends for reasons that are none.
      if NIODeadline.now() >= deadline, case .failed = last { last = Self.late(server) }
      guard case .failed(_, isOfHost: true) = last else { return last }
    }
    return last
  }

  private func ask(
    _ question: CalloutQuestion, _ server: SMTPServer, secondsMax: Int
  ) async -> CalloutAnswer {
    let client = SMTPClient(
      hostName: settings.hostName, limits: SubmissionLimits(stepSecondsMax: secondsMax),
      group: group)
    // Another port, or a socket, that the policy names may be a second server of this very host.
    var isMailPort = question.server.isEmpty
    if case .inet(_, SMTPServer.defaultPort) = server.place { isMailPort = true }
    do throws(SendFailure) {
      let answer = try await client.probe(
        question.address, at: server, refusesOwnName: isMailPort)
      switch answer {
      case .ourselves: return .failed("\(server) is this host itself")
      case .reply(let reply): return CalloutAnswer(reply, textBytesMax: limits.textBytesMax)
      }
    } catch {
      let isOfHost = if case .unfit = error { false } else { true }
      return .failed(String("\(server): \(error)".prefix(limits.textBytesMax)), isOfHost: isOfHost)
    }
  }

  private static func late(_ server: SMTPServer) -> CalloutAnswer {
    .failed("\(server) did not answer in time", isOfHost: true)
  }

  private static func secondsLeft(_ deadline: NIODeadline) -> Int {
    let nanoseconds = (deadline - .now()).nanoseconds
    return nanoseconds <= 0 ? 0 : Int((nanoseconds + 999_999_999) / 1_000_000_000)
  }

  // MARK: Whom to call

  private enum Hosts {
    case servers([SMTPServer])
    case answer(CalloutAnswer)
  }

  private func hosts(for question: CalloutQuestion, _ deadline: NIODeadline) async -> Hosts {
    guard question.server.isEmpty else {
      do throws(SMTPServer.Problem) {
        return .servers([try SMTPServer(question.server)])
      } catch {
        return .answer(.failed("\(error)"))
      }
    }
    guard let text = question.domain, let domain = try? DNSName(text) else {
      return .answer(.failed("the address has no domain that can be looked up"))
    }
    let own = settings.ownAddresses()
    let left = max(Int((deadline - .now()).nanoseconds / 1_000_000), 0)
    let found = await MailHosts.find(of: domain, own: own, resolver, timeoutMilliseconds: left)
    switch found {
    case .failed(let failure): return .answer(.failed("\(domain): \(failure.reason)"))
    case .missing:
      return .answer(
        .reply(code: "550", enhanced: "5.1.2", text: "\(domain) has no mail server"))
    case .found(let addresses, let faults, let unknown):
      // RFC 7505 §4.2.
      if faults.contains(.nullMX) {
        return .answer(.reply(code: "556", enhanced: "5.1.10", text: "\(domain) takes no mail"))
      }
      return servers(of: domain, addresses, own, unknown)
    }
  }

  /// Those before ourselves only: what comes behind would send the mail to us (RFC 5321 §5.1).
  private func servers(
    of domain: DNSName, _ addresses: [IPAddress], _ own: Set<IPAddress>, _ unknown: DNSFailure?
  ) -> Hosts {
    let others = addresses.prefix { !own.contains($0) }
    let callable = others.filter(settings.mayCall).prefix(limits.addressesMax)
    guard callable.isEmpty else {
      return .servers(
        callable.map { SMTPServer(.inet(host: $0.readable, port: settings.port)) })
    }
    if others.count < addresses.count {
      return .answer(.failed("the mail of \(domain) comes to this very host"))
    }
    if let unknown { return .answer(.failed("\(domain): \(unknown.reason)")) }
    return .answer(.failed("no mail server of \(domain) has an address of the Internet"))
  }
}
