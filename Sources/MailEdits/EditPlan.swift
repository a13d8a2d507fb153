// What the rules decided to change about one message. Nothing happens until `apply`, and then all
// of it or nothing: the plan is a value, and the message is never written to.

package import MailMessage

/// What becomes of one part.
package enum PartEdit: Sendable, Equatable {
  /// As received; takes back an earlier edit of the same part.
  case keep
  case drop
  case replace(Replacement)
}

/// An edit of a part, as a rule asked for it.
struct OrderedPartEdit: Sendable {
  let part: Int
  let edit: PartEdit
  let breaksSignature: Bool
}

/// Why an edit was not carried out.
package enum EditRefusal: Sendable, Equatable {
  /// The part (index in `MailMessage.parts`) is signed, or inside of something signed.
  case signed(part: Int)
  /// The part is encrypted, or inside of something encrypted.
  case encrypted(part: Int)
  /// Not a field name (RFC 5322 §2.2).
  case headerName(String)
}

/// Edits of one message, collected in the order in which rules ask for them.
package struct EditPlan: Sendable {
  package private(set) var headerEdits: [HeaderEdit] = []
  package private(set) var warnings: [[UInt8]] = []
  private(set) var partEdits: [OrderedPartEdit] = []
  package let limits: EditLimits

  package init(limits: EditLimits = EditLimits()) { self.limits = limits }

  package var isEmpty: Bool { headerEdits.isEmpty && partEdits.isEmpty && warnings.isEmpty }

  /// Each sees the header as the edits before it left it.
  package mutating func edit(header edit: HeaderEdit) { headerEdits.append(edit) }

  /// - Parameter part: Index in `MailMessage.parts`. The last edit of a part holds; one of a
  ///   container that is dropped or replaced covers all inside.
  /// - Parameter breaksSignature: Also what is signed or encrypted is altered.
  package mutating func edit(part: Int, _ edit: PartEdit, breaksSignature: Bool = false) {
    partEdits.append(OrderedPartEdit(part: part, edit: edit, breaksSignature: breaksSignature))
  }

  /// Whether a part is signed or encrypted, or inside of something that is: then no edit without
  /// `breaksSignature` alters it.
  package static func isSealed(part: Int, in message: MailMessage) -> Bool {
    PartFates.isSealed(part, in: message.parts)
  }

  /// A text for the warning that is put first into the message. Warnings add up.
  package mutating func warn(_ text: [UInt8]) { warnings.append(text) }

  /// The header as the edits so far leave it; what tests in `eom` see. (The changes that edits of
  /// the body bring, such as another Content-Type, are not in it.)
  package func header(of message: MailMessage) -> EditedHeader {
    var header = EditedHeader(message, limits: limits)
    for edit in headerEdits { header.apply(edit, in: message) }
    return header
  }

  /// Carries out the plan.
  package func apply(to message: MailMessage) -> EditedMessage {
    var header = EditedHeader(message, limits: limits)
    var refusals: [EditRefusal] = []
    for edit in headerEdits where !header.apply(edit, in: message) {
      refusals.append(.headerName(edit.name))
    }
    let fates = PartFates(message, partEdits)
    var body = BodyWriter(message, fates, limits: limits)
    body.write(warnings: warnings, header: &header)
    body.splice.finish()
    var headerSplice = header.splice(in: message, isBlankLineNeeded: !body.splice.isEmpty)
    headerSplice.finish()
    return EditedMessage(
      message: message, headerChanges: header.changes(in: message), header: headerSplice,
      body: body.splice, refusals: refusals + fates.refusals)
  }
}

extension HeaderEdit {
  var name: String {
    switch self {
    case .add(let name, _, _), .insert(let name, _, _), .set(let name, _, _), .delete(let name, _):
      name
    }
  }
}

/// A message with its edits carried out: what a milter tells the MTA, and the whole as bytes.
package struct EditedMessage: Sendable {
  /// In the order in which the MTA must be told.
  package let headerChanges: [HeaderChange]
  /// The whole new body; nil where not one byte of it changes.
  package let newBody: [UInt8]?
  package let refusals: [EditRefusal]
  /// Every range of the raw message that is written anew, sorted and disjoint: all other bytes
  /// stay.
  package let replacements: [RangeReplacement]
  private let message: MailMessage
  private let header: Splice

  init(
    message: MailMessage, headerChanges: [HeaderChange], header: Splice, body: Splice,
    refusals: [EditRefusal]
  ) {
    self.message = message
    self.headerChanges = headerChanges
    self.header = header
    self.refusals = refusals
    replacements = header.replacements + body.replacements
    let range = message.headerEnd..<message.bytes.count
    newBody = body.isEmpty ? nil : body.apply(to: message.bytes, in: range)
  }

  package var isUnchanged: Bool { headerChanges.isEmpty && newBody == nil }

  /// The whole resulting message.
  package func bytes() -> [UInt8] {
    var bytes = header.apply(to: message.bytes, in: 0..<message.headerEnd)
    if let newBody {
      bytes.append(contentsOf: newBody)
    } else {
      bytes.append(contentsOf: message.bytes[message.headerEnd...])
    }
    return bytes
  }
}
