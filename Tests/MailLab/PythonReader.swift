// What Python's email package makes of a message: a reader that shares no line with ours. One child
// for as long as its owner lives (tools/read-mail.py), fed one message after the other.
package import Foundation
import Synchronization

/// A message as Python reads it.
package struct PythonMail: Decodable, Sendable {
  package struct Part: Decodable, Sendable {
    /// As our own reader numbers parts.
    package let path: String
    package let type: String
    package let name: String?
    package let disposition: String?
    package let charset: String?
    /// Nil for what holds other parts.
    package let content: Data?
    /// The content in its charset; of text only.
    package let text: String?
  }

  /// Name and decoded value, in their order.
  package let fields: [[String]]
  package let parts: [Part]
  /// What Python found wrong, with the part or field.
  package let defects: [String]

  package func part(_ path: String) -> Part? { parts.first { $0.path == path } }
}

package final class PythonReader: Sendable {
  private struct Child {
    let process: ChildProcess
    let input: Descriptor
    var answers = 0
  }

  private let directory: LabDirectory
  private let child: Mutex<Child>

  package init() throws {
    directory = try LabDirectory()
    let pipe = try Posix.makePipe()
    let process = try ChildProcess(
      ["/usr/bin/python3", Laboratory.checkout + "/tools/read-mail.py"],
      input: pipe.reading, outputPath: directory.path + "/answers")
    child = Mutex(Child(process: process, input: pipe.writing))
  }

  package func read(_ message: [UInt8]) throws -> PythonMail {
    try child.withLock { child in
      try Posix.send(child.input, Array("\(message.count)\n".utf8) + message)
      child.answers += 1
      let wanted = child.answers
      var lines: [Substring] = []
      let came = Laboratory.waitUntil(timeoutSeconds: 20) {
        lines = directory.text("answers").split(separator: "\n", omittingEmptySubsequences: false)
        return lines.count > wanted || child.process.exitStatus() != nil
      }
      guard came, lines.count > wanted else {
        throw LabError("tools/read-mail.py does not answer:\n" + directory.text("answers"))
      }
      return try JSONDecoder().decode(PythonMail.self, from: Data(lines[wanted - 1].utf8))
    }
  }
}
