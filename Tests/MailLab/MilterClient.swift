// A mail server's side of the milter protocol, as small as it can be: asks a daemon about one
// message and says what it answered first that was not "go on". Offers no protocol steps, so each
// command is answered.

package final class MilterClient {
  private let dialogue: Dialogue

  /// - Parameter path: the daemon's socket.
  package init(path: String) throws { dialogue = try Dialogue(python: "milter-client.py", [path]) }

  /// One message in a session of its own, from 192.0.2.1.
  /// - Parameter gate: a file without which the end of the message is not said; when all else was,
  ///   a file of that name and `.there` is made.
  /// - Returns: `accept`, or the reply: `450 4.7.1 text`; `tempfail`, `reject`, `discard` where
  ///   there is no text.
  package func send(
    from sender: String, to recipients: [String], header: [String] = [], login: String = "",
    bodyBytes: Int = 0, gate: String = ""
  ) throws -> String {
    let words = [
      sender, recipients.joined(separator: " "), header.joined(separator: "|"), login,
      "\(bodyBytes)", gate,
    ]
    return try dialogue.ask(words.joined(separator: "\t"))
  }

  package func end() throws {
    _ = try dialogue.ask("end")
    try dialogue.end()
  }
}
