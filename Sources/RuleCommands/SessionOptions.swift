// The options that describe an SMTP session for `run` and `trace` (one list for both).
internal import ArgumentParser
internal import Checks
internal import RuleVM

struct SessionOptions: ParsableArguments {
  @Option(help: "The message; a lone LF is read as CRLF; '-' is standard input.")
  var message: String?

  @Option(help: "What defangd kept of a message on which it failed, a session.json.")
  var session: String?

  @Option(help: "Address of the SMTP client; 127.0.0.1 if left out.")
  var clientIP: String?
  @Option(help: "Port of the SMTP client.")
  var clientPort: Int?
  @Option(help: "Name of the SMTP client as the MTA verified it.")
  var clientName: String?
  @Option(help: "Name in the client's PTR record.")
  var clientPtr: String?
  @Option(help: "Address that the client connected to.")
  var serverIP: String?
  @Option(help: "Name of the MTA's listener.")
  var daemon: String?
  @Option(help: "Argument of HELO or EHLO; client.example if left out.")
  var helo: String?
  @Option(help: "Reverse path; \"\" is the null sender. Taken from the From field when left out.")
  var from: String?
  @Option(help: "A recipient; may be repeated. Taken from To and Cc when left out.")
  var to: [String] = []
  @Option(help: "An ESMTP argument of MAIL, as SIZE=1000; may be repeated.")
  var mailArg: [String] = []
  @Option(help: "An ESMTP argument of the RCPT before it; may be repeated.")
  var rcptArg: [String] = []
  @Option(help: "SASL login name.")
  var authUser: String?
  @Option(help: "TLS version of the session, as TLSv1.3.")
  var tls: String?
  @Option(help: "The MTA's queue id.")
  var queueID: String?
  @Option(help: "A macro NAME=VALUE; after a --to it belongs to that recipient.")
  var macro: [String] = []
  @Option(help: "The time, RFC 3339: 2026-03-01T12:00:00Z.")
  var now: String?
  @Option(help: "JSON file with answers of outside checks.")
  var answers: String?
  @Flag(help: "Every rule only observes: what would be done is listed, nothing is done.")
  var observe = false
  @Option(help: "How the mail came: remote, or local (no SMTP client, queue id known at MAIL).")
  var submission = Submission.remote

  enum Submission: String, ExpressibleByArgument, CaseIterable { case remote, local }

  func validate() throws {
    for word in macro where SessionWords.split(word).value.firstIndex(of: "=") == nil {
      throw ValidationError("--macro wants NAME=VALUE, not '\(SessionWords.split(word).value)'")
    }
    if let clientPort, !(0...65_535).contains(clientPort) {
      throw ValidationError("--client-port is from 0 to 65535")
    }
  }

  /// The answers that stand in for the outside: those of a file, else those that a kept session
  /// had.
  func standIns() throws -> StandInAnswers {
    guard answers == nil, let session else { return try Self.standIns(answers) }
    guard let bytes = try SessionFile.facts(session).answers?.bytes else { return StandInAnswers() }
    return try Self.standIns(bytes, of: session)
  }

  static func standIns(_ path: String?) throws -> StandInAnswers {
    guard let path else { return StandInAnswers() }
    return try standIns(try PolicyFiles.read(path, limit: 16 << 20), of: path)
  }

  private static func standIns(_ bytes: [UInt8], of path: String) throws -> StandInAnswers {
    do throws(StandInAnswers.Mistake) {
      return try StandInAnswers(json: bytes)
    } catch {
      throw fail(Exit.badData, "\(path): \(error.message)")
    }
  }
}
