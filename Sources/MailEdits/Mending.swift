// `canonicalize`: after all other edits the message is written anew, or some of what is odd about
// it is taken out. Never done unasked.

internal import MailMessage

struct Mending: Sendable {
  /// Everything, by writing the message anew.
  private var isWhole = false
  private var mends: Set<Mend> = []
  private var breaksSignature = false

  func adding(_ only: Set<Mend>?, breaksSignature: Bool) -> Mending {
    var sum = self
    if let only { sum.mends.formUnion(only) } else { sum.isWhole = true }
    sum.breaksSignature = self.breaksSignature || breaksSignature
    return sum
  }

  func apply(
    to message: MailMessage, header: inout EditedHeader, body: inout Splice?, limits: EditLimits
  ) {
    let edited = EditedMessage(message, header, body, [], limits)
    let current = edited.isUnchanged ? message : MailMessage(edited.bytes(), limits: message.limits)
    let new: [UInt8]?
    if isWhole {
      new = rewrite(current, header: &header, of: message, limits)
    } else {
      var writer = MendWriter(current, mends, breaksSignature: breaksSignature)
      new = writer.body()
    }
    var seals = Seals(current)
    let isSealed = !breaksSignature && seals.own(0) != nil
    header.mend(
      isWhole ? Set(Mend.allCases) : mends, in: message, limits, keepsContentFields: isSealed)
    guard let new, !new.elementsEqual(current.bytes[current.headerEnd...]) else { return }
    HeaderPatch.stale.apply(to: &header, in: message)
    var whole = Splice()
    whole.replace(message.headerEnd..<message.bytes.count, with: new)
    body = whole
  }

  private func rewrite(
    _ current: MailMessage, header: inout EditedHeader, of message: MailMessage,
    _ limits: EditLimits
  ) -> [UInt8]? {
    var writer = CanonicalWriter(current, limits: limits, breaksSignature: breaksSignature)
    guard let top = writer.top() else { return nil }
    header.removeAll { name in
      HeaderText.isContentField(name)
        && !top.fields.contains { HeaderText.isSameName($0.name, name) }
    }
    for field in top.fields { header.setOnly(field.name, field.value, in: message) }
    if !top.fields.isEmpty, !header.contains("MIME-Version") {
      header.setOnly("MIME-Version", Array("1.0".utf8), in: message)
    }
    return top.body
  }
}
