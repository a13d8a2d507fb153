// Another implementation as a judge: Debian's python3-dkim.
import Foundation
import MailLab

struct Judge {
  private let dialogue: Dialogue

  init() throws { dialogue = try Dialogue(python: "dkim-judge.py", ["answer"]) }

  func end() throws { try dialogue.end() }

  func isValid(_ message: [UInt8]) throws -> Bool {
    try dialogue.ask("verify \(Data(message).base64EncodedString())") == "valid"
  }

  /// pass, fail or none of the message's ARC chain.
  func chain(_ message: [UInt8]) throws -> String {
    try dialogue.ask("chain \(Data(message).base64EncodedString())")
  }

  /// The message with a signature on top.
  func sign(_ message: [UInt8], _ words: String) throws -> [UInt8] {
    let answer = try dialogue.ask("sign \(words) \(Data(message).base64EncodedString())")
    guard let signed = Data(base64Encoded: answer) else { throw Dialogue.Silence() }
    return Array(signed)
  }
}
