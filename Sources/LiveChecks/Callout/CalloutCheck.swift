// `recipient_known`: asks the mail server that the policy names, or that of the address's domain.
internal import NIOCore
internal import NIOPosix
internal import RuleBytecode
internal import RuleVM

struct CalloutCheck: LiveCheck {
  private let callouts: Callouts

  init(_ callouts: Callouts) { self.callouts = callouts }

  func answer(_ request: CheckRequest) async -> CheckAnswer {
    guard request.arguments.count == 2 else {
      return .failed(.callout, reason: "the question cannot be read")
    }
    let question = CalloutQuestion(server: request.arguments[0], address: request.arguments[1])
    return await callouts.answer(
      to: question, timeoutMilliseconds: request.timeoutMilliseconds
    ).answer
  }
}

/// This host's own addresses, as its network has them now.
enum OwnAddresses {
  static var current: Set<IPAddress> {
    let devices = (try? System.enumerateDevices()) ?? []
    return Set(devices.compactMap { $0.address?.ipAddress.flatMap { IPAddress($0) } })
  }
}
