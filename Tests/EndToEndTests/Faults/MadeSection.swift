// A part of a page that a test makes, between two comments that name it.
import Foundation
import MailLab
import Testing

struct MadeSection {
  let file: String
  let name: String
  /// Who makes it, for whoever reads the page's source.
  let maker: String

  private var head: String { "<!-- \(name): made by \(maker) -->" }
  private var foot: String { "<!-- end of \(name) -->" }

  /// Compares, or with DEFANG_RECORD=1 writes and fails.
  func check(_ text: String) throws {
    let path = Laboratory.checkout + "/" + file
    let page = try String(contentsOfFile: path, encoding: .utf8)
    let start = try #require(page.firstRange(of: head), "\(file) has no \(head)")
    let end = try #require(page.firstRange(of: foot), "\(file) has no \(foot)")
    let old = page[start.upperBound..<end.lowerBound].trimmingCharacters(in: .newlines)
    guard old != text else { return }
    if ProcessInfo.processInfo.environment["DEFANG_RECORD"] != nil {
      let new = page[..<start.upperBound] + "\n\n" + text + "\n\n" + page[end.lowerBound...]
      try Data(new.utf8).write(to: URL(filePath: path), options: .atomic)
      Issue.record("\(file) was recorded: review it, then run without DEFANG_RECORD")
      return
    }
    let (was, now) = (old.split(separator: "\n"), text.split(separator: "\n"))
    for (one, other) in zip(was, now) where one != other {
      Issue.record("\(one)\nis now\n\(other)")
    }
    #expect(was.count == now.count)
  }
}
