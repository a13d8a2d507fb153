// Answers given beforehand, in place of outside services: for trying a policy and for tests.
//
//   {"dnsbl": {"zen.example.org": ["127.0.0.2"], "slow.example": {"codes": [], "delay": 2}},
//    "scan": {"clamav": {"result": "infected", "name": "Eicar"}}, "spf": "pass"}
//
// Every answer may be "error" or "timeout". What has no answer here was not answered: an error.
package import RuleBytecode
package import RuleVM

package struct StandInAnswers: Sendable {
  /// One answer and how long it takes.
  package struct Entry: Sendable, Equatable {
    package let answer: CheckAnswer
    package let delayMilliseconds: Int

    init(_ answer: CheckAnswer, delayMilliseconds: Int = 0) {
      self.answer = answer
      self.delayMilliseconds = delayMilliseconds
    }
  }

  /// What is wrong with an answers file.
  package struct Mistake: Error, Equatable, Sendable {
    package let message: String
  }

  /// What an answer is about; without a name it answers every question of its kind.
  struct Subject: Hashable, Sendable {
    let kind: CheckKind
    var name = ""
  }

  private var entries: [Subject: Entry] = [:]
  private var tables: [String: StandInTable] = [:]

  package init() {}

  package init(json: [UInt8]) throws(Mistake) {
    (entries, tables) = try AnswersFile.read(json)
  }

  /// The kinds of checks that have an answer here, tables left out.
  package var kinds: Set<CheckKind> { Set(entries.keys.map(\.kind)) }

  /// The answer to a request; nil when none was given. What is about one subject goes before what
  /// is about a whole zone, scanner or kind.
  package func entry(for request: CheckRequest) -> Entry? {
    if request.kind == .table, request.arguments.count == 3 {
      return tables[request.name].map {
        Entry($0.answer(scope: request.arguments[1], key: request.arguments[2]))
      }
    }
    let names = Self.names(of: request) + [""]
    return names.lazy.compactMap { name in
      entries[Subject(kind: request.kind, name: name.lowercased())]
    }.first
  }

  private static func names(of request: CheckRequest) -> [String] {
    let arguments = request.arguments
    switch request.kind {
    case .dnsbl, .hashbl: return [request.name + " " + (arguments.last ?? ""), request.name]
    case .scan: return [request.name, arguments.first ?? ""]
    case .mx: return [arguments.first ?? ""]
    case .callout, .rate, .duplicate, .greylist, .knownSender: return [arguments.last ?? ""]
    case .rdns, .spf, .dkim, .dmarc, .arc, .table, .suite, .unpack, .errands: return []
    }
  }

  /// Tables that are answered here, whatever else there is of them.
  package var tableNames: Set<String> { Set(tables.keys) }

  /// Archives need nobody outside: they are read whatever the file of answers says.
  package func answer(to request: CheckRequest) -> CheckAnswer {
    if request.kind == .unpack { return Unpacker.answer(to: request) }
    guard let entry = entry(for: request) else {
      return .failed(request.kind.failure, reason: "not answered")
    }
    let isLate = entry.delayMilliseconds >= request.timeoutMilliseconds
    return isLate ? .failed(request.kind.failure, reason: "timeout") : entry.answer
  }
}
