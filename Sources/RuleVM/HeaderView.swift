// The message's header as the rules see it: as received, with the edits made so far.
internal import MailMessage
internal import RuleBytecode

/// Fields in order; a field is the message's own, changed, or new.
struct HeaderView {
  struct Field {
    /// Index among the fields received; nil for a new one.
    let original: Int?
    let name: [UInt8]
    /// The decoded value, once somebody asked; new and changed fields have it from the start.
    var value: TextWord?
    var isChanged = false
  }

  private(set) var fields: [Field] = []

  private(set) var isLoaded = false
  /// A rule has added, changed or deleted a field.
  private(set) var isEdited = false
  /// What the fields hold of patterns; gone with each edit.
  var answers = FieldAnswers()

  mutating func load(_ message: MailMessage) {
    isLoaded = true
    answers.forget()
    fields = message.headers.enumerated().map { index, field in
      Field(original: index, name: message.bytes[field.name].map(\.foldedASCII))
    }
  }

  mutating func drop() {
    isLoaded = false
    isEdited = false
    answers.forget()
    fields = []
  }

  private mutating func noteEdit() {
    isEdited = true
    answers.forget()
  }

  func indices(named name: [UInt8]) -> [Int] {
    fields.indices.filter { fields[$0].name == name }
  }

  mutating func remember(_ value: TextWord, at index: Int) { fields[index].value = value }

  mutating func add(_ name: [UInt8], _ value: TextWord, last: Bool) {
    noteEdit()
    let field = Field(original: nil, name: name, value: value, isChanged: true)
    if last { fields.append(field) } else { fields.insert(field, at: 0) }
  }

  /// A new field behind `count` others.
  mutating func insert(_ name: [UInt8], _ value: TextWord, at count: Int) {
    noteEdit()
    let field = Field(original: nil, name: name, value: value, isChanged: true)
    fields.insert(field, at: min(count, fields.count))
  }

  mutating func change(at index: Int, to value: TextWord) {
    noteEdit()
    fields[index].value = value
    fields[index].isChanged = true
  }

  mutating func delete(at index: Int) {
    noteEdit()
    fields.remove(at: index)
  }
}

extension Machine {
  /// The decoded value of a field of the view, decoded once and paid for.
  mutating func headerValue(_ index: Int) throws(Trap) -> TextWord {
    let field = headers.fields[index]
    if let value = field.value { return value }
    guard let message, let original = field.original else { throw .misplaced("a header field") }
    let own = message.headers[original]
    let word = try decoded(own, of: message.parts[0])
    headers.remember(word, at: index)
    return word
  }

  /// The first field of that name (in lower case), decoded.
  mutating func firstHeader(_ name: String) throws(Trap) -> TextWord? {
    guard message != nil, let index = headers.indices(named: Array(name.utf8)).first else {
      return nil
    }
    return try headerValue(index)
  }

  /// The field names that a query means, in lower case: constant ones and those in registers.
  func names(of query: QuerySpec, _ program: borrowing VerifiedProgram) -> [[UInt8]] {
    var names = texts(query.firstText, query.textCount).map {
      bytes(of: $0, program).map(\.foldedASCII)
    }
    guard query.names > 0 else { return names }
    let set = program.program.sets[Int(query.names) - 1]
    for entry in Int(set.first)..<Int(set.first) + Int(set.count) {
      names.append(
        Array(bytes(of: program.program.entries[entry].word, program)))
    }
    return names
  }

  mutating func mailboxes(
    inField index: Int, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> [Mailbox] {
    try mailboxes(at: FieldPlace(part: 0, index: index), program)
  }
}
