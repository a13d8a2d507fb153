// Which checks can start before their rule asks: those of words that are known by then, and that
// are asked whenever no rule before them decides. So they run side by side, and while the mail
// server still sends; what a rule asks only under a condition is never asked for nothing.

/// A check that can start early.
package struct EarlyCheck: Equatable, Sendable {
  /// Into `Program.checks`.
  package let check: UInt32
  /// The phase whose run asks it.
  package let asked: Phase
  /// From this phase on all its words are known.
  package let known: Phase
}

extension CheckKind {
  /// The first phase in which everything is known that a check of this kind asks about, where that
  /// is no text of a rule's making. Nil for what must not be asked twice or in vain: it counts,
  /// costs other hosts something, or is about what a rule has at hand.
  fileprivate var knownFrom: Phase? {
    switch self {
    case .dnsbl, .rdns: .connect
    case .spf, .knownSender: .mail
    case .dkim, .dmarc, .arc, .scan: .message
    case .hashbl, .mx, .callout, .greylist, .rate, .duplicate, .table, .suite, .unpack, .errands:
      nil
    }
  }
}

extension Program {
  /// All of them, in the order in which the phases ask.
  package var earlyChecks: [EarlyCheck] {
    var found: [EarlyCheck] = []
    for entry in phases where entry.phase != .part {
      for check in surely(askedIn: Int(entry.block)) {
        guard let known = knownFrom(checks[Int(check)]) else { continue }
        let early = EarlyCheck(check: check, asked: entry.phase, known: known)
        if !found.contains(early) { found.append(early) }
      }
    }
    return found.sorted { $0.asked < $1.asked }
  }

  private func knownFrom(_ spec: CheckSpec) -> Phase? {
    // What is about a loop's part or recipient is not known beforehand; a listed domain or a named
    // address is a text.
    let isOfText = (spec.kind == .dnsbl || spec.kind == .knownSender) && spec.textCount > 0
    let isRead = spec.kind == .scan && spec.aspect == ScanQuestion.facts.rawValue
    return spec.loop > 0 || isOfText || isRead ? nil : spec.kind.knownFrom
  }

  /// The checks that every run through a block asks which no verdict ends. All jumps but a loop's
  /// go forward, so what no jump leads over is on every way. Calls lead to blocks before this one.
  private func surely(askedIn block: Int) -> [UInt32] {
    var found: [UInt32] = []
    let start = Int(blocks[block].start)
    let end = block + 1 < blocks.count ? Int(blocks[block + 1].start) : code.count
    var reach = start
    for pc in start..<end {
      let instruction = code[pc]
      if instruction.opcode.shape.c == .target { reach = max(reach, Int(instruction.c)) }
      guard pc >= reach else { continue }
      switch instruction.opcode {
      case .check: found.append(instruction.c)
      case .call: found += surely(askedIn: Int(instruction.c))
      case .stop, .return: return found
      default: break
      }
    }
    return found
  }
}
