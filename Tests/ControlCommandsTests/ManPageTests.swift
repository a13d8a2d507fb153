// The manual page: no mistake that mandoc finds, commands and options as the command line parser
// has them. DEFANG_RECORD=1 writes the chapter COMMANDS anew and fails that run.

import ArgumentParser
import ManualKit
import Testing

@testable import ControlCommands

struct ManPageTests {
  private let page = ManualPage("defangctl.8")

  @Test func mandocFindsNoFault() throws {
    #expect(try page.faults() == "")
  }

  @Test func commandsAreThoseOfTheParser() throws {
    let made = try CommandManual(dump: Defangctl._dumpHelp()).text
    #expect(try page.complaint(unlessMadePartIs: made) == nil)
  }

  /// Each command says by examples how it is used.
  @Test func helpHasExamples() throws {
    let leaves = try CommandManual(dump: Defangctl._dumpHelp()).leaves
    #expect(leaves.count > 10)
    for command in leaves {
      #expect(
        command.discussion?.contains("Examples:\n  defangctl \(command.path)") == true,
        "\(command.path)")
    }
  }
}
