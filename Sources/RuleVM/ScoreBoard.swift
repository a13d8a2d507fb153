// The score: fixed point, one count for each SYMBOL and message (LANGUAGE.md §3).
internal import RuleBytecode

struct ScoreBoard {
  struct Share {
    var sum: Int64 = 0
    var symbols: Set<UInt32> = []

    /// Saturates: a policy cannot make the sum wrap.
    mutating func add(_ amount: Int64) {
      let (value, overflow) = sum.addingReportingOverflow(amount)
      sum = overflow ? (amount > 0 ? .max : .min) : value
    }
  }

  /// From connect, and from the current HELO; both count in each message.
  private var connect = Share()
  private var helo = Share()
  private var message = Share()
  /// Of the recipient whose run or turn it is.
  var recipientShare = Share()

  /// - Parameter isEach: the symbol counts each time.
  mutating func add(
    _ amount: Int64, symbol: UInt32, in phase: Phase, isEach: Bool, isOfRecipient: Bool
  ) {
    guard isEach || !isCounted(symbol, isOfRecipient) else { return }
    switch phase {
    case .connect: count(amount, symbol, &connect)
    case .helo: count(amount, symbol, &helo)
    default:
      if isOfRecipient {
        count(amount, symbol, &recipientShare)
      } else {
        count(amount, symbol, &message)
      }
    }
  }

  private func isCounted(_ symbol: UInt32, _ isOfRecipient: Bool) -> Bool {
    // What a recipient's run counted is not seen outside it, so there the symbol is still free.
    connect.symbols.contains(symbol) || helo.symbols.contains(symbol)
      || message.symbols.contains(symbol)
      || (isOfRecipient && recipientShare.symbols.contains(symbol))
  }

  private func count(_ amount: Int64, _ symbol: UInt32, _ share: inout Share) {
    share.add(amount)
    share.symbols.insert(symbol)
  }

  /// What the rules see: the recipient's part only in its own run and turns.
  func sum(withRecipient: Bool) -> Int64 {
    var total = connect
    total.add(helo.sum)
    total.add(message.sum)
    if withRecipient { total.add(recipientShare.sum) }
    return total.sum
  }

  mutating func beginHelo() { helo = Share() }
  mutating func beginMessage() {
    message = Share()
    recipientShare = Share()
  }
  mutating func beginRecipient() { recipientShare = Share() }
}
