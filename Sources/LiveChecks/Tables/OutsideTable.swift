// One table outside. The keys that stand for a key are those of files (`TableKey`), asked one after
// the other until one is there; each question is answered from what is known, joins one that is on
// its way, or goes out when there is a place and the source is not left alone.
internal import NIOCore
internal import RuleBytecode
internal import Scanners
internal import TableText

final class OutsideTable: Sendable {
  private let table: TableDeclaration
  private let client: any TableSourceClient
  private let known: KnownAnswers
  private let services: LiveServices
  private let limits: TableCallLimits
  private let gate: CallGate
  private let health: ServerHealth

  init(
    _ table: TableDeclaration, _ client: any TableSourceClient, _ known: KnownAnswers,
    _ services: LiveServices, _ limits: TableCallLimits
  ) {
    self.table = table
    self.client = client
    self.known = known
    self.services = services
    self.limits = limits
    gate = CallGate(callsMax: client.callsMax, waitingMax: limits.waitingMax)
    health = ServerHealth(
      "table '\(table.name)'", limits, board: services.breakers, log: services.settings.log)
  }

  /// The value that stands for a key; nil when there is none.
  func value(
    of key: String, scope: String, until deadline: NIODeadline
  ) async throws(TableTrouble) -> String? {
    guard key.utf8.count <= limits.keyBytesMax, scope.utf8.count <= limits.keyBytesMax else {
      throw TableTrouble("a key is longer than \(limits.keyBytesMax) bytes", isOfServer: false)
    }
    guard scope.isEmpty || TableScope.isKnown(to: table) else {
      throw TableTrouble("a table of this source has no sections", isOfServer: false)
    }
    for section in TableScope.names(scope) {
      for name in keys(for: key) {
        let question = TableQuestion(table: table.name, scope: section, key: name)
        if let value = try await answer(to: question, until: deadline) { return value }
      }
    }
    return nil
  }

  /// As they are to be asked, in their order. Files hold no control characters, and the C libraries
  /// that some sources need would take a NUL for the key's end: such a key stands in no table.
  private func keys(for key: String) -> [String] {
    guard !key.utf8.contains(where: { $0 < 32 || $0 == 127 }) else { return [] }
    let lowered = key.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }[...]
    let folded = TableKey.all(lowered, as: table.type, max: limits.keysMax)
      .map { String(decoding: $0, as: UTF8.self) }
    // Whoever makes lists folds them, or does not; addresses and domains are the same in any case.
    let keepsCase = table.type == .set || table.type == .map
    return keepsCase && folded != [key] && !key.isEmpty ? [key] + folded : folded
  }

  // MARK: One question

  private func answer(
    to question: TableQuestion, until deadline: NIODeadline
  ) async throws(TableTrouble) -> String? {
    if let value = known.answer(to: question, .now()) { return value }
    let flight = known.flight(for: question) {
      Task {
        defer { known.land(question) }
        do throws(TableTrouble) {
          let value = try await asked(question, until: deadline)
          let keep = Int64(client.keepMilliseconds ?? limits.keepMilliseconds)
          if keep > 0 { known.keep(value, for: question, until: .now() + .milliseconds(keep)) }
          return .success(value)
        } catch {
          return .failure(error)
        }
      }
    }
    // Who is not waited for any more lets the flight land: the next one will want the answer.
    return try await flight.value.get()
  }

  private func asked(
    _ question: TableQuestion, until deadline: NIODeadline
  ) async throws(TableTrouble) -> String? {
    do throws(ScanFailure) {
      try await gate.enter(deadline, services.eventLoops.any())
    } catch {
      throw TableTrouble(error.description, isOfServer: false)
    }
    defer { gate.leave() }
    return try await health.watch { () async throws(TableTrouble) in
      try await client.look(up: question.key, scope: question.scope, until: deadline)
    }
  }
}

/// `lookup :scope`: which tables outside have sections, and under which names.
enum TableScope {
  /// A question that has a place for it.
  static func isKnown(to table: TableDeclaration) -> Bool {
    table.arguments["query"].map { QueryPlaces.of($0).contains(2) } ?? false
  }

  static func names(_ scope: String) -> [String] {
    scope.isEmpty
      ? [""]
      : TableKey.sections(of: Array(scope.utf8)[...]).map { String(decoding: $0, as: UTF8.self) }
  }
}

/// The places of a query that take something: `$1` the key, `$2` the section.
enum QueryPlaces {
  static func of(_ query: String) -> Set<Int> {
    var places: Set<Int> = []
    for piece in query.split(separator: "$", omittingEmptySubsequences: false).dropFirst() {
      if let place = Int(piece.prefix { $0.isASCII && $0.isNumber }) { places.insert(place) }
    }
    return places
  }
}
