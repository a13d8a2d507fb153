// The messages of Tests/OddMail and what is known about each (Tests/OddMail/README.md).

import Foundation
import Testing

/// One message of the corpus.
struct OddMail: Decodable, CustomTestStringConvertible, Sendable {
  /// What rules must see together on one part, for each of the names.
  struct Danger: Decodable, Sendable {
    let names: [String]?
    let kind: String?
    let `extension`: String?
    let declared: String?
    let member: String?
    let trait: String?
    let encrypted: String?
  }

  struct Reading: Decodable, Sendable {
    let client: String
    let shows: String
  }

  let name: String
  let family: String
  let readings: [Reading]?
  let danger: Danger?
  let anomalies: [String]?
  let limits: [String]?
  let outline: [String]?

  var testDescription: String { name }

  func bytes(_ folder: String) throws -> [UInt8] {
    Array(try Data(contentsOf: OddMailFolder.url.appending(path: "\(folder)/\(name).eml")))
  }
}

enum OddMailFolder {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  static let url = root.appending(path: "Tests/OddMail")

  private struct Table: Decodable {
    let evasive: [OddMail]
    let valid: [OddMail]
  }

  /// Empty when it cannot be read: the tests ask for a number of messages.
  private static let table: Table? = {
    guard let data = try? Data(contentsOf: url.appending(path: "cases.json")) else { return nil }
    return try? JSONDecoder().decode(Table.self, from: data)
  }()

  static let evasive = table?.evasive ?? []
  static let valid = table?.valid ?? []
}
