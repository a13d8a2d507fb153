// The manual pages: no mistake that mandoc finds, options as the command line parser has them,
// every name of the language. DEFANG_RECORD=1 writes the options anew and fails that run.

import ArgumentParser
import ManualKit
import RuleBytecode
import RuleCompiler
import Testing

@testable import RuleCommands

struct ManPageTests {
  private func made() throws -> String { try CommandManual(dump: DefangRulec._dumpHelp()).text }

  @Test(arguments: ["defang-rulec.1", "defang-rules.5"])
  func mandocFindsNoFault(name: String) throws {
    #expect(try ManualPage(name).faults() == "")
  }

  @Test func optionsAreThoseOfTheParser() throws {
    #expect(try ManualPage("defang-rulec.1").complaint(unlessMadePartIs: made()) == nil)
  }

  /// What the generator reads is there: options with one value, flags and arguments.
  @Test func theParserTellsItsOptions() throws {
    let made = try made()
    for text in [
      ".Ss compile\n", ".It Fl -check\n", ".It Fl o , Fl -output Ar output\n", ".It Ar paths ...\n",
      ".It Fl -client-ip Ar client-ip\n", "Default: remote.\n",
    ] {
      #expect(made.contains(text), "\(text)")
    }
  }

  @Test func everyNameOfTheLanguageHasItsLine() throws {
    let items = try ManualPage("defang-rules.5").text().split(separator: "\n")
      .filter { $0.hasPrefix(".It Ic ") }
      .flatMap { $0.dropFirst(7).split(separator: " ") }.map(String.init)
    let language = Vocabulary.language
    let names = language.commands.union(language.tests).union(Phase.allCases.map(\.name))
    #expect(names.subtracting(items) == [])
    // Commas stand between names.
    #expect(Set(items).subtracting(names) == [","])
  }
}
