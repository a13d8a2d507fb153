// A table outside, asked for real, by hand.
internal import LiveChecks
internal import RuleBytecode
internal import RuleVM

enum LiveLookup {
  /// The answer to one question of a policy; throws what an administrator should read.
  static func answer(
    to request: CheckRequest, of policy: LoadedPolicy, nameServers: [String]
  ) throws(LiveFailure) -> CheckAnswer {
    // Tables keep nothing there.
    var settings = LiveServices.Settings(stateDirectory: "/nonexistent")
    settings.nameServers = nameServers
    let services = LiveServices(settings)
    defer { services.stop() }
    let desk = try LiveDesk.tables(of: policy.program.program, services)
    guard let answer = desk.wait(for: request) else {
      throw LiveFailure("nobody answers for this table")
    }
    return answer
  }
}
