// Key records of DKIM and ARC, all names at once.
internal import MailSignatures
internal import Resolver

enum KeyLookup {
  static func answers(
    to names: [String], _ resolver: any Resolving
  ) async -> [String: KeyRecordAnswer] {
    await withTaskGroup(of: (String, KeyRecordAnswer).self) { group in
      for name in names { group.addTask { (name, await answer(to: name, resolver)) } }
      var answers: [String: KeyRecordAnswer] = [:]
      for await (name, answer) in group { answers[name] = answer }
      return answers
    }
  }

  private static func answer(
    to text: String, _ resolver: any Resolving
  ) async -> KeyRecordAnswer {
    guard let name = try? DNSName(text) else { return .none }
    switch await resolver.ask(DNSQuestion(name, .txt)) {
    case .records(let records, _): return .records(records.compactMap(\.joinedText))
    case .none: return .none
    case .failed: return .temporaryFailure
    }
  }
}
