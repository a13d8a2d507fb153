// The phases of an SMTP session in which rules run, and what each lets a policy know and do.
// One piece of data: the checker, the verifier, the machine and the manual all read it.

/// One point of an SMTP session at which the blocks of that name run, in session order.
package enum Phase: UInt8, CaseIterable, BitwiseCopyable, Sendable, Comparable {
  case connect, helo, mail, rcpt, data, headers, message, part, eom

  /// The word after `phase` in a policy.
  package var name: String { Self.spellings[Int(rawValue)] }
  private static let spellings = spelled()

  /// When a run of this phase takes place, for the manual and for messages.
  package var runs: String {
    switch self {
    case .connect: "once a connection"
    case .helo: "at each HELO or EHLO"
    case .mail: "at each MAIL FROM"
    case .rcpt: "at each RCPT TO"
    case .data: "before the content"
    case .headers: "at the end of the header"
    case .message: "when the whole message is in, before its parts"
    case .part: "for each MIME part, containers before their children"
    case .eom: "at the end of the message"
    }
  }

  package static func < (left: Phase, right: Phase) -> Bool { left.rawValue < right.rawValue }
}

/// A set of phases, one bit each.
package struct PhaseSet: Equatable, BitwiseCopyable, Sendable {
  package var bits: UInt16

  package init(bits: UInt16) { self.bits = bits & PhaseSet.allBits }

  package init(_ phases: [Phase]) {
    bits = phases.reduce(0) { $0 | 1 << UInt16($1.rawValue) }
  }

  private static let allBits = UInt16(1 << Phase.allCases.count) - 1
  package static let all = PhaseSet(bits: allBits)
  package static let none = PhaseSet(bits: 0)

  /// Every phase from `first` to the end of the message.
  package static func from(_ first: Phase) -> PhaseSet {
    PhaseSet(bits: .max << UInt16(first.rawValue))
  }

  package func contains(_ phase: Phase) -> Bool { bits & 1 << UInt16(phase.rawValue) != 0 }
  package func intersection(_ other: PhaseSet) -> PhaseSet { PhaseSet(bits: bits & other.bits) }
  package var phases: [Phase] { Phase.allCases.filter(contains) }

  /// "mail, rcpt and data", for messages.
  package var phrase: String {
    let names = phases.map(\.name)
    guard let last = names.last else { return "no phase" }
    return names.count == 1 ? last : names.dropLast().joined(separator: ", ") + " and " + last
  }
}
