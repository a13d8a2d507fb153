// Which header fields a test looks at: those of the message as edited so far, or with `:mime` those
// of a part and of all inside it (RFC 5703 §4), narrowed by `:index` (RFC 5260 §6).
internal import MailMessage
internal import RuleBytecode

/// A field that a test looks at. Part 0 is the message, whose fields are those of the view.
struct FieldPlace: Hashable {
  let part: Int
  let index: Int
}

/// The names of a query, in lower case: a few are compared, many are hashed.
private struct FieldNames {
  private let few: [[UInt8]]
  private let many: Set<[UInt8]>
  /// The lengths there are, one bit each, those from 63 on together.
  private let lengths: UInt64

  init(_ names: [[UInt8]]) {
    few = names.count <= 2 ? names : []
    many = names.count <= 2 ? [] : Set(names)
    lengths = names.reduce(0) { $0 | Self.bit($1.count) }
  }

  private static func bit(_ length: Int) -> UInt64 { 1 << UInt64(min(length, 63)) }

  func hasLength(_ length: Int) -> Bool { lengths & Self.bit(length) != 0 }

  func contains(_ name: [UInt8]) -> Bool {
    many.isEmpty ? few.contains { $0 == name } : many.contains(name)
  }
}

extension Machine {
  /// `header`: the values of the named fields, or a piece of each.
  mutating func headerValues(
    _ query: QuerySpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> [TextWord] {
    let aspect = MIMEAspect(rawValue: query.detail) ?? .whole
    var values: [TextWord] = []
    for place in try fieldPlaces(query, program) {
      if aspect == .whole {
        values.append(try fieldValue(place))
      } else {
        values += try pieces(of: place, aspect, query, program)
      }
    }
    return values
  }

  /// `exists`: each name stands in a header that is looked at.
  mutating func headerExists(
    _ query: QuerySpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> Bool {
    var found: Set<[UInt8]> = []
    for place in try fieldPlaces(query, program) { found.insert(fieldName(place)) }
    return names(of: query, program).allSatisfy(found.contains)
  }

  /// `address`: the addresses in the named fields (RFC 5228 §5.1).
  mutating func addressValues(
    _ query: QuerySpec, _ spec: MatchSpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> [TextWord] {
    var values: [TextWord] = []
    for place in try fieldPlaces(query, program) {
      let found = try mailboxes(at: place, program)
      // An empty field is no address, and so one for `:all` alone (RFC 5228 §2.7.4).
      if found.isEmpty, spec.addressPart == .all, spec.type != .count,
        try rawValue(place, program).allSatisfy({ $0 == 0x20 || $0 == 0x09 })
      {
        values.append(.empty)
      }
      for mailbox in found {
        guard let text = text(of: mailbox, spec.addressPart) else { continue }
        values.append(try makeText(text.utf8))
      }
    }
    return values
  }

  /// The part of the address that a spec compares; nil for what is not an address
  /// (RFC 5228 §2.7.4: then only `:all` applies), and for a detail that is not there (RFC 5233 §4).
  func text(of mailbox: Mailbox, _ part: AddressPart) -> String? {
    if part == .all { return mailbox.address }
    guard mailbox.isValid else { return nil }
    switch part {
    case .all, .localpart: return mailbox.local
    case .domain: return mailbox.domain
    case .user, .detail:
      let split = Subaddress(mailbox.local, separators: settings.recipientDelimiters)
      return part == .user ? split.user : split.detail
    }
  }

  // MARK: Which fields

  /// The fields that a query means, in the order of the message.
  mutating func fieldPlaces(
    _ query: QuerySpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> [FieldPlace] {
    guard let message else { throw .misplaced("a header field") }
    let names = FieldNames(names(of: query, program))
    var places: [FieldPlace] = []
    for part in try lookedAt(query, message) {
      let count = part == 0 ? headers.fields.count : message.parts[part].fields.count
      try charge(count * 3 * ByteCost.fieldVisit)
      for index in 0..<count {
        let place = FieldPlace(part: part, index: index)
        if isNamed(place, names, message) { places.append(place) }
      }
    }
    return query.index == 0 ? places : narrowed(places, query)
  }

  /// The parts whose headers are meant: the message's, or with `:mime` that of the part at hand,
  /// with `:anychild` also of all inside it.
  private mutating func lookedAt(
    _ query: QuerySpec, _ message: MailMessage
  ) throws(Trap) -> [Int] {
    guard query.flags.contains(.mime) else { return [0] }
    let hasPart = query.loop > 0 || phase == .part
    let part = hasPart ? try part(ofLoop: Int(query.loop)) : 0
    guard query.flags.contains(.anyChild) else { return [part] }
    try charge(message.parts.count * ByteCost.fieldVisit)
    return message.family(of: part)
  }

  /// The field of that number among those of its name.
  private func narrowed(_ places: [FieldPlace], _ query: QuerySpec) -> [FieldPlace] {
    let isFromEnd = query.flags.contains(.last)
    var counts: [[UInt8]: UInt32] = [:]
    var kept: [FieldPlace] = []
    for place in isFromEnd ? places.reversed() : places {
      let name = fieldName(place)
      let count = counts[name, default: 0] + 1
      counts[name] = count
      if count == query.index { kept.append(place) }
    }
    return isFromEnd ? kept.reversed() : kept
  }

  /// Most fields have none of the names, and nearly all of those not even their length.
  private func isNamed(
    _ place: FieldPlace, _ names: FieldNames, _ message: borrowing MailMessage
  ) -> Bool {
    let length =
      place.part == 0
      ? headers.fields[place.index].name.count
      : message.parts[place.part].fields[place.index].name.count
    guard names.hasLength(length) else { return false }
    return names.contains(fieldName(place))
  }

  /// In lower case.
  private func fieldName(_ place: FieldPlace) -> [UInt8] {
    if place.part == 0 { return headers.fields[place.index].name }
    guard let part = message?.parts[place.part] else { return [] }
    return part.bytes[part.fields[place.index].name].map(\.foldedASCII)
  }

  // MARK: Their values

  /// The decoded value, decoded once and paid for.
  mutating func fieldValue(_ place: FieldPlace) throws(Trap) -> TextWord {
    if place.part == 0 { return try headerValue(place.index) }
    if let known = parts.fieldValues[place] { return known }
    guard let message else { throw .misplaced("a header field") }
    let word = try decoded(
      message.parts[place.part].fields[place.index], of: message.parts[place.part])
    parts.fieldValues[place] = word
    return word
  }

  /// A received field's value, decoded into the message's own space.
  mutating func decoded(_ field: HeaderField, of part: Part) throws(Trap) -> TextWord {
    try charge(field.value.count * ByteCost.decodeHeaderPerByte)
    let offset = decodedSpace.count
    part.appendDecoded(field, to: &decodedSpace)
    guard decodedSpace.count <= limits.decodedSpaceBytesMax else {
      throw .spaceFull(name: "decoded message", bytesMax: limits.decodedSpaceBytesMax)
    }
    return TextWord(.decoded, offset: offset, length: decodedSpace.count - offset)
  }

  /// The field as it stands in the message; nil when a rule has written it.
  private func received(_ place: FieldPlace) -> HeaderField? {
    guard let message else { return nil }
    guard place.part == 0 else { return message.parts[place.part].fields[place.index] }
    let field = headers.fields[place.index]
    guard let original = field.original, !field.isChanged else { return nil }
    return message.headers[original]
  }

  /// The bytes of a field's value, folds and all, paid for.
  mutating func rawValue(
    _ place: FieldPlace, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> ArraySlice<UInt8> {
    if let own = received(place), let message {
      try charge(own.value.count * ByteCost.decodeHeaderPerByte)
      return message.parts[place.part].bytes[own.value]
    }
    let value = bytes(of: try fieldValue(place), program)
    try charge(value.count * ByteCost.decodeHeaderPerByte)
    return value
  }

  mutating func mailboxes(
    at place: FieldPlace, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> [Mailbox] {
    let raw = try rawValue(place, program)
    return AddressParser.mailboxes(raw.span)
  }

  /// `:type :subtype :contenttype :param` (RFC 5703 §4.2).
  private mutating func pieces(
    of place: FieldPlace, _ aspect: MIMEAspect, _ query: QuerySpec,
    _ program: borrowing VerifiedProgram
  ) throws(Trap) -> [TextWord] {
    guard let message else { throw .misplaced("a header field") }
    let raw = try rawValue(place, program)
    let header = message.structured(raw.span)
    let names = query.word == 0 ? "" : program.program.string(query.word - 1)
    var words: [TextWord] = []
    for text in header.texts(of: aspect, names) { words.append(try makeText(text.utf8)) }
    return words
  }
}

extension StructuredHeader {
  /// What an option of `:mime` compares; the names of parameters are parted by blanks.
  fileprivate func texts(of aspect: MIMEAspect, _ names: String) -> [String] {
    switch aspect {
    case .whole, .type: [type]
    case .subtype: [subtype]
    case .contenttype: [contentType]
    case .param: names.split(separator: " ").flatMap { parameter(String($0)) }
    }
  }
}
