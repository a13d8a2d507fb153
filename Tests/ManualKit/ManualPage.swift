// A manual page in docs/man: what mandoc says about it, and its made part between two marks.
import Foundation

package struct ManualPage {
  private struct NoMarks: Error {}

  package let name: String
  private let file: URL

  package init(_ name: String) {
    self.name = name
    file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "docs/man/\(name)")
  }

  package func text() throws -> String { try String(contentsOf: file, encoding: .utf8) }

  /// What mandoc, which tools/install-needs.sh installs, has against it; empty is well.
  package func faults() throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/mandoc")
    process.arguments = ["-T", "lint", "-W", "warning", file.path]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return process.terminationStatus == 0 ? "" : output + "status \(process.terminationStatus)"
  }

  /// Nil when the part between the marks is `made`; otherwise what to do about it. DEFANG_RECORD=1
  /// writes it anew.
  package func complaint(unlessMadePartIs made: String) throws -> String? {
    let page = try text()
    guard let begin = page.range(of: "\n.\\\" begin\n"), let end = page.range(of: ".\\\" end\n")
    else { throw NoMarks() }
    if ProcessInfo.processInfo.environment["DEFANG_RECORD"] != nil {
      let text = page[..<begin.upperBound] + made + page[end.lowerBound...]
      try Data(text.utf8).write(to: file, options: .atomic)
      return "docs/man/\(name) was recorded: review it"
    }
    let old = page[begin.upperBound..<end.lowerBound].split(separator: "\n")
    let new = made.split(separator: "\n")
    guard old != new else { return nil }
    let line = zip(old, new).prefix { $0 == $1 }.count
    return "\(name): line \(line + 1) of COMMANDS; DEFANG_RECORD=1 swift test --filter ManPageTests"
  }
}
