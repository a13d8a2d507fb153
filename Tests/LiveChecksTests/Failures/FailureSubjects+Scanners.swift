// Scanners of docs/FAILURES.md that have no socket: an ICAP service and a program.
import MailLab

extension FailureSubject {
  static let icap = FailureSubject(
    name: "scan :icap", failure: "scanner",
    declarations: #"scanner :icap "icap://127.0.0.1:{port}/av" "s";"#,
    test: #"scan :timeout {timeout} "s""#
  ) { fault in
    let script = FailingScript.once(
      "ICAP/1.0 200 OK\r\nX-Infection-Found: Threat=Test;\r\n\r\n",
      garbage: "220 mx.example.net ESMTP\r\n\r\n")
    return try await FailingServer(fault, script, at: .loopback).service
  }

  /// A program has no connection: "cut" is one that a signal ends, "garbage" an exit code that it
  /// should not have, "restarted" one that is written anew.
  static let program = FailureSubject(
    name: "scan :program", failure: "scanner",
    declarations: #"program ["{program}", "{path}"] "p"; scanner :program "p" "s";"#,
    test: #"scan :timeout {timeout} "s""#
  ) { fault in
    let folder = try LabDirectory()
    let script =
      switch fault {
      case .answer, .restarted: "exit 1"
      case .silent: "exec sleep 600"
      case .slow: "sleep 0.\(FailureFault.slowMilliseconds); exit 1"
      case .garbage: "exit 77"
      case .cut: "kill -9 $$"
      case .absent: ""
      }
    try folder.write("script", script)
    return FailureService(
      words: [
        "program": fault == .absent ? "/nonexistent/program" : "/bin/sh",
        "path": folder.path + "/script",
      ],
      restart: { try folder.write("script", script) },
      stop: { withExtendedLifetime(folder) {} })
  }
}
