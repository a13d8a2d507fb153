// From rspamd's answer to ours. What could break a header of the mail is refused as a whole: half
// of what a scanner asks for is not what it asked for.
internal import FoundationEssentials
internal import RuleBytecode

struct RspamdReading {
  let limits: ScannerLimits

  func result(of body: [UInt8]) throws(ScanFailure) -> ScanResult {
    let reply: RspamdReply
    do {
      reply = try JSONDecoder().decode(RspamdReply.self, from: Data(body))
    } catch {
      throw .garbage("no JSON as of /checkv2")
    }
    if let error = reply.error { throw .refused(ScannerText.shown(error)) }
    guard let action = reply.action, !action.isEmpty, let score = reply.score else {
      throw .garbage("no action or no score")
    }
    guard action.utf8.count <= limits.nameBytesMax,
      !action.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
    else { throw .garbage("action: " + ScannerText.shown(action)) }
    var result = ScanResult(Self.word(action))
    result.action = action
    result.score = try Self.decimal(score)
    if let threshold = reply.threshold { result.threshold = try Self.decimal(threshold) }
    try addSymbols(of: reply, to: &result)
    result.headerChanges = try headerChanges(reply.milter)
    return result
  }

  /// The action is rspamd's verdict: rules that force one leave the score as it is. It takes
  /// `reject` and `discard` for spam, tags what it doubts, and is of one mind about the rest.
  private static func word(_ action: String) -> ScanResult.Word {
    switch action {
    case "reject", "discard": .spam
    case "no action", "greylist": .ham
    default: .suspicious
    }
  }

  /// A JSON number may be anything; a policy's are bounded.
  private static func decimal(_ number: Double) throws(ScanFailure) -> Int64 {
    let scaled = (number * Double(Decimal.scale)).rounded()
    guard scaled.isFinite, abs(scaled) <= Double(Decimal.largest) else {
      throw .garbage("a score out of bounds")
    }
    return Int64(scaled)
  }

  /// By name, so that the same mail has the same facts; the report has the weightiest on top.
  private func addSymbols(
    of reply: RspamdReply, to result: inout ScanResult
  ) throws(ScanFailure) {
    let symbols = reply.symbols ?? [:]
    guard symbols.count <= limits.symbolsMax else { throw .tooLong }
    for name in symbols.keys where !ScannerText.isName(name, bytesMax: limits.nameBytesMax) {
      throw .garbage("symbol " + ScannerText.shown(name))
    }
    result.symbols = symbols.keys.sorted()
    var lines: [(weight: Int64, text: String)] = []
    for name in result.symbols {
      let weight = try Self.decimal(symbols[name]?.score ?? 0)
      let description = symbols[name]?.description.map { " " + ScannerText.line($0) } ?? ""
      lines.append((weight, "\(Decimal.text(weight)) \(name)\(description)\n"))
    }
    lines.sort { abs($0.weight) > abs($1.weight) }
    let message = reply.messages?.client.map { ScannerText.line($0) + "\n" } ?? ""
    let report = message + lines.map(\.text).joined()
    if !report.isEmpty { result.report = report }
  }

  /// Removals first, as rspamd's own milter does: it replaces what is there by what it adds.
  private func headerChanges(
    _ milter: RspamdReply.Milter?
  ) throws(ScanFailure) -> [ScanHeaderChange] {
    var changes: [ScanHeaderChange] = []
    for (name, list) in (milter?.removed ?? [:]).sorted(by: { $0.key < $1.key }) {
      try check(name)
      for element in list.elements {
        changes.append(.remove(name: name, occurrence: element.number))
      }
    }
    for (name, list) in (milter?.added ?? [:]).sorted(by: { $0.key < $1.key }) {
      try check(name)
      for element in list.elements {
        let position = element.order.flatMap { $0 < 0 ? nil : $0 }
        changes.append(.add(name: name, value: try value(element.value), position: position))
      }
    }
    guard changes.count <= limits.headerChangesMax else { throw .tooLong }
    return changes
  }

  /// RFC 5322 §2.2: printable ASCII without a colon.
  private func check(_ name: String) throws(ScanFailure) {
    guard ScannerText.isName(name, bytesMax: limits.nameBytesMax), !name.utf8.contains(0x3A)
    else { throw .garbage("header " + ScannerText.shown(name)) }
  }

  /// Lines end in LF, and each but the first goes on with a space or a tab: nothing that is added
  /// can become a field of its own or end the header.
  private func value(_ text: String) throws(ScanFailure) -> String {
    var kept = String.UnicodeScalarView()
    for scalar in text.unicodeScalars where scalar != "\r" { kept.append(scalar) }
    let lines = String(kept).split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      let isFold = line.first == " " || line.first == "\t"
      let isBlank = line.allSatisfy { $0 == " " || $0 == "\t" }
      let hasControl = line.unicodeScalars.contains {
        $0 != "\t" && $0.properties.generalCategory == .control
      }
      guard !hasControl, index == 0 || (isFold && !isBlank) else {
        throw .garbage("a header value: " + ScannerText.shown(text))
      }
    }
    return String(kept)
  }
}
