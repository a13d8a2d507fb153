// Another implementation as a judge: Debian's python3-dkim, asked line by line in one child.

import Foundation

final class Judge {
  struct Silence: Error {}

  private let process = Process()
  private let questions = Pipe()
  private let answers = Pipe()
  private var rest = Data()

  init() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    process.executableURL = URL(filePath: "/usr/bin/python3")
    process.arguments = [root.appending(path: "tools/dkim-judge.py").path, "answer"]
    process.standardInput = questions
    process.standardOutput = answers
    try process.run()
  }

  func end() throws {
    try questions.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  func isValid(_ message: [UInt8]) throws -> Bool {
    try ask("verify \(Data(message).base64EncodedString())") == "valid"
  }

  /// pass, fail or none of the message's ARC chain.
  func chain(_ message: [UInt8]) throws -> String {
    try ask("chain \(Data(message).base64EncodedString())")
  }

  /// The message with a signature on top.
  func sign(_ message: [UInt8], _ words: String) throws -> [UInt8] {
    let answer = try ask("sign \(words) \(Data(message).base64EncodedString())")
    guard let signed = Data(base64Encoded: answer) else { throw Silence() }
    return Array(signed)
  }

  private func ask(_ question: String) throws -> String {
    try questions.fileHandleForWriting.write(contentsOf: Data((question + "\n").utf8))
    while true {
      if let end = rest.firstIndex(of: 10) {
        let line = String(decoding: rest[..<end], as: UTF8.self)
        rest = Data(rest[(end + 1)...])
        return line
      }
      let more = answers.fileHandleForReading.availableData
      guard !more.isEmpty else { throw Silence() }
      rest += more
    }
  }
}
