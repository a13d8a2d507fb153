// What can be wrong with bytes from the MTA, or with a change that we are about to send.

/// A fault of the wire. Those of packets end the connection; those of changes fail the message.
package enum WireError: Error, Equatable, Sendable {
  /// A packet of length 0: it has not even a command.
  case emptyPacket
  /// The announced length is over `WireLimits.packetBytesMax`.
  case packetTooLong(bytes: Int, limitBytes: Int)
  case unknownCommand(UInt8)
  /// The packet ends before its last field.
  case truncated(command: UInt8)
  /// The packet goes on after its last field.
  case trailingBytes(command: UInt8)
  /// Protocol version older than `MilterProtocol.oldestVersion`.
  case unsupportedVersion(UInt32)
  case unknownAddressFamily(UInt8)
  /// Macros of a command that does not exist.
  case unknownMacroStage(UInt8)
  /// More words in MAIL or RCPT than `WireLimits.argumentsMax`.
  case tooManyArguments(limit: Int)

  /// Not a field name by RFC 5322 §2.2.
  case badHeaderName(String)
  /// Header indices count from 1, insert positions from 0.
  case badHeaderIndex(Int)
  /// A change that does not fit into one packet of 64 KiB, the most that MTAs read.
  case changeTooLong(bytes: Int, limitBytes: Int)
  /// An address with control characters, or empty where one is needed.
  case badAddress
  /// A change that was not negotiated with this MTA.
  case actionNotNegotiated(ProtocolActions)
}

/// Limits of the wire; each is tested at its value and one past it.
package struct WireLimits: Sendable, Equatable {
  /// Command letter and data of one packet. libmilter's largest negotiable size is 1 MiB of data;
  /// Postfix sends headers up to its `header_size_limit` (102,400) whole.
  package var packetBytesMax = 1_048_577
  /// Words of MAIL and RCPT, the path included. RFC 5321 extensions are about a dozen.
  package var argumentsMax = 128

  package init() {}

  /// The data of one reply packet; MTAs close the connection at more (`MILTER_CHUNK_SIZE`).
  package static let replyDataBytesMax = 65_535
}
