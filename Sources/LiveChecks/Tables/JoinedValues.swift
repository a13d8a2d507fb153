// Several rows or values of one key, put together as Postfix does: with commas between them. Those
// without a text (NULL) are not there.

struct JoinedValues {
  private let limits: TableCallLimits
  private var count = 0
  /// Nil when there is none.
  private(set) var text: String?

  init(_ limits: TableCallLimits) { self.limits = limits }

  mutating func add(_ value: String) throws(TableTrouble) {
    count += 1
    guard count <= limits.valuesMax else {
      throw TableTrouble("a key has more than \(limits.valuesMax) values", isOfServer: false)
    }
    let joined = text.map { $0 + "," + value } ?? value
    guard joined.utf8.count <= limits.valueBytesMax else { throw .tooLong(limits.valueBytesMax) }
    text = joined
  }
}
