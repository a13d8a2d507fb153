// A table in place of the DNS, and a client that asks it until a check is done.

import RuleBytecode

@testable import SenderPolicy

struct ZoneTable: Sendable {
  enum Entry: Sendable {
    case record(SenderRecordType, SenderRecord)
    case alias(String)
    case timeout
  }

  private var names: [String: [Entry]] = [:]

  mutating func add(_ name: String, _ entries: [Entry]) {
    names[name.lowercased(), default: []] += entries
  }

  /// A line a record: `name TYPE value`; a name alone exists without records.
  init(_ lines: [String] = []) {
    for line in lines {
      let fields = line.split(separator: " ", maxSplits: 2).map(String.init)
      add(fields[0], fields.count < 2 ? [] : [Self.entry(fields)])
    }
  }

  private static func entry(_ fields: [String]) -> Entry {
    let value = fields.count > 2 ? fields[2] : ""
    switch fields[1] {
    case "A", "AAAA": return address(value)
    case "MX": return .record(.mx, .mailHost(value, preference: 10))
    case "PTR": return .record(.ptr, .name(value))
    case "TXT": return .record(.txt, .text([Array(value.utf8)]))
    case "CNAME": return .alias(value)
    default: return .timeout
    }
  }

  static func address(_ text: String) -> Entry {
    let address = IPAddress(text) ?? IPAddress(bytes: [UInt8](repeating: 0, count: 16))
    return .record(address.isIPv4 ? .a : .aaaa, .address(address))
  }

  func answer(_ question: SenderQuestion) -> SenderAnswer {
    var name = question.name.lowercased()
    for _ in 0..<8 {
      guard let entries = names[name] else { return .noName }
      let records = entries.compactMap { entry -> SenderRecord? in
        if case .record(question.type, let record) = entry { record } else { nil }
      }
      if !records.isEmpty { return .records(records) }
      var alias: String?
      for entry in entries {
        if case .timeout = entry { return .failure }
        if case .alias(let other) = entry { alias = other }
      }
      guard var next = alias?.lowercased() else { return .noData }
      if next.hasSuffix(".") { next.removeLast() }
      name = next
    }
    return .failure
  }
}

/// What a check did on its way.
struct Asked {
  var questions: [SenderQuestion] = []
}

extension SPFCheck {
  /// Steps until it is done. The last question of each step is answered first, and answers to what
  /// nobody asked come between.
  mutating func run(_ zone: ZoneTable, _ asked: inout Asked) -> SPFResult {
    while true {
      switch step() {
      case .done(let result): return result
      case .ask(let questions):
        for question in questions.reversed() {
          asked.questions.append(question)
          answer(SenderQuestion("stray." + question.name, question.type), .failure)
          answer(question, zone.answer(question))
          answer(question, .failure)
        }
      }
    }
  }

  init(_ host: String, _ sender: String, helo: String, limits: SenderPolicyLimits = .init()) {
    self.init(
      address: IPAddress(host) ?? IPAddress(bytes: [UInt8](repeating: 0, count: 16)),
      sender: sender, helo: helo, receivingHost: "mx.example.org", timeSeconds: 1_700_000_000,
      limits: limits)
  }
}

/// The result of a check, and what it asked.
func spf(
  _ lines: [String], _ sender: String, from host: String = "192.0.2.1",
  helo: String = "mail.example.com", _ set: (inout SenderPolicyLimits) -> Void = { _ in }
) -> (result: SPFResult, asked: [SenderQuestion]) {
  var limits = SenderPolicyLimits()
  set(&limits)
  var check = SPFCheck(host, sender, helo: helo, limits: limits)
  var asked = Asked()
  let result = check.run(ZoneTable(lines), &asked)
  return (result, asked.questions)
}
