// What the rules decided to change about one message. Nothing happens until `apply`, and then all
// of it or nothing: the plan is a value, and the message is never written to.

package import MailMessage

/// Edits of one message, collected in the order in which rules ask for them.
///
/// What holds where orders disagree:
/// - Of `keep`, `drop`, `replace` and `enclose` on one part the last holds, and takes back all that
///   was ordered for the part before it.
/// - `rename`, `settype`, rewrites of the content: each kind once, the last of a kind; done in the
///   order in which they were asked for, on what is there by then: a replaced part's new text, the
///   part inside of an enclosure. On a part that was dropped they do nothing.
/// - What is dropped or replaced covers all inside of it: edits there do nothing. What is enclosed
///   or renamed covers nothing.
/// - `replace` with `takesAlternatives` and `stripRedundantHTML` drop other parts whatever was
///   ordered for those.
/// - A multipart whose parts all go goes itself; of the message itself, and of an attached one, an
///   empty text is left.
/// - An edit of what is signed or encrypted is refused unless it says otherwise, as if it had not
///   been asked for.
/// - Each header edit sees the header as those before it left it; the fields that describe the body
///   (Content-*) are set last, from what the body is by then.
/// - `canonicalize` and mending come after all others, then what was found out about the message.
package struct EditPlan: Sendable {
  package private(set) var headerEdits: [HeaderEdit] = []
  private(set) var partEdits: [OrderedPartEdit] = []
  private(set) var messageEdits: [OrderedMessageEdit] = []
  private(set) var results: [ResultsField] = []
  /// Where warnings stand.
  package var style = WarningStyle()
  package let limits: EditLimits

  package init(limits: EditLimits = EditLimits()) { self.limits = limits }

  package var isEmpty: Bool { headerEdits.isEmpty && results.isEmpty && !editsBody }

  /// There are orders for more than the header.
  package var editsBody: Bool { !partEdits.isEmpty || !messageEdits.isEmpty }

  /// Each sees the header as the edits before it left it.
  package mutating func edit(header edit: HeaderEdit) { headerEdits.append(edit) }

  /// What was found out about the message stands on top, behind all other edits: nothing that came
  /// from outside under the same name is left.
  package mutating func state(_ results: ResultsField) { self.results.append(results) }

  /// - Parameters:
  ///   - part: Index in `MailMessage.parts`.
  ///   - breaksSignature: Also what is signed or encrypted is altered.
  ///   - record: A number by which the caller can take the order back.
  package mutating func edit(
    part: Int, _ edit: PartEdit, breaksSignature: Bool = false, record: Int? = nil
  ) {
    partEdits.append(
      OrderedPartEdit(part: part, edit: edit, breaksSignature: breaksSignature, record: record))
  }

  /// An edit that is for no part of its own.
  package mutating func edit(
    message edit: MessageEdit, breaksSignature: Bool = false, record: Int? = nil
  ) {
    messageEdits.append(
      OrderedMessageEdit(edit: edit, breaksSignature: breaksSignature, record: record))
  }

  /// A text for the warnings. They add up.
  package mutating func warn(_ text: [UInt8]) { edit(message: .warn(text)) }

  /// As if the orders of this record had never been given: what was ordered before them for the
  /// same part holds again.
  package mutating func takeBack(record: Int) {
    partEdits.removeAll { $0.record == record }
    messageEdits.removeAll { $0.record == record }
  }

  /// As if nothing had been ordered for this part.
  package mutating func takeBack(part: Int) { partEdits.removeAll { $0.part == part } }

  /// What the program of `filter_program` made of a part; `record` is that of the order.
  package mutating func setOutput(_ output: [UInt8], record: Int) {
    for index in partEdits.indices where partEdits[index].record == record {
      guard case .rewrite(.program(let name, _)) = partEdits[index].edit else { continue }
      let order = partEdits[index]
      partEdits[index] = OrderedPartEdit(
        part: order.part, edit: .rewrite(.program(name, output: output)),
        breaksSignature: order.breaksSignature, record: record)
    }
  }

  /// The decoded content of the part that an order is for, as the orders before it leave it: what a
  /// program is given. Nil where that part is none of the message's own, or goes.
  package func content(before record: Int, in message: MailMessage) -> [UInt8]? {
    guard let place = partEdits.firstIndex(where: { $0.record == record }) else { return nil }
    var before = self
    before.partEdits.removeSubrange(place...)
    let index = Seals.target(of: partEdits[place].part, in: message.parts)
    let outcome = PlanResolution(before, message).outcomes[index]
    switch outcome.base {
    case .keep, .enclose, .hoist:
      return LeafEdit.content(message, index, outcome.withoutInsertions, limits)
    case .replace(let replacement): return replacement.changed(by: outcome.changes).text
    case .drop, .empty: return nil
    }
  }

  /// This plan, then another: what one recipient gets is what all get, and its own edits.
  package func followed(by other: EditPlan) -> EditPlan {
    var sum = self
    sum.headerEdits += other.headerEdits
    sum.partEdits += other.partEdits
    sum.messageEdits += other.messageEdits
    sum.results += other.results
    if other.style != WarningStyle() { sum.style = other.style }
    return sum
  }

  /// Whether a part is signed or encrypted, or inside of something that is: then no edit without
  /// `breaksSignature` alters it. Cost: of a text, a look at all of it.
  package static func isSealed(part: Int, in message: MailMessage) -> Bool {
    var seals = Seals(message)
    return seals.seal(of: Seals.target(of: part, in: message.parts)) != nil
  }

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
    guard editsBody else {
      for field in results { header.state(field, in: message) }
      return EditedMessage(message, header, nil, refusals, limits)
    }
    let resolution = PlanResolution(self, message)
    var writer = MessageWriter(message, resolution, limits: limits)
    writer.write(header: &header)
    var body: Splice? = Splice(writer.out, in: message.headerEnd..<message.bytes.count)
    if body?.isEmpty == true { body = nil }
    if let mending = resolution.mending {
      mending.apply(to: message, header: &header, body: &body, limits: limits)
    }
    for field in results { header.state(field, in: message) }
    return EditedMessage(message, header, body, refusals + resolution.refusals, limits)
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
  package var replacements: [RangeReplacement] {
    header.replacements + (body?.replacements ?? [])
  }
  /// The domains (`d=`) of DKIM signatures that verified what is changed, each once.
  package let breaksDKIM: [String]
  private let message: MailMessage
  private let edited: EditedHeader
  private let body: Splice?

  /// Worked out when asked for: the mail server is told changes, and not ranges.
  private var header: Splice {
    var header = edited.splice(in: message, isBlankLineNeeded: body != nil)
    header.finish()
    return header
  }

  init(
    _ message: MailMessage, _ edited: EditedHeader, _ body: Splice?, _ refusals: [EditRefusal],
    _ limits: EditLimits
  ) {
    self.message = message
    self.refusals = refusals
    self.edited = edited
    self.body = body
    headerChanges = edited.changes(in: message)
    let range = message.headerEnd..<message.bytes.count
    newBody = body?.apply(to: message.bytes, in: range)
    breaksDKIM = SignedFields.broken(
      in: message, by: edited, isBodyChanged: body != nil, limits: limits)
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
