// What a case expects to lie in its folder when all is done: files of stores and of the quarantine.
import Foundation
import MailLab

struct ExpectedFiles: Sendable {
  private enum Expectation: Sendable {
    /// Each of the files, of which there is one at least, holds the text.
    case has(String)
    /// Each of them, one at least, is the message of this name as it was sent.
    case isMessage(String)
    case count(Int)
  }

  /// Below the folder; `*` stands for anything, slashes too.
  private let pattern: String
  private let expectation: Expectation

  init(_ line: String, at place: String) throws {
    let words = line.split(separator: " ", maxSplits: 2).map(String.init)
    guard words.count == 3 else {
      throw LabError("\(place): a pattern, a verb, a value are wanted")
    }
    pattern = words[0]
    switch words[1] {
    case "has": expectation = .has(words[2])
    case "is": expectation = .isMessage(words[2])
    case "count": expectation = .count(Int(words[2]) ?? -1)
    default: throw LabError("\(place): '\(words[1])' is neither has, is nor count")
    }
  }

  func problems(in folder: String, _ message: (String) throws -> [UInt8]) -> [String] {
    let all = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    let found = all.filter { Self.fits($0[...], pattern[...]) && Self.isFile(folder + "/" + $0) }
    if case .count(let count) = expectation {
      let files = all.filter { Self.isFile(folder + "/" + $0) }.sorted()
      return found.count == count
        ? [] : ["\(found.count) files \(pattern), expected \(count); there are \(files)"]
    }
    if found.isEmpty { return ["no file \(pattern); there are \(all.sorted())"] }
    return found.compactMap { name in
      let content = [UInt8](FileManager.default.contents(atPath: folder + "/" + name) ?? Data())
      switch expectation {
      case .has(let text):
        let shown = String(decoding: content, as: UTF8.self)
        return shown.contains(text) ? nil : "\(name) lacks \"\(text)\":\n\(shown.prefix(2000))"
      case .isMessage(let wanted):
        guard let sent = try? message(wanted) else { return "no message \(wanted)" }
        let shown = String(decoding: content.prefix(2000), as: UTF8.self)
        return content == sent ? nil : "\(name) is not \(wanted); it is:\n\(shown)"
      case .count: return nil
      }
    }
  }

  private static func isFile(_ path: String) -> Bool {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return attributes?[.type] as? FileAttributeType == .typeRegular
  }

  /// Recursion as deep as the pattern has stars.
  private static func fits(_ name: Substring, _ pattern: Substring) -> Bool {
    guard let star = pattern.firstIndex(of: "*") else { return name == pattern }
    guard name.hasPrefix(pattern[..<star]) else { return false }
    let rest = pattern[pattern.index(after: star)...]
    var tail = name.dropFirst(pattern.distance(from: pattern.startIndex, to: star))
    while true {
      if fits(tail, rest) { return true }
      if tail.popFirst() == nil { return false }
    }
  }
}
