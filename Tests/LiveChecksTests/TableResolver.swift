// Answers of the DNS out of lines, `NAME TYPE VALUE`; says what it was asked.
import Resolver
import RuleBytecode
import Synchronization
import Testing

final class TableResolver: Resolving {
  private let answers: [DNSQuestion: DNSAnswer]
  private let questions = Mutex<[DNSQuestion]>([])

  init(_ lines: [String]) throws {
    var records: [DNSQuestion: [DNSRecord]] = [:]
    var answers: [DNSQuestion: DNSAnswer] = [:]
    for line in lines {
      let words = line.split(separator: " ", maxSplits: 2).map(String.init)
      let name = try DNSName(words[0])
      if words[1] == "fails" {
        for type in DNSType.allCases {
          answers[DNSQuestion(name, type)] = .failed(.serverFailure)
        }
        continue
      }
      let (type, record) = try Self.record(words[1], words[2])
      records[DNSQuestion(name, type), default: []].append(record)
    }
    for (question, found) in records { answers[question] = .records(found, ttlSeconds: 60) }
    self.answers = answers
  }

  private static func record(_ type: String, _ value: String) throws -> (DNSType, DNSRecord) {
    switch type {
    case "A": return (.a, .address(try #require(IPAddress(value))))
    case "AAAA": return (.aaaa, .address(try #require(IPAddress(value))))
    case "PTR": return (.ptr, .pointer(.name(try DNSName(value))))
    case "MX":
      let host: DNSTarget = value == "." ? .root : .name(try DNSName(value))
      return (.mx, .mailExchange(preference: 10, host: host))
    default: return (.txt, .text([Array(value.utf8)]))
    }
  }

  var asked: [DNSQuestion] { questions.withLock { $0 } }

  func count(_ name: String) -> Int { asked.count { $0.name.text == name } }

  func ask(_ question: DNSQuestion, timeoutMilliseconds: Int) async -> DNSAnswer {
    questions.withLock { $0.append(question) }
    if let answer = answers[question] { return answer }
    let isThere = answers.keys.contains { $0.name == question.name }
    return .none(isThere ? .noRecords : .noName, ttlSeconds: 60)
  }
}
