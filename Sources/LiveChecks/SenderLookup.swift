// The questions of `SenderPolicy` put to the resolver, and its answers in their words.
internal import Resolver
internal import SenderPolicy

/// A check of senders, asked question by question.
struct SenderLookup {
  private let resolver: any Resolving
  /// Why a question had no answer, the last one that had none.
  private(set) var failure: DNSFailure?

  init(_ resolver: any Resolving) { self.resolver = resolver }

  /// All at once. Nothing more is asked when nobody waits any more.
  mutating func answers(
    to questions: [SenderQuestion]
  ) async -> [(SenderQuestion, SenderAnswer)] {
    let resolver = resolver
    let found = await withTaskGroup(of: (SenderQuestion, DNSAnswer).self) { group in
      for question in questions {
        group.addTask { (question, await Self.answer(to: question, resolver)) }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    for (_, answer) in found { failure = answer.failure ?? failure }
    return found.map { ($0, Self.answer($1)) }
  }

  /// What is known of a result that is none for now.
  func reason(_ problem: String?) -> String {
    [problem ?? "temperror", failure?.reason].compactMap(\.self).joined(separator: ": ")
  }

  private static func answer(
    to question: SenderQuestion, _ resolver: any Resolving
  ) async -> DNSAnswer {
    guard !Task.isCancelled, let type = DNSType(rawValue: question.type.rawValue) else {
      return .failed(.stopped)
    }
    // What cannot be asked for is not there.
    guard let name = try? DNSName(question.name) else { return .none(.noName, ttlSeconds: nil) }
    return await resolver.ask(DNSQuestion(name, type))
  }

  private static func answer(_ answer: DNSAnswer) -> SenderAnswer {
    switch answer {
    case .records(let records, _): .records(records.compactMap(record))
    case .none(.noName, _): .noName
    case .none(.noRecords, _): .noData
    case .failed: .failure
    }
  }

  private static func record(_ record: DNSRecord) -> SenderRecord? {
    switch record {
    case .address(let address): .address(address)
    case .pointer(let target): target.name.map { .name($0.text) }
    // One that cannot be asked for counts as a host all the same (RFC 7208 §4.6.4).
    case .mailExchange(let preference, let host):
      .mailHost(host.name?.text ?? "", preference: preference)
    case .text(let strings): .text(strings)
    }
  }
}
