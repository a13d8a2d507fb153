// Key records of DKIM and ARC, all names at once.
internal import MailSignatures
internal import Resolver

struct KeyLookup: Sendable {
  /// By name.
  private(set) var records: [String: KeyRecordAnswer] = [:]
  /// Why a name's records are not to be had.
  private(set) var failures: [String: DNSFailure] = [:]

  static func find(_ names: [String], _ resolver: any Resolving) async -> KeyLookup {
    await withTaskGroup(of: (String, DNSAnswer).self) { group in
      for name in names { group.addTask { (name, await answer(to: name, resolver)) } }
      return await group.reduce(into: KeyLookup()) { $0.take($1.1, of: $1.0) }
    }
  }

  private static func answer(to text: String, _ resolver: any Resolving) async -> DNSAnswer {
    guard let name = try? DNSName(text) else { return .none(.noName, ttlSeconds: nil) }
    return await resolver.ask(DNSQuestion(name, .txt))
  }

  private mutating func take(_ answer: DNSAnswer, of name: String) {
    switch answer {
    case .records(let found, _): records[name] = .records(found.compactMap(\.joinedText))
    case .none: records[name] = KeyRecordAnswer.none
    case .failed(let failure):
      records[name] = .temporaryFailure
      failures[name] = failure
    }
  }
}
