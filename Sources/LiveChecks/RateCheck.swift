// `rate`: counts, and says whether the limit is passed (`RateCounter` decides).
internal import PolicyMemory
internal import RuleBytecode
internal import RuleVM

struct RateCheck: LiveCheck {
  private let services: LiveServices

  init(_ services: LiveServices) { self.services = services }

  func answer(_ request: CheckRequest) async -> CheckAnswer {
    let words = request.arguments
    guard words.count == 5, let limit = Int64(words[0]), let window = Int64(words[1]),
      let unit = RateUnit.allCases.first(where: { $0.name == words[2] }),
      let amount = Int64(words[3])
    else { return .unreadable }
    let parameters = RateParameters(limit: limit, windowSeconds: window, unit: unit)
    let (key, isDry) = (words[4], request.isDry)
    return await services.remember { (records, now) throws(MemoryFailure) in
      let answer = try RateCounter(records).count(
        amount, key: key, parameters, nowSeconds: now, isDry: isDry)
      return .truth(answer.isOver)
    }
  }
}
