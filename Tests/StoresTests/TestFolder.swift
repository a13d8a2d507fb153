// A private folder for a test, gone with it, and what tests look up in it.

import Foundation
import Testing

@testable import Stores

final class TestFolder: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "/stores-tests-\(RandomText.make(count: 12))"
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Paths of all files below, in order.
  var files: [String] {
    let all = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    return all.filter { isFile($0) }.sorted()
  }

  /// Files of the quarantine's contents.
  var contents: [String] { files.filter { $0.contains("content/") } }

  private func isFile(_ name: String) -> Bool {
    let facts = try? FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")
    return facts?[.type] as? FileAttributeType == .typeRegular
  }

  func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: "\(path)/\(name)")))
  }

  func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: URL(filePath: "\(path)/\(name)"))
  }

  func mode(_ name: String) throws -> Int {
    let facts = try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")
    return try #require(facts[.posixPermissions] as? Int)
  }

  /// Makes a file as old as one that was last used then.
  func setTime(_ seconds: Int64, of name: String) throws {
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: Double(seconds))],
      ofItemAtPath: "\(path)/\(name)")
  }
}

/// Mail for the tests.
enum Sample {
  static let now: Int64 = 1_780_000_000
  static let actor = StoreActor(userNumber: 7, name: "ann")

  static func message(_ number: Int = 1, bytes: Int = 40) -> [UInt8] {
    let text = "Subject: \(number)\r\n\r\n"
    let body = [UInt8](repeating: 65, count: max(0, bytes - text.utf8.count))
    return Array(text.utf8) + body
  }

  static func envelope(
    _ sender: String = "a@example.net", _ recipients: [String] = ["b@example.com"]
  ) -> HeldEnvelope {
    HeldEnvelope(sender: sender, recipients: recipients)
  }

  static func order(
    _ id: String, _ envelope: HeldEnvelope = envelope(), part: HeldPart? = nil,
    at seconds: Int64 = now
  ) -> QuarantineOrder {
    QuarantineOrder(
      id: id, envelope: envelope, part: part, reason: "macros", rule: "office", policy: "00ff",
      receivedSeconds: seconds)
  }
}

extension TestFolder {
  func store(
    _ limits: QuarantineLimits = QuarantineLimits(), steps: StoreSteps = .untold
  ) throws -> QuarantineStore {
    try QuarantineStore(directory: "\(path)/quarantine", limits: limits, steps: steps)
  }
}
