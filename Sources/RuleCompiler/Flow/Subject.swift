// What tests compare: a header field, a side of the envelope, a fact, a variable. Two tests of one
// subject see the same data; that is what all conclusions of the flow analysis rest on. What a
// rule may change has an epoch in its subject: after the change it is another subject.

/// Something that has one value, or several, at a point of a run.
struct Subject: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    case header, address, envelope, fact, factPresence, variable, ip, size, score, part, partSize
    /// A word that the machine computes: submission, direction.
    case word
    /// A test as it is written, of which only that it is the same is known.
    case opaque
    /// Never the same as any other.
    case unknown
  }

  let kind: Kind
  let name: String
  /// An address part or the like.
  var aspect = ""
  let epoch: Int

  /// It has one value at most: two keys that exclude each other cannot both match.
  func isSingle(inRecipientRun: Bool) -> Bool {
    switch kind {
    case .fact, .variable, .ip, .size, .score, .partSize, .word: true
    case .envelope: name == "from" || inRecipientRun
    case .part: name != "name" && name != "extension"
    case .header, .address, .factPresence, .opaque, .unknown: false
    }
  }

  /// It always has a value, so that "not over 5" is "5 at most".
  var isNumber: Bool { kind == .size || kind == .score || kind == .partSize }
}

/// Subjects by number.
struct SubjectTable: Sendable {
  private var numbers: [Subject: Int] = [:]
  private(set) var subjects: [Subject] = []
  private(set) var isSingle: [Bool] = []
  /// The run is for one recipient.
  var isRecipientRun = false

  mutating func number(of subject: Subject) -> Int {
    if let number = numbers[subject] { return number }
    let number = subjects.count
    numbers[subject] = number
    subjects.append(subject)
    isSingle.append(subject.isSingle(inRecipientRun: isRecipientRun))
    return number
  }

  /// A subject of its own, for a test about which nothing is known.
  mutating func unknown() -> Int {
    number(of: Subject(kind: .unknown, name: "", epoch: -1 - subjects.count))
  }
}

/// When what rules can change was last changed. Values come from a counter that only grows, so
/// that an old state can be put back and still nothing is mixed up.
struct Epochs: Sendable {
  var everything = 0
  var headers: [String: Int] = [:]
  var variables: [String: Int] = [:]
  var score = 0
  /// The latest of all.
  var latest = 0

  func epoch(ofHeader name: String) -> Int { max(everything, headers[name] ?? 0) }
  func epoch(ofVariable name: String) -> Int { max(everything, variables[name] ?? 0) }
  var epochOfScore: Int { max(everything, score) }
  /// Of what no single command changes.
  var epochOfRun: Int { everything }

  mutating func apply(_ effect: Effect, at time: Int) {
    latest = time
    switch effect {
    case .header(let name): headers[name] = time
    case .variable(let name): variables[name] = time
    case .score: score = time
    case .everything: everything = time
    }
  }
}
