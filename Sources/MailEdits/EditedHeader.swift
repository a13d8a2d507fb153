// The header as edits leave it: what later tests see, and what the changes for the MTA are made
// from. Because only the difference between first and last state is sent, edits that undo each
// other send nothing.

package import MailMessage

/// The fields of a message's header, with edits applied.
package struct EditedHeader: Sendable {
  package struct Field: Sendable, Equatable {
    /// Index in `MailMessage.headers`; nil for a field that an edit added.
    package let original: Int?
    package let name: String
    /// Clean text (UTF-8, one line); nil where the field is as received.
    package fileprivate(set) var value: [UInt8]?
  }

  package private(set) var fields: [Field]
  private let limits: EditLimits

  package init(_ message: MailMessage, limits: EditLimits = EditLimits()) {
    self.limits = limits
    fields = message.headers.indices.map { index in
      let name = message.bytes[message.headers[index].name]
      return Field(original: index, name: String(decoding: name, as: UTF8.self), value: nil)
    }
  }

  /// Applies one edit. Returns false, and does nothing, where the name is not one of a field.
  @discardableResult
  package mutating func apply(_ edit: HeaderEdit, in message: MailMessage) -> Bool {
    switch edit {
    case .add(let name, let value, let last):
      return insert(name, value, at: last ? fields.count : 0)
    case .insert(let name, let value, let index):
      return insert(name, value, at: max(0, min(index, fields.count)))
    case .set(let name, let value, let occurrence):
      return set(name, value, occurrence ?? 1, in: message)
    case .delete(let name, let occurrences):
      guard HeaderText.isValidName(name) else { return false }
      delete(name, occurrences)
      return true
    }
  }

  private mutating func insert(_ name: String, _ value: [UInt8], at index: Int) -> Bool {
    guard HeaderText.isValidName(name) else { return false }
    let clean = HeaderText.clean(value, bytesMax: limits.headerValueBytesMax)
    fields.insert(Field(original: nil, name: name, value: clean), at: index)
    return true
  }

  private mutating func set(
    _ name: String, _ value: [UInt8], _ occurrence: Int, in message: MailMessage
  ) -> Bool {
    guard HeaderText.isValidName(name) else { return false }
    let clean = HeaderText.clean(value, bytesMax: limits.headerValueBytesMax)
    guard let index = index(of: name, occurrence) else {
      return clean.isEmpty || insert(name, clean, at: fields.count)
    }
    if clean.isEmpty {
      fields.remove(at: index)
    } else if let original = fields[index].original,
      Self.isValue(clean, of: message.headers[original], in: message)
    {
      fields[index].value = nil
    } else {
      fields[index].value = clean
    }
    return true
  }

  private mutating func delete(_ name: String, _ occurrences: [Int]?) {
    let places = fields.indices.filter { HeaderText.isSameName(fields[$0].name, name) }
    var doomed = Set<Int>()
    for number in occurrences ?? Array(1..<places.count + 1) {
      let place = number > 0 ? number - 1 : places.count + number
      if number != 0, places.indices.contains(place) { doomed.insert(places[place]) }
    }
    guard !doomed.isEmpty else { return }
    fields = fields.indices.filter { !doomed.contains($0) }.map { fields[$0] }
  }

  /// The place of an occurrence that counts from 1, or from the end with -1.
  private func index(of name: String, _ occurrence: Int) -> Int? {
    let places = fields.indices.filter { HeaderText.isSameName(fields[$0].name, name) }
    let place = occurrence > 0 ? occurrence - 1 : places.count + occurrence
    return occurrence != 0 && places.indices.contains(place) ? places[place] : nil
  }

  /// True where the field says this already: as it stands, or decoded (RFC 2047).
  private static func isValue(
    _ clean: [UInt8], of field: HeaderField, in message: MailMessage
  ) -> Bool {
    var text: [UInt8] = []
    message.appendUnfolded(field, to: &text)
    if text == clean { return true }
    text.removeAll(keepingCapacity: true)
    message.appendDecoded(field, to: &text)
    return text == clean
  }

  // MARK: What edits of the body need

  /// Makes `name` stand exactly once, with this value.
  mutating func setOnly(_ name: String, _ value: [UInt8], in message: MailMessage) {
    _ = set(name, value, 1, in: message)
    let places = fields.indices.filter { HeaderText.isSameName(fields[$0].name, name) }
    if places.count > 1 { delete(name, Array(2...places.count)) }
  }

  mutating func removeAll(where isDoomed: (String) -> Bool) {
    fields.removeAll { isDoomed($0.name) }
  }

  /// - Parameter isDoomed: told the index among the received fields, and the value where an edit
  ///   gave another.
  mutating func removeReceived(
    named name: String, where isDoomed: (_ original: Int, _ value: [UInt8]?) -> Bool
  ) {
    fields.removeAll { field in
      guard let original = field.original, HeaderText.isSameName(field.name, name) else {
        return false
      }
      return isDoomed(original, field.value)
    }
  }

  func contains(_ name: String) -> Bool {
    fields.contains { HeaderText.isSameName($0.name, name) }
  }

  /// Takes out what is asked for: later ones of fields that may stand once, controls in values.
  mutating func mend(
    _ mends: Set<Mend>, in message: MailMessage, _ limits: EditLimits, keepsContentFields: Bool
  ) {
    var seen: Set<String> = []
    fields.removeAll { field in
      let key = field.name.lowercased()
      if keepsContentFields, HeaderText.isContentField(key) { return false }
      let isWanted =
        (mends.contains(.duplicateHeaders) && Part.onceOnlyNames.contains(key))
        || (mends.contains(.duplicateContentType) && key == "content-type")
      return isWanted && !seen.insert(key).inserted
    }
    guard !mends.isDisjoint(with: [.nul, .bareCR]) else { return }
    for index in fields.indices {
      guard let original = fields[index].original, fields[index].value == nil else { continue }
      let field = message.headers[original]
      let line = message.bytes[field.line]
      if keepsContentFields, HeaderText.isContentField(fields[index].name) { continue }
      let isOdd =
        (mends.contains(.nul) && line.contains(0))
        || (mends.contains(.bareCR) && HeaderText.hasBareReturn(line))
      guard isOdd else { continue }
      var value: [UInt8] = []
      message.appendUnfolded(field, to: &value)
      fields[index].value = HeaderText.clean(value, bytesMax: limits.headerValueBytesMax)
    }
  }
}
