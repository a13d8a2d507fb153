// The score: fixed point, one count for each SYMBOL and message (LANGUAGE.md §3).
internal import RuleBytecode

struct ScoreBoard {
  private struct Share {
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
  private var recipient = Share()

  mutating func add(_ amount: Int64, symbol: UInt32, in phase: Phase) {
    guard !connect.symbols.contains(symbol), !helo.symbols.contains(symbol),
      !message.symbols.contains(symbol)
    else { return }
    // What a recipient's run counted is not seen outside it, so there the symbol is still free.
    if phase == .rcpt, recipient.symbols.contains(symbol) { return }
    switch phase {
    case .connect: count(amount, symbol, &connect)
    case .helo: count(amount, symbol, &helo)
    case .rcpt: count(amount, symbol, &recipient)
    default: count(amount, symbol, &message)
    }
  }

  private func count(_ amount: Int64, _ symbol: UInt32, _ share: inout Share) {
    share.add(amount)
    share.symbols.insert(symbol)
  }

  /// What the rules see: the recipient's part only in its own run.
  func sum(in phase: Phase) -> Int64 {
    var total = connect
    total.add(helo.sum)
    total.add(message.sum)
    if phase == .rcpt { total.add(recipient.sum) }
    return total.sum
  }

  mutating func beginHelo() { helo = Share() }
  mutating func beginMessage() {
    message = Share()
    recipient = Share()
  }
  mutating func beginRecipient() { recipient = Share() }
}
