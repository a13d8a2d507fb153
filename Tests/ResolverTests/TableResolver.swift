// A resolver out of a table.
import RuleBytecode
import Synchronization
import Testing

@testable import Resolver

final class TableResolver: Resolving {
  private let answers: [DNSQuestion: DNSAnswer]
  private let questions = Mutex<[DNSQuestion]>([])

  init(_ rows: [(String, DNSType, DNSAnswer)]) throws {
    var answers: [DNSQuestion: DNSAnswer] = [:]
    for (name, type, answer) in rows { answers[try question(name, type)] = answer }
    self.answers = answers
  }

  var asked: [DNSQuestion] { questions.withLock { $0 } }

  func ask(_ question: DNSQuestion, timeoutMilliseconds: Int) async -> DNSAnswer {
    questions.withLock { $0.append(question) }
    return answers[question] ?? .none(.noName, ttlSeconds: 60)
  }
}

func ip(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }

func addresses(_ texts: String...) throws -> DNSAnswer {
  .records(try texts.map(address), ttlSeconds: 60)
}

func pointers(_ names: [String]) throws -> DNSAnswer {
  .records(try names.map { .pointer(.name(try DNSName($0))) }, ttlSeconds: 60)
}
