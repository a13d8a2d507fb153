// `train`: what scanners are to learn, the very last of what a message brings: nothing waits for
// it, and nothing that fails about it changes what becomes of the message.
internal import RuleBytecode

extension ErrandPlanner {
  /// One for a scanner: of several commands the last word counts.
  func lessons() -> [PlannedErrand] {
    guard session.message != nil, !session.isTruncated else { return [] }
    var scanners: [String] = []
    var last: [String: Int] = [:]
    for index in decisions.carriedOutIndexes(outcome) where decisions.actions[index].kind == .train
    {
      guard let name = decisions.actions[index].argument("scanner") else { continue }
      if last[name] == nil { scanners.append(name) }
      last[name] = index
    }
    return scanners.compactMap { name in
      last[name].map { index in
        let isSpam = decisions.actions[index].flags.contains(.spam)
        let work = Errand.Work.learn(LearningErrand(scanner: name, isSpam: isSpam))
        return PlannedErrand(
          key: .lesson(scanner: name), errand: Errand(work, rule: decisions.actions[index].rule),
          failure: .scanner, wishes: [], what: "train \(name)")
      }
    }
  }
}
