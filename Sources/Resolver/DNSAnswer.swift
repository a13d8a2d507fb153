// Questions and answers of the DNS as values: what was found, that there is nothing, or why it is
// not known. There is no fourth: whoever asks never has to guess.

package import RuleBytecode

/// What can be asked for, with its number (RFC 1035 §3.2.2, RFC 3596).
package enum DNSType: UInt16, CaseIterable, Hashable, Sendable {
  case a = 1
  case ptr = 12
  case mx = 15
  case txt = 16
  case aaaa = 28
}

package struct DNSQuestion: Hashable, Sendable {
  package let name: DNSName
  package let type: DNSType

  package init(_ name: DNSName, _ type: DNSType) {
    self.name = name
    self.type = type
  }
}

package enum DNSRecord: Hashable, Sendable {
  /// A and AAAA.
  case address(IPAddress)
  case mailExchange(preference: UInt16, host: DNSTarget)
  /// The strings of one TXT record, with their boundaries (RFC 1035 §3.3.14).
  case text([[UInt8]])
  case pointer(DNSTarget)

  package var address: IPAddress? {
    if case .address(let address) = self { address } else { nil }
  }

  /// The strings of a TXT record put together without anything between them, as SPF (RFC 7208
  /// §3.3) and DKIM (RFC 6376 §3.6.2.2) read them.
  package var joinedText: [UInt8]? {
    if case .text(let strings) = self { Array(strings.joined()) } else { nil }
  }
}

/// How there is nothing (RFC 2308 §2).
package enum DNSAbsence: Hashable, Sendable {
  /// NXDOMAIN: neither the name nor anything below it.
  case noName
  /// NODATA: the name is there, without records of this type.
  case noRecords
}

/// Why an answer is not known.
package enum DNSFailure: Error, Hashable, Sendable {
  case timeout
  /// No server takes questions.
  case unreachable
  case serverFailure
  case refused
  /// Another response code (RFC 6895 §2.3).
  case code(Int)
  /// No message of the DNS, or not one that answers the question.
  case garbage
  /// Cut off, over TCP too.
  case truncated
  /// More records or bytes than are read.
  case tooLarge
  /// More aliases one after the other than are followed, or a circle of them.
  case aliasLoop
  /// A server that refers to others instead of asking them.
  case notRecursive
  /// More questions wait than may.
  case busy
  /// The message has asked all that it may, or for as long as it may.
  case budget
  case stopped
  /// No memory, no socket.
  case local

  /// Whether the next who asks would get the same for some seconds; the others are ours or the
  /// asker's own.
  package var isOfTheServer: Bool {
    switch self {
    case .busy, .budget, .stopped, .local: false
    default: true
    }
  }
}

package enum DNSAnswer: Hashable, Sendable {
  /// At least one; `ttlSeconds` is the smallest of the records and the aliases before them.
  case records([DNSRecord], ttlSeconds: Int)
  /// `ttlSeconds` is nil when the answer does not say for how long (RFC 2308 §5).
  case none(DNSAbsence, ttlSeconds: Int?)
  case failed(DNSFailure)

  /// Empty when there is nothing and when it is not known.
  package var records: [DNSRecord] {
    if case .records(let records, _) = self { records } else { [] }
  }

  package var failure: DNSFailure? {
    if case .failed(let failure) = self { failure } else { nil }
  }
}

/// Whoever answers questions: the resolver, one with a budget, a table in a test.
package protocol Resolving: Sendable {
  func ask(_ question: DNSQuestion, timeoutMilliseconds: Int) async -> DNSAnswer
}

extension Resolving {
  package func ask(_ question: DNSQuestion) async -> DNSAnswer {
    await ask(question, timeoutMilliseconds: ResolverLimits.questionMilliseconds)
  }
}
