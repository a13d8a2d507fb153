// How every command of defangctl runs: it makes its output and may fail with a code of sysexits.
// Apart from the process, so that tests run commands as they are typed.
internal import ArgumentParser
internal import Stores

/// Why a command does not do what it was told, with its exit code.
struct ControlFailure: Error, Equatable {
  static let usage: Int32 = 64
  static let cannotCreate: Int32 = 73
  /// What answers is not the daemon that this program knows.
  static let protocolError: Int32 = 76

  let code: Int32
  let message: String
  /// Lines that say more, before it.
  let details: String

  init(_ code: Int32, _ message: String, details: String = "") {
    self.code = code
    self.message = message
    self.details = details
  }

  /// As a person reads it.
  var text: String {
    let lines = details.isEmpty ? "" : PlainText.lines(Array(details.utf8)[...])
    return lines + (lines.isEmpty || lines.hasSuffix("\n") ? "" : "\n") + "defangctl: \(message)\n"
  }

  init(_ failure: StoreFailure) {
    let code: Int32 =
      switch failure {
      case .full, .quota, .busy: 75
      case .denied: 78
      case .broken, .conflict: 65
      case .refused: Self.usage
      case .missing: 66
      }
    self.init(code, failure.message)
  }
}

/// What a command prints.
struct ControlOutput {
  private(set) var bytes: [UInt8] = []
  /// Set when what was looked for is wrong: the command itself did its work.
  var foundFaults = false
  /// A person reads it: bytes of mail must do nothing to a terminal.
  let isTerminal: Bool

  init(isTerminal: Bool) { self.isTerminal = isTerminal }

  mutating func line(_ text: String) { bytes += Array((text + "\n").utf8) }
  mutating func raw(_ content: [UInt8]) { bytes += content }
}

protocol ControlCommand: ParsableCommand {
  func carryOut(_ output: inout ControlOutput) throws(ControlFailure)
}

extension ControlCommand {
  func run() throws {
    var output = ControlOutput(isTerminal: Descriptor.isTerminal(1))
    var failure: ControlFailure?
    do throws(ControlFailure) { try carryOut(&output) } catch { failure = error }
    // What was found before the failure is shown too.
    Descriptor.write(output.bytes, to: 1)
    if let failure {
      Descriptor.write(Array(failure.text.utf8), to: 2)
      throw ExitCode(failure.code)
    }
    if output.foundFaults { throw ExitCode(1) }
  }
}

/// Calls the store; what it says ends the command.
func asking<Value>(
  _ body: () throws(StoreFailure) -> Value
) throws(ControlFailure) -> Value {
  do throws(StoreFailure) { return try body() } catch { throw ControlFailure(error) }
}
