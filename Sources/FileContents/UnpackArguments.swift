// An order as arguments of the process that carries it out: numbers in this order, then the name.

package struct UnpackArguments: Equatable, Sendable {
  package private(set) var limits = ArchiveLimits()
  package private(set) var budget: ArchiveBudget
  package let name: String?

  package init(_ order: UnpackOrder) {
    limits = order.limits
    budget = order.budget
    name = order.name
  }

  /// Nil for what `arguments` does not write.
  package init?(_ arguments: [String]) {
    let numbers = arguments.prefix(8).compactMap { Int($0) }
    guard numbers.count == 8, arguments.count <= 9, numbers.allSatisfy({ $0 >= 0 }) else {
      return nil
    }
    limits.entriesMax = numbers[0]
    limits.ratioMax = max(1, numbers[1])
    limits.depthMax = numbers[2]
    limits.unpackedBytesMax = numbers[3]
    budget = ArchiveBudget(limits)
    budget.entries = numbers[4]
    budget.unpackedBytes = numbers[5]
    budget.nameBytes = numbers[6]
    budget.keptHeads = numbers[7]
    name = arguments.count == 9 ? arguments[8] : nil
  }

  package var arguments: [String] {
    let numbers = [
      limits.entriesMax, limits.ratioMax, limits.depthMax, limits.unpackedBytesMax,
      budget.entries, budget.unpackedBytes, budget.nameBytes, budget.keptHeads,
    ]
    // No argument of a process can hold NUL.
    let shown = name.map { String($0.unicodeScalars.filter { $0.value != 0 }.prefix(512)) }
    return numbers.map { String($0) } + (shown.map { [$0] } ?? [])
  }
}
