// `greylist`: how long this triple has to wait still (`Greylist` decides).
internal import PolicyMemory
internal import RuleVM

struct GreylistCheck: LiveCheck {
  private let services: LiveServices

  init(_ services: LiveServices) { self.services = services }

  func answer(_ request: CheckRequest) async -> CheckAnswer {
    let words = request.arguments
    let numbers = words.prefix(6).compactMap { Int64($0) }
    guard words.count == 9, numbers.count == 6 else { return .unreadable }
    var parameters = GreylistParameters()
    parameters.delaySeconds = numbers[0]
    parameters.expireSeconds = numbers[1]
    parameters.keepSeconds = numbers[2]
    parameters.net4Bits = Int(numbers[3])
    parameters.net6Bits = Int(numbers[4])
    parameters.allowAfter = numbers[5]
    let question = GreylistQuestion(client: words[6], sender: words[7], recipient: words[8])
    let isDry = request.isDry
    return await services.remember { [parameters] (records, now) throws(MemoryFailure) in
      let decision = try Greylist(records).decide(
        question, parameters, nowSeconds: now, isDry: isDry)
      return .fields(["wait": String(decision.waitSeconds)])
    }
  }
}
