// Real scanners for the cases that name them (`--- servers`): one of each, started when a case
// first asks for it, gone with the process.
import Foundation
import MailLab

enum SharedScanners {
  private static let clamd = Result { try ClamServer() }
  private static let spamd = Result { try SpamServer() }
  private static let rspamd = Result { try RspamdServer() }

  /// Where it listens, as policies write it.
  static func address(_ name: String) throws -> String {
    switch name {
    case "clamd": "unix:" + (try clamd.get().socketPath)
    case "clamd-tcp": "inet:\(try clamd.get().port)@127.0.0.1"
    case "spamd": "unix:" + (try spamd.get().socketPath)
    case "rspamd": "unix:" + (try rspamd.get().socketPath)
    default: throw LabError("there is no server '\(name)'")
    }
  }

  static func stop(_ name: String) throws {
    guard name == "clamd" else { throw LabError("'\(name)' is not stopped by a case") }
    try clamd.get().stop()
  }

  static func start(_ name: String) throws {
    guard name == "clamd" else { throw LabError("'\(name)' is not started by a case") }
    try clamd.get().start()
  }

  /// What scanners find, for messages of cases: no checkout holds it.
  static let samples: [String: String] = [
    "malware": String(decoding: MalwareSample.bytes, as: UTF8.self),
    "malware-base64": Data(MalwareSample.bytes).base64EncodedString(),
    "malware-name": ClamServer.malwareName, "spam-line": SpamSample.line,
  ]
}
