// What we say to the MTA, as bytes. Trusts its caller that changes were checked
// (`Modification.checked`); lengths of packets follow from that.

package import NIOCore

/// One reply packet, or for `.modification(.replaceBody)` as many as the body needs.
package enum MilterReply: Sendable, Equatable {
  case negotiated(NegotiationAnswer)
  case proceed
  case accept
  /// Refused with the MTA's own words; ours go by `.refuse`.
  case reject
  case tempfail
  case discard
  /// Continue, and send no more of the body.
  case skip
  /// Still at work: the MTA's time limit starts anew.
  case progress
  /// Refused with code, enhanced code and text.
  case refuse(SMTPReply)
  case modification(Modification)
}

extension ByteBuffer {
  /// Appends the reply's packet.
  package mutating func writeReply(_ reply: MilterReply) {
    switch reply {
    case .proceed: writeLetter("c")
    case .accept: writeLetter("a")
    case .reject: writeLetter("r")
    case .tempfail: writeLetter("t")
    case .discard: writeLetter("d")
    case .skip: writeLetter("s")
    case .progress: writeLetter("p")
    case .refuse(let reply): writeRefusal(reply)
    case .negotiated(let answer): writeNegotiation(answer)
    case .modification(let modification): writeModification(modification)
    }
  }

  private mutating func writeLetter(_ letter: Unicode.Scalar) {
    writeMultipleIntegers(UInt32(1), UInt8(ascii: letter))
  }

  /// A packet whose data is written by `data`; its length is set afterwards.
  private mutating func writePacket(_ letter: Unicode.Scalar, _ data: (inout ByteBuffer) -> Void) {
    let start = writerIndex
    writeMultipleIntegers(UInt32(0), UInt8(ascii: letter))
    data(&self)
    setInteger(UInt32(writerIndex - start - 4), at: start)
  }

  /// RFC 5321 §4.2.1: all lines but the last have "-" after the code.
  private mutating func writeRefusal(_ reply: SMTPReply) {
    let lines = reply.wireLines
    writePacket("y") { buffer in
      for (index, line) in lines.enumerated() {
        let isLast = index == lines.count - 1
        buffer.writeString(reply.code)
        buffer.writeInteger(UInt8(ascii: isLast ? " " : "-"))
        buffer.writeString(reply.enhanced)
        buffer.writeInteger(UInt8(ascii: " "))
        buffer.writeBytes(line)
        if !isLast { buffer.writeString("\r\n") }
      }
      buffer.writeInteger(UInt8(0))
    }
  }

  private mutating func writeNegotiation(_ answer: NegotiationAnswer) {
    writePacket("O") { buffer in
      buffer.writeMultipleIntegers(
        answer.version, answer.actions.rawValue, answer.steps.rawValue)
      for stage in MacroStage.allCases {
        guard let names = answer.macroLists[stage] else { continue }
        buffer.writeInteger(UInt32(stage.rawValue))
        buffer.writeNulTerminated(names.joined(separator: " "))
      }
    }
  }

  private mutating func writeModification(_ modification: Modification) {
    switch modification {
    case .addHeader(let name, let value):
      writePacket("h") { $0.writeHeader(name, value) }
    case .insertHeader(let index, let name, let value):
      writePacket("i") { buffer in
        buffer.writeInteger(UInt32(clamping: index))
        buffer.writeHeader(name, value)
      }
    case .changeHeader(let name, let occurrence, let value):
      writePacket("m") { buffer in
        buffer.writeInteger(UInt32(clamping: occurrence))
        buffer.writeHeader(name, value)
      }
    case .replaceBody(let body): writeBody(body)
    case .addRecipient(let address, let arguments) where arguments.isEmpty:
      writePacket("+") { $0.writeNulTerminated(address) }
    case .addRecipient(let address, let arguments):
      writePacket("2") { $0.writeAddress(address, arguments) }
    case .deleteRecipient(let address):
      writePacket("-") { $0.writeNulTerminated(address) }
    case .changeSender(let address, let arguments):
      writePacket("e") { $0.writeAddress(address, arguments) }
    case .quarantine(let reason):
      writePacket("q") { $0.writeNulTerminated(reason) }
    }
  }

  private mutating func writeBody(_ body: [UInt8]) {
    let chunkBytes = WireLimits.replyDataBytesMax
    let packets = (body.count + chunkBytes - 1) / chunkBytes
    reserveCapacity(minimumWritableBytes: body.count + 5 * packets)
    var start = 0
    while start < body.count {
      let end = min(start + chunkBytes, body.count)
      writePacket("b") { $0.writeBytes(body[start..<end]) }
      start = end
    }
  }

  private mutating func writeHeader(_ name: String, _ value: [UInt8]) {
    writeNulTerminated(name)
    writeBytes(value)
    writeInteger(UInt8(0))
  }

  private mutating func writeAddress(_ address: String, _ arguments: String) {
    writeNulTerminated(address)
    if !arguments.isEmpty { writeNulTerminated(arguments) }
  }

  private mutating func writeNulTerminated(_ text: String) {
    writeString(text)
    writeInteger(UInt8(0))
  }
}
