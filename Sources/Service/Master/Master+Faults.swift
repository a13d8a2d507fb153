// What is kept of messages on which the filter failed, as the master knows it: workers write them.
internal import JSONOutput
internal import Logging
internal import Stores

extension Master {
  /// What had been in hand at a death before was written down when it came again.
  func tellKept(_ inHand: [HandEntry]) {
    guard let place = FaultPlace(plan.settings) else { return }
    for hand in inHand {
      let id = FaultPlace.id(of: hand.mark)
      guard place.folder.holds(id) else { continue }
      Console.log("the message is kept: \(place.command(id))", about: hand.name, level: .notice)
    }
  }

  /// For `status`; null where none are kept.
  var faults: OrderedJSON {
    guard let totals = FaultPlace(plan.settings)?.folder.totals else { return .null }
    return .object([("count", .number(totals.count)), ("bytes", .number(totals.bytes))])
  }
}
