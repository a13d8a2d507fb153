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
  func ask(_ command: String) throws(ControlFailure) -> [UInt8] {
    let question = OrderedJSON.object([("command", .text(command))]).line + "\n"
    let path = control.hasPrefix("unix:") ? String(control.dropFirst(5)) : control
    let line: [UInt8]
    switch Descriptor.ask(Array(question.utf8), at: path, answerBytesMax: Self.answerBytesMax) {
    case .answer(let bytes): line = bytes
    case .noDaemon(let reason):
      throw ControlFailure(
        69, "no daemon answers at \(path): \(reason) (is 'listen :control' in its configuration?)")
    case .cut: throw ControlFailure(75, "the daemon ended before it answered")
    }
    let answer: Answer? = try? JSONDecoder().decode(Answer.self, from: Data(line))
    guard let answer else { throw ControlFailure(76, "what answers at \(path) is no daemon") }
    guard answer.ok else {
      throw ControlFailure(answer.code ?? 70, answer.message ?? "the daemon gave no reason")
    }
    return line
  }

  private struct Answer: Decodable {
    let ok: Bool
    let code: Int32?
    let message: String?
  }

  private static let answerBytesMax = 16 << 20
}
