// `defangctl events`: what happens to the daemon, line by line as it happens.
internal import ArgumentParser

struct EventsCommand: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "events",
    abstract: "Print what happens to the daemon, a JSON object a line, as it happens.",
    discussion: """
      worker-died and worker-serves, poison (a message that was in hand at two
      deaths), reload, overload-begins and overload-ends, breaker-opens and
      breaker-closes (of scanners, tables, the shared memory, call-outs),
      name-servers-silent and name-servers-answer, log-lost, switch, trace,
      log-level, shadow. A reader that is slower than events come gets a last line,
      "dropped".

      Examples:
        defangctl events
        defangctl events | jq -r 'select(.event == "worker-died") | .end'
      """)

  @OptionGroup var daemon: DaemonOptions
  @Option(help: "End after so many.")
  var count: Int?

  func validate() throws {
    if let count, count < 1 { throw ValidationError("--count is from 1 on") }
  }

  func carryOut(_ output: inout ControlOutput) throws(ControlFailure) {
    var left = count
    var isAnswer = true
    try daemon.follow("events") { line in
      if isAnswer {
        isAnswer = false
        // For whoever waits until events are heard.
        if daemon.json { Descriptor.write(line + [10], to: 1) }
        return true
      }
      Descriptor.write(line + [10], to: 1)
      left = left.map { $0 - 1 }
      return left != 0
    }
  }
}
