// The commands under test, run to their end.
import Foundation

package struct ToolRun: Sendable {
  package let status: ExitStatus
  /// Both streams, as they were written.
  package let output: String

  /// - Parameters:
  ///   - words: A program, by its name one of those that were built, and its arguments.
  ///   - input: What it reads from standard input.
  package init(
    _ words: [String], input: [UInt8] = [], timeoutSeconds: Double = 30
  ) throws {
    let directory = try LabDirectory()
    try Data(input).write(to: URL(filePath: directory.path + "/input"))
    let own = Laboratory.products + "/" + words[0]
    let program = FileManager.default.isExecutableFile(atPath: own) ? own : words[0]
    status = try ChildProcess.run(
      [program] + words.dropFirst(), inputPath: directory.path + "/input",
      outputPath: directory.path + "/output",
      timeoutSeconds: timeoutSeconds)
    output = directory.text("output")
  }
}

/// What a standard verifier says of a message's DKIM signature: the tests' own key, no DNS.
package enum DKIMJudge {
  /// `valid`, or what is wrong.
  package static func verdict(on message: [UInt8]) throws -> String {
    try ask(["verify"], message).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// What an ARC chain is: `pass`, `fail` or `none`.
  package static func chain(of message: [UInt8]) throws -> String {
    try ask(["chain"], message).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// The private key that its verdicts believe in, `rsa` or `ed25519`, as PEM.
  package static func key(_ algorithm: String) throws -> String { try ask(["key", algorithm], []) }

  private static func ask(_ words: [String], _ message: [UInt8]) throws -> String {
    let script = Laboratory.checkout + "/tools/dkim-judge.py"
    return try ToolRun(["/usr/bin/python3", script] + words, input: message).output
  }
}

/// A command that goes on, and the lines that it has written so far.
package final class ChildLines {
  private let directory: LabDirectory
  private let process: ChildProcess

  package init(_ words: [String]) throws {
    directory = try LabDirectory()
    process = try ChildProcess(words, outputPath: directory.path + "/output")
  }

  deinit { end() }

  package func end() {
    process.signal(SIGKILL)
    _ = process.wait(timeoutSeconds: 5)
  }

  package var lines: [String] {
    directory.text("output").split(separator: "\n").map(String.init)
  }
}
