// Lists of `tag=value;` (RFC 6376 §3.2), as signatures and key records are written. A name that
// stands twice makes the whole list invalid; unknown names mean nothing; one `;` may close it.
internal import MailMessage

/// A list of tags; the ranges are offsets in the bytes that it was read from.
struct TagList: Sendable {
  struct Tag: Sendable {
    /// The value without folding around it.
    let value: Range<Int>
    /// All between `=` and `;`.
    let whole: Range<Int>
  }

  private(set) var tags: [String: Tag] = [:]
  private(set) var firstName = ""

  init(
    _ bytes: Span<UInt8>, _ range: Range<Int>, tagsMax: Int
  ) throws(SignatureReason) {
    var start = range.lowerBound
    while start < range.upperBound {
      var end = start
      while end < range.upperBound, bytes[end] != ASCII.semicolon { end += 1 }
      let isBlankEnd = end == range.upperBound && ASCII.trimmed(bytes, start..<end).isEmpty
      if isBlankEnd, !tags.isEmpty { break }
      try add(bytes, start..<end)
      if tags.count > tagsMax { throw .tooManyTags }
      start = end + 1
    }
    if tags.isEmpty { throw .notATagList }
  }

  subscript(name: String) -> Tag? { tags[name] }

  private mutating func add(
    _ bytes: Span<UInt8>, _ spec: Range<Int>
  ) throws(SignatureReason) {
    guard let equals = spec.first(where: { bytes[$0] == ASCII.equals }) else { throw .notATagList }
    let nameRange = ASCII.trimmed(bytes, spec.lowerBound..<equals)
    guard let first = nameRange.first, !ASCII.isDigit(bytes[first]), bytes[first] != 95,
      nameRange.allSatisfy({ ASCII.isAlphanumeric(bytes[$0]) || bytes[$0] == 95 })
    else { throw .notATagList }
    let whole = equals + 1..<spec.upperBound
    // Bytes from 128 on are left to the tag: a domain refuses them, `n=` and unknown tags need not.
    guard
      whole.allSatisfy({ bytes[$0] > 32 && bytes[$0] != 127 || ASCII.isFolding(bytes[$0]) })
    else { throw .notATagList }
    let name = ASCII.text(bytes, nameRange)
    let tag = Tag(value: ASCII.trimmed(bytes, whole), whole: whole)
    if tags.isEmpty { firstName = name }
    // A tag's name is shown: it is ASCII, and bounded here.
    guard tags.updateValue(tag, forKey: name) == nil else {
      throw .duplicateTag(String(name.prefix(16)))
    }
  }
}
