// `make run`: the main job for real. Starts the daemon with a policy, connects a real mail server
// to it, sends a handful of messages by SMTP, and shows for each the replies, the verdict, the
// rules' trace and what was delivered. Ends with 0 when all came out as the policy says.
//
//   first-mail RULES [postfix|sendmail] [nio|libmilter]
import Foundation
import MailLab

let words = CommandLine.arguments.dropFirst()
guard let rules = words.first else {
  print("usage: first-mail RULES [postfix|sendmail] [nio|libmilter]")
  exit(64)
}
let server = words.compactMap(MTAKind.init(rawValue:)).first ?? .postfix
let frontEnd = words.compactMap(FrontEnd.init(rawValue:)).first ?? .nio

/// In a function, so that servers and directories are gone before `exit`.
func play() throws -> Bool {
  try FirstMail(rulesPath: rules, server: server, frontEnd: frontEnd).play()
}

do {
  exit(try play() ? 0 : 1)
} catch {
  print("first-mail: \(error)")
  exit(70)
}
