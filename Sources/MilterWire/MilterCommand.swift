// What the MTA says: one value for each packet (a body packet may come in pieces).
// The packet is not trusted: every field is bounds-checked, nothing is copied, nothing is sized by
// an announced number.

package import NIOCore

/// The family of the SMTP client's address.
package enum AddressFamily: UInt8, Sendable {
  case unknown = 0x55  // U
  case unix = 0x4C  // L
  case inet = 0x34  // 4
  case inet6 = 0x36  // 6
}

/// What is known of the SMTP client when it connects.
package struct ConnectFacts: Sendable, Equatable {
  /// As the MTA gave it; "[192.0.2.1]" when it knows no name.
  package var hostName: [UInt8]
  package var family: AddressFamily
  /// The address in text, without "IPv6:"; the path for `.unix`; empty for `.unknown`.
  package var address: [UInt8]
  /// 0 = unknown.
  package var port: UInt16

  package init(hostName: [UInt8], family: AddressFamily, address: [UInt8], port: UInt16) {
    self.hostName = hostName
    self.family = family
    self.address = address
    self.port = port
  }
}

/// Strings one after the other, each ended by NUL: a view of the packet.
package struct StringList: Sendable, Equatable {
  package let bytes: ByteBuffer

  /// `bytes` is empty or ends in NUL (the decoder's promise).
  package init(_ bytes: ByteBuffer) { self.bytes = bytes }

  /// The strings, copied, without their NUL.
  package var strings: [[UInt8]] {
    var all: [[UInt8]] = []
    var rest = bytes
    while let end = rest.readableBytesUInt8Span.firstIndexOfNUL {
      // The NUL was found inside the readable bytes.
      all.append(rest.readBytes(length: end) ?? [])
      rest.moveReaderIndex(forwardBy: 1)
    }
    return all
  }

  /// Calls `body` with each name and its value, in order.
  package func forEachPair(_ body: (_ name: Span<UInt8>, _ value: Span<UInt8>) -> Void) {
    let span = bytes.readableBytesUInt8Span
    var start = 0
    while let nameEnd = span.firstIndexOfNUL(from: start),
      let valueEnd = span.firstIndexOfNUL(from: nameEnd + 1)
    {
      body(span.extracting(start..<nameEnd), span.extracting(nameEnd + 1..<valueEnd))
      start = valueEnd + 1
    }
  }
}

/// One event from the MTA. Buffers are slices of what was read.
package enum MilterCommand: Equatable, Sendable {
  case negotiate(NegotiationOffer)
  /// Names and values that belong to the next command of that stage.
  case macros(MacroStage, StringList)
  case connect(ConnectFacts)
  case helo(ByteBuffer)
  /// The path and its ESMTP arguments; at least one string.
  case mail(StringList)
  case recipient(StringList)
  case data
  /// Folds in the value are LF and a blank.
  case header(name: ByteBuffer, value: ByteBuffer)
  case endOfHeaders
  /// A piece of the body; `isLast` with the last piece of a packet (then a reply may be due).
  case body(ByteBuffer, isLast: Bool)
  case endOfBody
  case abort
  case quit
  /// The SMTP client is gone; another one follows on this connection.
  case quitNewConnection
  /// An SMTP command that the MTA does not know.
  case unknown(ByteBuffer)
}

extension Span where Element == UInt8 {
  /// Offset of the first NUL, nil when there is none.
  package var firstIndexOfNUL: Int? { firstIndexOfNUL(from: 0) }

  package func firstIndexOfNUL(from start: Int) -> Int? {
    var index = start
    while index < count {
      if self[index] == 0 { return index }
      index &+= 1
    }
    return nil
  }
}
