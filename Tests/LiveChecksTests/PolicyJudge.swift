// Another implementation of DMARC as a judge: Debian's python3-authheaders, asked line by line in
// one child.
import Foundation

final class PolicyJudge {
  struct Silence: Error {}

  struct Question: Encodable {
    let author: String
    let records: [String: String]
    /// Result and domain, both.
    let spf: [String]
    let dkim: [String]
  }

  private let process = Process()
  private let questions = Pipe()
  private let answers = Pipe()
  private var rest = Data()

  init() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    process.executableURL = URL(filePath: "/usr/bin/python3")
    process.arguments = [root.appending(path: "tools/dmarc-judge.py").path]
    process.standardInput = questions
    process.standardOutput = answers
    try process.run()
  }

  func end() throws {
    try questions.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  /// Result and policy; the policy is empty where there is none.
  func verdict(_ question: Question) throws -> (result: String, policy: String) {
    let line = try JSONEncoder().encode(question) + Data("\n".utf8)
    try questions.fileHandleForWriting.write(contentsOf: line)
    while true {
      if let end = rest.firstIndex(of: 10) {
        let words = String(decoding: rest[..<end], as: UTF8.self).split(separator: " ")
        rest = Data(rest[(end + 1)...])
        return (String(words.first ?? ""), words.count > 1 ? String(words[1]) : "")
      }
      let more = answers.fileHandleForReading.availableData
      guard !more.isEmpty else { throw Silence() }
      rest += more
    }
  }
}
