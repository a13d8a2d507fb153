// A change to a message that the MTA is asked to make, and the check that it can be sent safely.
// Names, values and addresses may come from mail: this is the sink where CR, LF and NUL lose their
// power. Measured: sendmail makes a CR LF in a header's *name* a second, forged header.

/// One change; carried out in the order given.
package enum Modification: Sendable, Equatable {
  /// At the end of the header.
  case addHeader(name: String, value: [UInt8])
  /// 0 = before all others.
  case insertHeader(index: Int, name: String, value: [UInt8])
  /// `occurrence` counts the fields of that name from 1; an empty value deletes the field.
  case changeHeader(name: String, occurrence: Int, value: [UInt8])
  /// Lines end in CRLF.
  case replaceBody([UInt8])
  /// `arguments` are ESMTP arguments, "" for none.
  case addRecipient(String, arguments: String)
  /// Exactly as RCPT gave it.
  case deleteRecipient(String)
  case changeSender(String, arguments: String)
  /// The MTA holds the message in its queue.
  case quarantine(reason: String)

  /// What must have been negotiated for it.
  package var action: ProtocolActions {
    switch self {
    case .addHeader, .insertHeader: .addHeaders
    case .changeHeader: .changeHeaders
    case .replaceBody: .changeBody
    case .addRecipient(_, let arguments):
      arguments.isEmpty ? .addRecipients : .addRecipientsWithArguments
    case .deleteRecipient: .deleteRecipients
    case .changeSender: .changeSender
    case .quarantine: .quarantine
    }
  }

  /// The change as it can be sent: names and addresses checked, values cleaned, and with `steps`
  /// of the session a header value that has the blank after its colon when the MTA adds none.
  package func checked(
    actions: ProtocolActions, steps: ProtocolSteps
  ) throws(WireError) -> Modification {
    guard actions.contains(action) else { throw .actionNotNegotiated(action) }
    let spaced = steps.contains(.headerLeadingSpace)
    switch self {
    case .addHeader(let name, let value):
      return .addHeader(name: name, value: try Self.header(name, value, spaced))
    case .insertHeader(let index, let name, let value):
      guard (0...Int(Int32.max)).contains(index) else { throw .badHeaderIndex(index) }
      return .insertHeader(index: index, name: name, value: try Self.header(name, value, spaced))
    case .changeHeader(let name, let occurrence, let value):
      guard (1...Int(Int32.max)).contains(occurrence) else { throw .badHeaderIndex(occurrence) }
      let clean = try Self.header(name, value, spaced && !value.isEmpty)
      return .changeHeader(name: name, occurrence: occurrence, value: clean)
    case .replaceBody(let body):
      // An empty body cannot be told apart from no body by every MTA: one empty line is the same.
      return body.isEmpty ? .replaceBody([13, 10]) : self
    case .addRecipient(let address, let arguments):
      try Self.checkAddress(address, arguments)
      return self
    case .deleteRecipient(let address):
      try Self.checkAddress(address, "")
      return self
    case .changeSender(let address, let arguments):
      try Self.checkAddress(address, arguments)
      return self
    case .quarantine(let reason):
      return .quarantine(reason: Self.cleanReason(reason))
    }
  }

  private static func header(
    _ name: String, _ value: [UInt8], _ spaced: Bool
  ) throws(WireError) -> [UInt8] {
    try checkName(name)
    let clean = cleanValue(value, leadingSpace: spaced)
    // Name, value, two NULs, and the index of four bytes that two of the three changes have.
    let bytes = name.utf8.count + clean.count + 6
    guard bytes <= WireLimits.replyDataBytesMax else {
      throw .changeTooLong(bytes: bytes, limitBytes: WireLimits.replyDataBytesMax)
    }
    return clean
  }

  /// RFC 5322 §2.2: printable ASCII except the colon.
  private static func checkName(_ name: String) throws(WireError) {
    let isName = name.utf8.allSatisfy { (33...126).contains($0) && $0 != UInt8(ascii: ":") }
    guard isName, !name.isEmpty else { throw .badHeaderName(name) }
  }

  /// Folds become LF and their blank (the wire's form); other CR, LF and NUL become blanks.
  private static func cleanValue(_ value: [UInt8], leadingSpace: Bool) -> [UInt8] {
    var clean: [UInt8] = []
    clean.reserveCapacity(value.count + 1)
    let first = value.first ?? 0
    if leadingSpace, first != 32, first != 9, first != 10, first != 13 { clean.append(32) }
    for index in value.indices {
      let byte = value[index]
      switch byte {
      case 13 where index + 1 < value.count && value[index + 1] == 10:
        continue  // the LF that follows decides
      case 10 where index + 1 < value.count && (value[index + 1] == 32 || value[index + 1] == 9):
        clean.append(10)
      case 0, 10, 13:
        clean.append(32)
      default:
        clean.append(byte)
      }
    }
    return clean
  }

  /// "" or "<>" is an address too: the null sender.
  private static func checkAddress(
    _ address: String, _ arguments: String
  ) throws(WireError) {
    let bytes = address.utf8.count + arguments.utf8.count + 2
    guard bytes <= WireLimits.replyDataBytesMax else {
      throw .changeTooLong(bytes: bytes, limitBytes: WireLimits.replyDataBytesMax)
    }
    let isPlain = { (text: String) in text.utf8.allSatisfy { $0 >= 32 && $0 != 127 } }
    guard isPlain(address), isPlain(arguments), !address.isEmpty else { throw .badAddress }
  }

  /// Shown in the MTA's queue listing; 200 bytes are a line there.
  private static func cleanReason(_ reason: String) -> String {
    let bytes = reason.utf8.prefix(200).map { (32...126).contains($0) ? $0 : UInt8(ascii: "?") }
    return bytes.isEmpty ? "policy" : String(decoding: bytes, as: UTF8.self)
  }
}
