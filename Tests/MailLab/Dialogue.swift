// A program that answers line by line, as the judges in tools/ do: other implementations, asked in
// one child process for thousands of questions.
import Foundation

package final class Dialogue {
  package struct Silence: Error {
    package init() {}
  }

  private let process = Process()
  private let questions = Pipe()
  private let answers = Pipe()
  private var rest = Data()

  /// `script` lies in the project's tools.
  package init(python script: String, _ arguments: [String] = []) throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    process.executableURL = URL(filePath: "/usr/bin/python3")
    process.arguments = [root.appending(path: "tools/\(script)").path] + arguments
    process.standardInput = questions
    process.standardOutput = answers
    try process.run()
  }

  /// Ends the program. The end of its input would not reach it when a server that was started
  /// meanwhile has inherited the pipe.
  package func end() throws {
    try questions.fileHandleForWriting.close()
    process.terminate()
    process.waitUntilExit()
  }

  /// The answer's line to a question of one line.
  package func ask(_ question: String) throws -> String {
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
