// Scanners: what they are asked about, and what their words mean.
internal import MailMessage
internal import RuleBytecode

/// A scanner's word on what it was given.
private enum ScanResult: String {
  case clean, infected, spam, ham, suspicious
  case tooBig = "too-big"
}

/// What a scanner is given.
private struct ScanSubject {
  /// As the question says it: `message`, `parts`, `part:1.2`, `part:1.2@1`.
  let name: String
  /// Parts whose decoded content it is given, by their indexes.
  var parts: [Int] = []
  /// Some part could not be decoded within the limits, so nobody has looked at it.
  var isPartial = false
}

/// Fields of a scan's answer that are no facts.
package enum ScanField {
  /// Why some of what was to be scanned was not, and the class of that failure.
  package static let gap = "gap"
  package static let gapClass = "gap-class"
  /// Header changes that the scanner asks for, as `ScanHeaderEdits` writes them.
  package static let headers = "headers"
}

extension Machine {
  /// `scan`: true for infected and spam; with `:over` its score decides in place of the scanner's
  /// threshold. A container is no file: its parts are asked one by one.
  mutating func scan(
    _ spec: CheckSpec, _ texts: [String], _ program: borrowing VerifiedProgram
  ) throws(Trap) -> UInt64? {
    let name = program.program.words(ofSet: spec.arguments).first ?? ""
    guard let subject = try scanned(spec) else { return TruthWord.no }
    let isOfFacts = spec.aspect == ScanQuestion.facts.rawValue
    if isOfFacts, isKnown(name, subject.name) { return TruthWord.yes }
    guard let answer = try ask(spec, about: subject, name, program) else { return nil }
    switch answer {
    case .failed(let failure, let reason): return fail(failure, "scan \(name): \(reason)")
    case .values, .truth, .archive, .errands: return misread(spec, name)
    case .fields(let fields):
      try noteScan(name, subject.name, fields)
      saw(
        [fields["result"], fields["name"], fields["score"]].compactMap(\.self).joined(
          separator: " "))
      let truth = isHit(spec, name, fields, texts)
      // What is found counts; that nothing is found, only where everything was looked at.
      guard truth == TruthWord.no, !isOfFacts, let reason = gap(subject, fields) else {
        return truth
      }
      return fail(reason.failure, "scan \(name): \(reason.text)")
    }
  }

  private mutating func ask(
    _ spec: CheckSpec, about subject: ScanSubject, _ name: String,
    _ program: borrowing VerifiedProgram
  ) throws(Trap) -> CheckAnswer? {
    let arguments = [name, subject.name]
    var pieces: [CheckSubject.Piece] = []
    if !answers.isAsked(spec.kind, arguments) {
      guard subject.name == "parts" || !subject.isPartial else {
        return .failed(.limit, reason: Self.undecoded)
      }
      pieces = try self.pieces(subject.parts)
    }
    return try ask(spec, "\(name) \(subject.name)", arguments, pieces: pieces, program)
  }

  private static var undecoded: String { "a part is too large to be decoded" }

  /// Why not everything was looked at; nil when it was.
  private func gap(
    _ subject: ScanSubject, _ fields: [String: String]
  ) -> (failure: FailureClass, text: String)? {
    if subject.isPartial { return (.limit, Self.undecoded) }
    guard let text = fields[ScanField.gap] else { return nil }
    let isTooBig = fields[ScanField.gapClass] == FailureClass.limit.name
    return (isTooBig ? .limit : .scanner, text)
  }

  // MARK: What it is given

  /// The message as received, all its parts besides, or one part; nil for a container.
  private mutating func scanned(_ spec: CheckSpec) throws(Trap) -> ScanSubject? {
    if spec.aspect == ScanQuestion.parts.rawValue { return try allParts() }
    let isOfPart = (phase == .part && !isEarly) || spec.loop > 0
    guard isOfPart else { return ScanSubject(name: "message") }
    let index = try part(ofLoop: Int(spec.loop))
    guard let part = message?.parts[index], !part.isContainer else { return nil }
    let isDecoded = try content(of: index) != nil
    return ScanSubject(
      name: "part:\(part.placeName)", parts: [index], isPartial: !isDecoded)
  }

  /// The message and every content once, of all readings: those that decoding brings to light too.
  private mutating func allParts() throws(Trap) -> ScanSubject {
    try addAllReadings()
    var subject = ScanSubject(name: "parts")
    var seen: Set<UInt64> = []
    for index in message?.parts.indices ?? 0..<0 {
      guard message?.parts[index].isContainer == false else { continue }
      guard let word = try content(of: index) else {
        subject.isPartial = true
        continue
      }
      if word.length > 0, seen.insert(word.bits).inserted { subject.parts.append(index) }
    }
    return subject
  }

  private mutating func pieces(_ indexes: [Int]) throws(Trap) -> [CheckSubject.Piece] {
    var pieces: [CheckSubject.Piece] = []
    for index in indexes {
      guard let word = try content(of: index), let part = message?.parts[index] else { continue }
      try charge(1 + word.length / ByteCost.handedBytes)
      pieces.append(.init(path: part.placeName, content: Array(contentBytes(word))))
    }
    return pieces
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
    try noteHeaders(name, what, fields[ScanField.headers])
    for field in FactFamily.scanFields {
      var text = fields[field]
      if field == "stars" { text = stars(fields["score"]) }
      let key = Array("\(name).\(field)".utf8)
      guard let text, !text.isEmpty else {
        facts.scans[key] = nil
        continue
      }
      let isLong = FactFamily.longScanFields.contains(field)
      let kept = cut(text, isLong ? limits.answerTextBytesMax : limits.nameBytesMax)
      try charge(kept.count)
      facts.scans[key] = try keepForMessage(kept)
    }
  }

  /// The message's header is what a scanner speaks of that was given the message.
  private mutating func noteHeaders(
    _ name: String, _ what: String, _ text: String?
  ) throws(Trap) {
    guard what == "message" || what == "parts" else { return }
    facts.scanHeaders[name] = nil
    guard let text, let edits = ScanHeaderEdits.edits(text) else { return }
    try charge(text.utf8.count)
    facts.scanHeaders[name] = edits
  }

  /// One star a whole point, at most 40.
  private func stars(_ score: String?) -> String? {
    guard let value = score.flatMap({ Decimal.parse(Array($0.utf8)) }), value > 0 else {
      return nil
    }
    return String(repeating: "*", count: Int(min(40, value / Decimal.scale)))
  }
}

extension Part {
  /// Its path; `@` and the number of its reading behind it, where that is not the first.
  fileprivate var placeName: String { reading > 0 ? "\(path)@\(reading)" : path }
}
