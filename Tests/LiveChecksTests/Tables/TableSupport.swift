// Asking one table of a source as a policy's session would.
import Foundation
import MailLab
import NIOPosix
import RuleBytecode
import RuleVM
import Synchronization
import Testing

@testable import LiveChecks

/// A policy's outside table, with what it logs.
final class TableDesk: Sendable {
  /// Longer than any test takes, on a machine that does much else: never the reason of an outcome.
  static let patientMilliseconds = 3_600_000

  private let services: LiveServices
  private let lookup: TableLookup

  init(
    _ source: TableSource, _ address: String, _ type: TableType = .map,
    _ options: [String: String] = [:], name: String = "t", dns: [String] = [],
    _ change: (inout TableCallLimits) -> Void = { _ in }
  ) throws {
    let log = LogBox()
    var settings = LiveServices.Settings(stateDirectory: "/nonexistent")
    settings.nameServers = dns
    settings.log = { line in log.lines.withLock { $0.append(line) } }
    self.log = log
    services = LiveServices(settings)
    var limits = TableCallLimits()
    limits.connectMilliseconds = Self.patientMilliseconds
    change(&limits)
    var arguments = options
    arguments["address"] = address
    let table = TableDeclaration(name: name, type: type, source: source, arguments: arguments)
    self.name = name
    lookup = try TableLookup([table], services, limits: limits)
  }

  /// As events and figures have it.
  var leftAlone: [String: Int] { services.breakers.all }

  deinit { services.stop() }

  private final class LogBox: Sendable {
    let lines = Mutex<[String]>([])
  }

  private let log: LogBox
  private let name: String
  var logged: [String] { log.lines.withLock { $0 } }

  func answer(
    _ key: String, scope: String = "", milliseconds: Int = patientMilliseconds
  ) async -> CheckAnswer {
    await lookup.answer(
      CheckRequest(
        id: 1, kind: .table, name: name, arguments: [name, scope, key],
        timeoutMilliseconds: milliseconds))
  }

  /// The value; nil for a miss. Fails the test on a failure.
  func value(_ key: String, scope: String = "") async throws -> String? {
    switch await answer(key, scope: scope) {
    case .values(let values): return values.first
    case let other: throw LabError("\(key): \(other)")
    }
  }

  /// Why there is no answer.
  func reason(_ key: String, milliseconds: Int = patientMilliseconds) async -> String {
    switch await answer(key, milliseconds: milliseconds) {
    case .failed(.table, let reason): reason
    case let other: "an answer: \(other)"
    }
  }
}

/// A folder of the test's own.
final class TestFolder: Sendable {
  let path: String

  init() throws {
    path = "/tmp/defang-tables." + UUID().uuidString.prefix(12)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  @discardableResult
  func write(_ name: String, _ text: String) throws -> String {
    try Data(text.utf8).write(to: URL(filePath: path + "/" + name))
    return path + "/" + name
  }

  /// As whoever makes a list anew should: never half of it under its name.
  func replace(_ name: String, with other: String) throws {
    try run(["mv", "-f", path + "/" + other, path + "/" + name])
  }

  @discardableResult
  func run(_ words: [String], input: String = "") throws -> String {
    let run = try ToolRun(words, input: Array(input.utf8))
    guard run.status == .code(0) else { throw LabError("\(words): \(run.output)") }
    return run.output
  }
}
