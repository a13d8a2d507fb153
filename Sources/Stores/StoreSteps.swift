// The steps of storing something, told one by one. Tests end the process at each of them and look
// what is left; the daemon passes nothing and pays one call of an empty closure a step.

package enum StoreStep: Sendable, CaseIterable {
  case folderMade, temporaryMade, written, synced, renamed, folderSynced
  case transactionBegun, inserted, committed
}

package struct StoreSteps: Sendable {
  package static let untold = StoreSteps { _ in }

  private let tell: @Sendable (StoreStep) -> Void

  package init(_ tell: @escaping @Sendable (StoreStep) -> Void) { self.tell = tell }

  func reached(_ step: StoreStep) { tell(step) }
}
