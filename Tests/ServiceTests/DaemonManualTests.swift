// The daemon's manual page and the overview: no mistake that mandoc finds, and the options as the
// command line parser has them. DEFANG_RECORD=1 writes that chapter anew and fails that run.

import ArgumentParser
import ManualKit
import Testing

@testable import Service

struct DaemonManualTests {
  @Test(arguments: ["defangd.8", "defang.7"])
  func mandocFindsNoFault(name: String) throws {
    #expect(try ManualPage(name).faults() == "")
  }

  @Test func optionsAreThoseOfTheParser() throws {
    let made = try CommandManual(optionsOf: DaemonCommand._dumpHelp()).options
    #expect(made.contains(".It Fl -check-config\n"))
    #expect(try ManualPage("defangd.8").complaint(unlessMadePartIs: made) == nil)
  }
}
