// Another implementation of DMARC as a judge: Debian's python3-authheaders.
import Foundation
import MailLab

struct PolicyJudge {
  struct Question: Encodable {
    let author: String
    let records: [String: String]
    /// Result and domain, both.
    let spf: [String]
    let dkim: [String]
  }

  private let dialogue: Dialogue

  init() throws { dialogue = try Dialogue(python: "dmarc-judge.py") }

  func end() throws { try dialogue.end() }

  /// Result and policy; the policy is empty where there is none.
  func verdict(_ question: Question) throws -> (result: String, policy: String) {
    let line = String(decoding: try JSONEncoder().encode(question), as: UTF8.self)
    let words = try dialogue.ask(line).split(separator: " ")
    return (String(words.first ?? ""), words.count > 1 ? String(words[1]) : "")
  }
}
