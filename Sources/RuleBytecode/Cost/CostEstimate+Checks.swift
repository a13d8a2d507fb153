// What asking outside costs: arguments that are built, answers that are compared and kept, as
// `Machine+…Checks.swift` charges them.

extension CostEstimate {
  /// The answers that may come while checks are waited for: not more than questions.
  func answers(_ occasion: Occasion) -> Int {
    occasion.isOfRecipients ? Int.cost(caps.checks, plus: caps.recipientChecks) : caps.checks
  }

  /// All times that a check is evaluated: once a run, and again with each answer.
  func work(
    of check: CheckSpec, _ instructionCost: Int, _ bounds: TextBounds, _ occasion: Occasion
  ) -> Int {
    let evaluations = Int.cost(occasion.times, plus: answers(occasion))
    let arguments = min(
      bounds.sum(check.firstText, check.textCount).bytes(in: Occasion(times: 1)),
      Int(check.textCount) * caps.checkArgumentBytes)
    var each = Int.cost(instructionCost, plus: arguments)
    each = Int.cost(each, plus: answer(to: check, bounds))
    return Int.cost(each, times: evaluations)
  }

  /// A scanner is given decoded parts.
  func isOfContent(_ check: CheckSpec, in phase: Phase) -> Bool {
    check.kind == .scan
      && (check.aspect == ScanQuestion.parts.rawValue || check.loop > 0 || phase == .part)
  }

  /// One evaluation with its answers at hand.
  private func answer(to check: CheckSpec, _ bounds: TextBounds) -> Int {
    let words = Int(program.sets[Int(check.arguments)].count)
    var measure = QueryMeasure()
    var kept: Int
    switch check.kind {
    case .dnsbl, .hashbl:
      measure.values = words * ByteCost.listCodesMax
      measure.bytes = measure.values * ByteCost.listCodeBytesMax
      kept = caps.answerTextBytes + 2 * caps.nameBytes
    case .spf, .dkim, .dmarc, .arc:
      measure.values = 1
      measure.bytes = caps.nameBytes
      kept = 3 * caps.nameBytes
    case .scan:
      // The header changes that it asks for besides.
      let long = FactFamily.longScanFields.count
      kept =
        (long + 1) * caps.answerTextBytes
        + (FactFamily.scanFields.count - long) * caps.nameBytes
    case .callout: kept = caps.answerTextBytes + 2 * caps.nameBytes
    case .greylist: kept = caps.nameBytes
    case .knownSender: kept = 3 * caps.nameBytes
    case .rdns, .mx, .rate, .duplicate, .table, .suite, .unpack, .errands: kept = 0
    }
    guard check.spec > 0 else { return kept }
    kept = Int.cost(kept, plus: match(program.specs[Int(check.spec) - 1], measure, bounds))
    return kept
  }

  /// Whether a query looks into archives; then it may be asked again with the answer of the
  /// process that reads them.
  func asksForArchives(_ query: QuerySpec) -> Bool {
    guard query.source != .archive else { return true }
    guard query.names > 0 else { return false }
    let names = program.words(ofSet: query.names - 1)
    switch query.source {
    case .anomaly, .partAnomaly:
      return names.contains { AnomalyName.named($0)?.isOfArchives == true }
    case .partEncrypted: return names.contains(EncryptionKind.archive.name)
    default: return false
    }
  }

  /// What anomalies ask of content, as `Machine+ContentQueries.swift` looks into it.
  func contentWork(of query: QuerySpec, in phase: Phase) -> Set<SharedWork> {
    guard query.source == .anomaly || query.source == .partAnomaly, phase != .headers else {
      return []
    }
    let types: Set<SharedWork> = [.bodyDecoding, .typeSniffing]
    guard query.names > 0 else { return types }
    let names = program.words(ofSet: query.names - 1)
    if names.contains(AnomalyName.officeDamaged.name) {
      return types.union([.textDecoding, .partNames, .documents])
    }
    return names.contains(AnomalyName.polyglot.name) ? types : []
  }

  static let archiveReading: Set<SharedWork> = [
    .bodyDecoding, .typeSniffing, .partNames, .archives,
  ]

  /// Whose each recipient is, as `Machine+Own.swift` charges it.
  func directionWork(isOfOne: Bool) -> Int {
    let tables = program.declaration(.own).map { program.arguments(of: $0).count } ?? 0
    let each = caps.nameBytes + tables * (ByteCost.tableVisit + caps.nameBytes)
    return Int.cost(isOfOne ? 1 : caps.recipients, times: each)
  }

  /// The fact of that name is read.
  func isDirection(_ instruction: Instruction) -> Bool {
    (instruction.opcode == .textFact || instruction.opcode == .factPresent)
      && instruction.c == UInt32(Fact.direction.rawValue)
  }
}
