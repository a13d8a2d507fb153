// The constants of the milter protocol, version 6, as both ends use them on the wire
// (the numbers are those of libmilter's mfdef.h and mfapi.h). Trusts nothing.

/// Versions of the protocol that this filter speaks.
package enum MilterProtocol {
  /// The oldest version understood; version 1 was never in use outside sendmail 8.10 betas.
  package static let oldestVersion: UInt32 = 2
  /// What we answer at most; an MTA that offers more is answered with this.
  package static let newestVersion: UInt32 = 6
}

/// Steps of the protocol that can be left out, and replies that can be left out (`SMFIP_…`).
package struct ProtocolSteps: OptionSet, Hashable, Sendable {
  package let rawValue: UInt32
  package init(rawValue: UInt32) { self.rawValue = rawValue }

  package static let noConnect = ProtocolSteps(rawValue: 0x1)
  package static let noHELO = ProtocolSteps(rawValue: 0x2)
  package static let noMAIL = ProtocolSteps(rawValue: 0x4)
  package static let noRCPT = ProtocolSteps(rawValue: 0x8)
  package static let noBody = ProtocolSteps(rawValue: 0x10)
  package static let noHeaders = ProtocolSteps(rawValue: 0x20)
  package static let noEndOfHeaders = ProtocolSteps(rawValue: 0x40)
  package static let noReplyHeader = ProtocolSteps(rawValue: 0x80)
  package static let noUnknown = ProtocolSteps(rawValue: 0x100)
  package static let noDATA = ProtocolSteps(rawValue: 0x200)
  /// The MTA understands "skip the rest of the body".
  package static let skip = ProtocolSteps(rawValue: 0x400)
  /// The MTA would send recipients that it refused itself.
  package static let refusedRecipients = ProtocolSteps(rawValue: 0x800)
  package static let noReplyConnect = ProtocolSteps(rawValue: 0x1000)
  package static let noReplyHELO = ProtocolSteps(rawValue: 0x2000)
  package static let noReplyMAIL = ProtocolSteps(rawValue: 0x4000)
  package static let noReplyRCPT = ProtocolSteps(rawValue: 0x8000)
  package static let noReplyDATA = ProtocolSteps(rawValue: 0x10000)
  package static let noReplyUnknown = ProtocolSteps(rawValue: 0x20000)
  package static let noReplyEndOfHeaders = ProtocolSteps(rawValue: 0x40000)
  package static let noReplyBody = ProtocolSteps(rawValue: 0x80000)
  /// Header values keep the blanks after the colon, in both directions.
  package static let headerLeadingSpace = ProtocolSteps(rawValue: 0x100000)

  /// All that version 6 defines.
  package static let all = ProtocolSteps(rawValue: 0x1F_FFFF)
}

/// Changes that a filter may ask for (`SMFIF_…`).
package struct ProtocolActions: OptionSet, Hashable, Sendable {
  package let rawValue: UInt32
  package init(rawValue: UInt32) { self.rawValue = rawValue }

  package static let addHeaders = ProtocolActions(rawValue: 0x1)
  package static let changeBody = ProtocolActions(rawValue: 0x2)
  package static let addRecipients = ProtocolActions(rawValue: 0x4)
  package static let deleteRecipients = ProtocolActions(rawValue: 0x8)
  package static let changeHeaders = ProtocolActions(rawValue: 0x10)
  package static let quarantine = ProtocolActions(rawValue: 0x20)
  package static let changeSender = ProtocolActions(rawValue: 0x40)
  package static let addRecipientsWithArguments = ProtocolActions(rawValue: 0x80)
  package static let setMacroList = ProtocolActions(rawValue: 0x100)

  /// All that version 6 defines.
  package static let all = ProtocolActions(rawValue: 0x1FF)
}

/// When the MTA sends macros. Raw values are the places of macro lists (`SMFIM_…`).
package enum MacroStage: UInt8, CaseIterable, Hashable, Sendable {
  case connect = 0
  case helo = 1
  case mail = 2
  case recipient = 3
  case data = 4
  case endOfMessage = 5
  case endOfHeaders = 6
  /// Macros of a command without a list of its own (header, body, unknown, abort).
  case other = 7

  /// The stage of the command with this letter, nil when there is no such command.
  package init?(commandLetter: UInt8) {
    switch commandLetter {
    case UInt8(ascii: "C"): self = .connect
    case UInt8(ascii: "H"): self = .helo
    case UInt8(ascii: "M"): self = .mail
    case UInt8(ascii: "R"): self = .recipient
    case UInt8(ascii: "T"): self = .data
    case UInt8(ascii: "E"): self = .endOfMessage
    case UInt8(ascii: "N"): self = .endOfHeaders
    case UInt8(ascii: "L"), UInt8(ascii: "B"), UInt8(ascii: "U"), UInt8(ascii: "A"):
      self = .other
    default: return nil
    }
  }
}
