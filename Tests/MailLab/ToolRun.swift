// The commands under test, run to their end.
import Foundation

package struct ToolRun: Sendable {
  package let status: ExitStatus
  /// Both streams, as they were written.
  package let output: String

  /// - Parameter words: A program, by its name one of those that were built, and its arguments.
  package init(_ words: [String], timeoutSeconds: Double = 30) throws {
    let directory = try LabDirectory()
    let own = Laboratory.products + "/" + words[0]
    let program = FileManager.default.isExecutableFile(atPath: own) ? own : words[0]
    status = try ChildProcess.run(
      [program] + words.dropFirst(), outputPath: directory.path + "/output",
      timeoutSeconds: timeoutSeconds)
    output = directory.text("output")
  }
}
