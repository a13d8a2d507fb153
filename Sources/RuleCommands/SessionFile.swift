// A session as defangd keeps it when the filter itself failed on its message: what the mail server
// said, and the message beside it. Written by the daemon, but an administrator may have edited it.
internal import Checks
internal import FoundationEssentials

struct SessionFile: Decodable {
  let time: String
  /// The run that failed, or was in hand: as the daemon names them.
  let stage: String
  let clientIP: String
  let clientPort: Int
  let clientName: String
  let helo: String
  let from: String
  let mailArguments: [String]
  let to: [String]
  /// A program of this host gave the mail in.
  let isLocal: Bool
  let macros: [String: String]
  let sessionMacros: [String: String]
  /// The name of a file beside this one.
  let message: String?
  /// What outside checks had said, as a file of answers says it; nil in one of an older daemon.
  let answers: JSONValue?

  private enum CodingKeys: String, CodingKey {
    case time, stage, helo, from, to, macros, message, answers
    case clientIP = "client_ip"
    case clientPort = "client_port"
    case clientName = "client_name"
    case mailArguments = "mail_args"
    case isLocal = "local"
    case sessionMacros = "session_macros"
  }

  private static let bytesMax = 16 << 20
  private static let messageBytesMax = 2_147_483_647

  /// The session, and its message byte for byte.
  static func read(_ path: String) throws -> (session: SessionFile, message: [UInt8]?) {
    let session = try facts(path)
    let message = try session.message.map { name in
      try PolicyFiles.read(Files.directory(of: path) + "/" + name, limit: messageBytesMax)
    }
    return (session, message)
  }

  /// The session alone.
  static func facts(_ path: String) throws -> SessionFile {
    let bytes = try PolicyFiles.read(path, limit: bytesMax)
    do {
      return try JSONDecoder().decode(SessionFile.self, from: Data(bytes))
    } catch {
      throw fail(Exit.badData, "\(path) is no session that defangd kept: \(error)")
    }
  }

  /// It came so far at least.
  var hasSender: Bool { stage != "connect" && stage != "helo" }
}
