// Scanners: what they are asked about, and what their words mean.
internal import MailMessage
internal import RuleBytecode

/// A scanner's word on what it was given.
private enum ScanResult: String {
  case clean, infected, spam, ham, suspicious
  case tooBig = "too-big"
}

extension Machine {
  /// `scan`: true for infected and spam; with `:over` its score decides in place of the scanner's
  /// threshold. A container is no file: its parts are asked one by one.
  mutating func scan(
    _ spec: CheckSpec, _ texts: [String], _ program: borrowing VerifiedProgram
  ) throws(Trap) -> UInt64? {
    let name = program.program.words(ofSet: spec.arguments).first ?? ""
    guard let what = try scanned(spec) else { return TruthWord.no }
    if spec.aspect == ScanQuestion.facts.rawValue, isKnown(name, what) { return TruthWord.yes }
    guard let answer = try ask(spec, "\(name) \(what)", [name, what], program) else { return nil }
    switch answer {
    case .failed(let failure, let reason): return fail(failure, "scan \(name): \(reason)")
    case .values, .truth, .archive, .errands: return misread(spec, name)
    case .fields(let fields):
      try noteScan(name, what, fields)
      saw(
        [fields["result"], fields["name"], fields["score"]].compactMap(\.self).joined(
          separator: " "))
      return isHit(spec, name, fields, texts)
    }
  }

  /// What the scanner is given: the message as received, all its parts besides, or one part.
  private mutating func scanned(_ spec: CheckSpec) throws(Trap) -> String? {
    if spec.aspect == ScanQuestion.parts.rawValue {
      try addAllReadings()
      return "parts"
    }
    guard phase == .part || spec.loop > 0 else { return "message" }
    let index = try part(ofLoop: Int(spec.loop))
    guard let part = message?.parts[index], !part.isContainer else { return nil }
    return "part:\(part.path)" + (part.reading > 0 ? "@\(part.reading)" : "")
  }

  /// In `message` and `eom`, what was said of all parts is about the message too.
  private func isKnown(_ name: String, _ what: String) -> Bool {
    let known = facts.scanSubjects[name]
    return known == what || (what == "message" && known == "parts")
  }

  private mutating func isHit(
    _ spec: CheckSpec, _ name: String, _ fields: [String: String], _ texts: [String]
  ) -> UInt64 {
    switch fields["result"].flatMap(ScanResult.init(rawValue:)) {
    case nil: return misread(spec, name)
    case .tooBig: return fail(.limit, "scan \(name): too big for the scanner")
    case .infected: return TruthWord.yes
    case .clean, .spam, .ham, .suspicious:
      guard spec.aspect != ScanQuestion.facts.rawValue else { return TruthWord.yes }
      guard let bound = texts.first else {
        return fields["result"] == ScanResult.spam.rawValue ? TruthWord.yes : TruthWord.no
      }
      guard let limit = Decimal.parse(Array(bound.utf8)),
        let score = fields["score"].flatMap({ Decimal.parse(Array($0.utf8)) })
      else { return TruthWord.no }
      return score > limit ? TruthWord.yes : TruthWord.no
    }
  }

  // MARK: Facts

  private mutating func noteScan(
    _ name: String, _ what: String, _ fields: [String: String]
  ) throws(Trap) {
    guard facts.scanSubjects[name] != what else { return }
    facts.scanSubjects[name] = what
    for field in FactFamily.scanFields {
      var text = fields[field]
      if field == "stars" { text = stars(fields["score"]) }
      let key = Array("\(name).\(field)".utf8)
      guard let text, !text.isEmpty else {
        facts.scans[key] = nil
        continue
      }
      let kept = cut(text, limits.answerTextBytesMax)
      try charge(kept.count)
      facts.scans[key] = try keepForMessage(kept)
    }
  }

  /// One star a whole point, at most 40.
  private func stars(_ score: String?) -> String? {
    guard let value = score.flatMap({ Decimal.parse(Array($0.utf8)) }), value > 0 else {
      return nil
    }
    return String(repeating: "*", count: Int(min(40, value / Decimal.scale)))
  }
}
