// The questions of `SenderPolicy` put to the resolver, and its answers in their words.
internal import Resolver
internal import SenderPolicy

enum SenderLookup {
  /// All at once. Nothing more is asked when nobody waits any more.
  static func answers(
    to questions: [SenderQuestion], _ resolver: any Resolving
  ) async -> [(SenderQuestion, SenderAnswer)] {
    await withTaskGroup(of: (SenderQuestion, SenderAnswer).self) { group in
      for question in questions {
        group.addTask { (question, await answer(to: question, resolver)) }
      }
      var answers: [(SenderQuestion, SenderAnswer)] = []
      for await answer in group { answers.append(answer) }
      return answers
    }
  }

  private static func answer(
    to question: SenderQuestion, _ resolver: any Resolving
  ) async -> SenderAnswer {
    guard !Task.isCancelled, let type = DNSType(rawValue: question.type.rawValue) else {
      return .failure
    }
    // What cannot be asked for is not there.
    guard let name = try? DNSName(question.name) else { return .noName }
    return answer(await resolver.ask(DNSQuestion(name, type)))
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
