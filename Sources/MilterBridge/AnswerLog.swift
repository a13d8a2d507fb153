// What outside checks have said so far of a session and of its message, for whoever plays the
// message again when the filter has failed on it. Scanners' reports come from outside: what is kept
// is bounded, and what comes last is left out.

package import RuleBytecode
package import RuleVM

/// A question and its answer.
package struct GivenAnswer: Sendable, Equatable {
  package let kind: CheckKind
  package let name: String
  package let arguments: [String]
  package let answer: CheckAnswer

  package init(kind: CheckKind, name: String, arguments: [String], answer: CheckAnswer) {
    self.kind = kind
    self.name = name
    self.arguments = arguments
    self.answer = answer
  }
}

struct AnswerLog {
  private struct Entry {
    let kind: CheckKind
    let name: String
    let arguments: [String]
    /// Forgotten with the message.
    let isOfMessage: Bool
    var answer: CheckAnswer?
  }

  static let countMax = 256
  static let bytesMax = 64 << 10

  /// By the ids of requests, in the order of asking.
  private var entries: [(id: UInt32, entry: Entry)] = []
  private var bytes = 0

  mutating func asked(_ request: CheckRequest, isOfMessage: Bool) {
    guard entries.count < Self.countMax else { return }
    switch request.kind {
    // Archives are read again, and what was carried out is not to be again.
    case .unpack, .errands, .suite: return
    default: break
    }
    let entry = Entry(
      kind: request.kind, name: request.name, arguments: request.arguments,
      isOfMessage: isOfMessage && !request.kind.info.isOfSession)
    entries.append((request.id, entry))
  }

  mutating func answered(_ id: UInt32, _ answer: CheckAnswer) {
    guard let index = entries.lastIndex(where: { $0.id == id }) else { return }
    let size = Self.size(answer)
    guard bytes + size <= Self.bytesMax else { return }
    bytes += size
    entries[index].entry.answer = answer
  }

  mutating func endMessage() {
    guard !entries.isEmpty else { return }
    entries.removeAll { $0.entry.isOfMessage }
    bytes = entries.reduce(0) { $0 + ($1.entry.answer.map(Self.size) ?? 0) }
  }

  mutating func removeAll() {
    entries = []
    bytes = 0
  }

  var given: [GivenAnswer] {
    entries.compactMap { _, entry in
      entry.answer.map {
        GivenAnswer(kind: entry.kind, name: entry.name, arguments: entry.arguments, answer: $0)
      }
    }
  }

  private static func size(_ answer: CheckAnswer) -> Int {
    switch answer {
    case .values(let texts): texts.reduce(0) { $0 + $1.utf8.count }
    case .fields(let fields): fields.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
    case .truth, .failed, .archive, .errands: 0
    }
  }
}
