// A question to the running daemon: one line of JSON each way, on its control socket.
internal import ArgumentParser
internal import FoundationEssentials
internal import JSONOutput

struct DaemonOptions: ParsableArguments {
  @Option(help: "The daemon's control socket.")
  var control = DaemonOptions.standardPath
  @Flag(help: "Print the daemon's answer, an object of JSON.")
  var json = false

  static let standardPath = "/run/defang/control.sock"

  /// What is answered, as it came.
  /// - Throws: with the daemon's own exit code where it refuses.
  func ask(
    _ command: String, _ arguments: [(String, String)] = []
  ) throws(ControlFailure) -> [UInt8] {
    var answer: [UInt8]?
    try follow(command, arguments) { line in
      answer = line
      return false
    }
    // Without a line it has failed.
    return answer ?? []
  }

  /// What is answered, as `Value`.
  func ask<Value: Decodable>(
    _ command: String, _ arguments: [(String, String)] = [], as: Value.Type
  ) throws(ControlFailure) -> Value {
    let line = try ask(command, arguments)
    guard let value = try? Self.decoder.decode(Value.self, from: Data(line)) else {
      throw ControlFailure(ControlFailure.protocolError, "the daemon is of another version")
    }
    return value
  }

  /// Members of answers are written with underscores.
  static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return decoder
  }

  /// Hands over line by line, the answer first, until `take` wants no more.
  func follow(
    _ command: String, _ arguments: [(String, String)] = [], _ take: ([UInt8]) -> Bool
  ) throws(ControlFailure) {
    let members = [("command", command)] + arguments
    let question = OrderedJSON.object(members.map { ($0, .text($1)) }).line + "\n"
    let path = control.hasPrefix("unix:") ? String(control.dropFirst(5)) : control
    var failure: ControlFailure?
    var isFirst = true
    let end = Descriptor.follow(
      Array(question.utf8), at: path, lineBytesMax: Self.answerBytesMax
    ) { line in
      do throws(ControlFailure) {
        if isFirst { try check(line, path) }
      } catch {
        failure = error
        return false
      }
      isFirst = false
      return take(line)
    }
    if let failure { throw failure }
    switch end {
    case .left: return
    case .noDaemon(let reason):
      throw ControlFailure(
        69, "no daemon answers at \(path): \(reason) (is 'listen :control' in its configuration?)")
    case .cut:
      throw ControlFailure(
        75, isFirst ? "the daemon ended before it answered" : "the daemon has ended")
    }
  }

  private func check(_ line: [UInt8], _ path: String) throws(ControlFailure) {
    let answer: Answer? = try? JSONDecoder().decode(Answer.self, from: Data(line))
    guard let answer else {
      throw ControlFailure(
        ControlFailure.protocolError, "what answers at \(path) is no daemon")
    }
    guard answer.ok else {
      throw ControlFailure(
        answer.code ?? 70, answer.message ?? "the daemon gave no reason",
        details: answer.details ?? "")
    }
  }

  private struct Answer: Decodable {
    let ok: Bool
    let code: Int32?
    let message: String?
    let details: String?
  }

  private static let answerBytesMax = 16 << 20
}
