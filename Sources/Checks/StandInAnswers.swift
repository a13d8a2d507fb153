// Answers given beforehand, in place of outside services: for trying a policy and for tests.
//
//   {"dnsbl": {"zen.example.org": ["127.0.0.2"], "slow.example": {"codes": [], "delay": 2}}}
//
// An answer may be "error" or "timeout". What has no answer here was not answered: an error.
internal import FoundationEssentials
internal import RuleBytecode
package import RuleVM

package struct StandInAnswers: Sendable {
  /// One answer and how long it takes.
  package struct Entry: Sendable, Equatable {
    package let answer: CheckAnswer
    package let delayMilliseconds: Int
  }

  /// What is wrong with an answers file.
  package struct Mistake: Error, Equatable, Sendable {
    package let message: String
  }

  private var lists: [String: Entry] = [:]
  private var tables: [String: StandInTable] = [:]

  package init() {}

  package init(json: [UInt8]) throws(Mistake) {
    let file: File
    do {
      file = try JSONDecoder().decode(File.self, from: Data(json))
    } catch {
      throw Mistake(message: Self.describe(error))
    }
    tables = file.tables
    for (zone, answer) in file.dnsbl { lists[zone.lowercased()] = answer.entry }
  }

  /// The answer to a request; nil when none was given.
  package func entry(for request: CheckRequest) -> Entry? {
    switch request.kind {
    case .dnsbl: lists[request.name.lowercased()]
    case .table where request.arguments.count == 3:
      tables[request.name].map { table in
        let answer = table.answer(scope: request.arguments[1], key: request.arguments[2])
        return Entry(answer: answer, delayMilliseconds: 0)
      }
    default: nil
    }
  }

  /// Tables that are answered here, whatever else there is of them.
  package var tableNames: Set<String> { Set(tables.keys) }

  package func answer(to request: CheckRequest) -> CheckAnswer {
    entry(for: request)?.answer ?? .failed(request.kind.failure)
  }

  private static func describe(_ error: any Error) -> String {
    guard let error = error as? DecodingError else { return "\(error)" }
    let context: DecodingError.Context =
      switch error {
      case .dataCorrupted(let context): context
      case .keyNotFound(_, let context): context
      case .typeMismatch(_, let context): context
      case .valueNotFound(_, let context): context
      @unknown default: .init(codingPath: [], debugDescription: "\(error)")
      }
    let path = context.codingPath.map(\.stringValue).joined(separator: ".")
    return path.isEmpty ? context.debugDescription : "\(path): \(context.debugDescription)"
  }
}

private struct File: Decodable {
  let dnsbl: [String: Answer]
  let tables: [String: StandInTable]

  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Name.self)
    let known = ["dnsbl", "table"]
    for key in container.allKeys where !known.contains(key.stringValue) {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: container,
        debugDescription: "no check is called that; there are \(known.joined(separator: ", "))")
    }
    tables =
      try container.decodeIfPresent([String: StandInTable].self, forKey: Name(stringValue: "table"))
      ?? [:]
    dnsbl =
      try container.decodeIfPresent([String: Answer].self, forKey: Name(stringValue: "dnsbl"))
      ?? [:]
  }
}

private struct Answer: Decodable {
  let entry: StandInAnswers.Entry

  private enum Key: String, CodingKey { case codes, delay }

  init(from decoder: any Decoder) throws {
    if let codes = try? decoder.singleValueContainer().decode([String].self) {
      entry = .init(answer: .values(codes), delayMilliseconds: 0)
      return
    }
    if let word = try? decoder.singleValueContainer().decode(String.self) {
      guard word == "error" || word == "timeout" else {
        throw DecodingError.dataCorrupted(
          .init(
            codingPath: decoder.codingPath,
            debugDescription: "an answer is a list of addresses, \"error\" or \"timeout\""))
      }
      entry = .init(answer: .failed(.dns), delayMilliseconds: 0)
      return
    }
    let container = try decoder.container(keyedBy: Key.self)
    let codes = try container.decode([String].self, forKey: .codes)
    let delay = try container.decodeIfPresent(Double.self, forKey: .delay) ?? 0
    guard delay >= 0, delay <= 3_600 else {
      throw DecodingError.dataCorruptedError(
        forKey: .delay, in: container, debugDescription: "seconds from 0 to 3600")
    }
    entry = .init(answer: .values(codes), delayMilliseconds: Int(delay * 1_000))
  }
}
