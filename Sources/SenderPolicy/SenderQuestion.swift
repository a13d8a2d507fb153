// What a check asks of the DNS and what it is told: the checks themselves reach no network, so a
// table answers them in tests and a resolver in service. Answers are a stranger's words.

package import RuleBytecode

package enum SenderRecordType: UInt16, Sendable, Hashable, CaseIterable {
  case a = 1
  case ptr = 12
  case mx = 15
  case txt = 16
  case aaaa = 28
}

/// A name, absolute and without its final dot, in lower case; and a type.
package struct SenderQuestion: Hashable, Sendable {
  package let name: String
  package let type: SenderRecordType

  package init(_ name: String, _ type: SenderRecordType) {
    self.name = name
    self.type = type
  }
}

package enum SenderRecord: Equatable, Sendable {
  /// A or AAAA.
  case address(IPAddress)
  /// PTR.
  case name(String)
  case mailHost(String, preference: UInt16)
  /// TXT: its strings, as they came.
  case text([[UInt8]])
}

/// Aliases (CNAME) are the answerer's to follow.
package enum SenderAnswer: Equatable, Sendable {
  /// Those of the type asked for; none of them is `noData`.
  case records([SenderRecord])
  /// NXDOMAIN.
  case noName
  case noData
  /// No answer in time, SERVFAIL, or any other code: to be asked again later.
  case failure

  /// Nothing there, as RFC 7208 §4.6.4 counts it.
  var isVoid: Bool {
    switch self {
    case .noName, .noData, .records([]): true
    case .records, .failure: false
    }
  }

  var records: [SenderRecord] {
    if case .records(let records) = self { records } else { [] }
  }

  var addresses: [IPAddress] {
    records.compactMap { if case .address(let address) = $0 { address } else { nil } }
  }

  var names: [String] {
    records.compactMap { if case .name(let name) = $0 { name } else { nil } }
  }

  /// The names of the mail hosts, the preferred ones first.
  var mailHosts: [String] {
    let hosts = records.compactMap { record -> (name: String, preference: UInt16)? in
      guard case .mailHost(let name, let preference) = record else { return nil }
      return (name, preference)
    }
    return hosts.sorted { $0.preference < $1.preference }.map(\.name)
  }

  /// The texts, each joined of its strings without anything between (RFC 7208 §3.3).
  var texts: [[UInt8]] {
    records.compactMap { if case .text(let strings) = $0 { Array(strings.joined()) } else { nil } }
  }
}
