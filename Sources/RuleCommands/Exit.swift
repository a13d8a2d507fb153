// Exit codes (sysexits), output and diagnostics, in one place.
internal import ArgumentParser
internal import FoundationEssentials

enum Exit {
  /// The command did its work and what it looked for was there: files that would change.
  static let foundFailures = ExitCode(1)
  /// What the arguments name is nothing to work on.
  static let usage = ExitCode(64)
  /// The rules do not compile, or an image is refused.
  static let badData = ExitCode(65)
  static let noInput = ExitCode(66)
  /// Something outside does not answer.
  static let unavailable = ExitCode(69)
  static let ourFault = ExitCode(70)
  static let cannotCreate = ExitCode(73)
  /// Files that others may write decide nothing.
  static let distrusted = ExitCode(78)
}

enum Output {
  static func out(_ text: String) { out(Array(text.utf8)) }
  static func error(_ text: String) { Descriptor.standardError().write(Array(text.utf8)) }
  static func out(_ bytes: [UInt8]) { Descriptor.standardOutput().write(bytes) }

  /// Colour only where a person looks and does not mind (NO_COLOR).
  static var isColourWanted: Bool {
    Descriptor.standardError().isTerminal
      && ProcessInfo.processInfo.environment["NO_COLOR"]?.isEmpty != false
  }
}

/// Says why the command cannot go on, then ends it with that code.
func fail(_ code: ExitCode, _ message: String) -> ExitCode {
  Output.error("defang-rulec: \(message)\n")
  return code
}
