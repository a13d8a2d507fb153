// Changes of the fields that describe a part: the same for the top, whose header the MTA is told
// about field by field, and for the header of a part, which is written as text.

internal import MailMessage

/// Fields with their new values; nil takes a field away. Each name is left at most once.
struct HeaderPatch: Sendable {
  private(set) var fields: [(name: String, value: [UInt8]?)] = []

  var isEmpty: Bool { fields.isEmpty }

  /// Fields that state the size or digest of a body as it was (RFC 1864; RFC 1036 §2.2.12).
  static let stale: HeaderPatch = {
    var patch = HeaderPatch()
    for name in ["content-length", "content-md5", "lines"] { patch.remove(name) }
    return patch
  }()

  func contains(_ name: String) -> Bool {
    fields.contains { HeaderText.isSameName($0.name, name) }
  }

  mutating func set(_ name: String, _ value: [UInt8]) { put(name, value) }

  mutating func remove(_ name: String) { put(name, nil) }

  mutating func add(_ other: HeaderPatch) {
    for field in other.fields { put(field.name, field.value) }
  }

  private mutating func put(_ name: String, _ value: [UInt8]?) {
    fields.removeAll { HeaderText.isSameName($0.name, name) }
    fields.append((name, value))
  }

  func apply(to header: inout EditedHeader, in message: MailMessage) {
    for field in fields {
      if let value = field.value {
        header.setOnly(field.name, value, in: message)
      } else {
        header.removeAll { HeaderText.isSameName($0, field.name) }
      }
    }
    let isVersioned = fields.contains { HeaderText.isContentField($0.name) && $0.value != nil }
    if isVersioned, !header.contains("MIME-Version") {
      header.setOnly("MIME-Version", Array("1.0".utf8), in: message)
    }
  }

  /// The lines of a part's header up to `end`, changed: a field in the place of its first
  /// occurrence, or behind all others.
  func apply(to part: Part, until end: Int, of bytes: [UInt8], _ out: inout Pieces) {
    var position = part.header.lowerBound
    var isWritten = [Bool](repeating: false, count: fields.count)
    for field in part.fields where field.line.lowerBound < end {
      let found = fields.firstIndex { wanted in
        field.name.count == wanted.name.utf8.count
          && HeaderText.isSameName(
            String(decoding: bytes[field.name], as: UTF8.self), wanted.name)
      }
      guard let place = found else { continue }
      let name = String(decoding: bytes[field.name], as: UTF8.self)
      out.keep(position..<field.line.lowerBound)
      position = field.line.upperBound
      guard !isWritten[place], let value = fields[place].value else { continue }
      isWritten[place] = true
      var line: [UInt8] = []
      HeaderLine.append(name, value, to: &line)
      out.write(line)
    }
    if position < end {
      out.keep(position..<end)
      if bytes[end - 1] != 0x0A, bytes[end - 1] != 0x0D { out.writeLineEnd() }
    }
    for (place, field) in fields.enumerated() where !isWritten[place] {
      guard let value = field.value else { continue }
      var line: [UInt8] = []
      HeaderLine.append(field.name, value, to: &line)
      out.write(line)
    }
  }
}
