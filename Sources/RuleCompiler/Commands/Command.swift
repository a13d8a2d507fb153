// What a file of this directory, or of `Tests/`, declares: one command or test of the language.

import RuleBytecode

/// A test of the language. Its file says how it is written, checked and emitted.
protocol TestCommand: Sendable {
  static var signature: Signature { get }
  /// Checks a call whose arguments fit the signature; nil when a mistake was reported.
  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest?
}

/// An action of the language.
protocol ActionCommand: Sendable {
  static var signature: Signature { get }
  static func check(_ call: Call, _ context: inout CheckContext) -> (any ActionCode)?
  /// What becomes of the rule behind it.
  static var ending: Ending { get }
  /// The phase table's row; nil for what is possible everywhere.
  static var action: Action { get }
}

/// How a statement leaves its rule.
enum Ending: Equatable, Sendable {
  case goesOn
  case verdict
  case leaves
}

extension ActionCommand {
  static var ending: Ending { .goesOn }
}

/// All tests and actions there are.
enum Registry {
  static let tests: [String: any TestCommand.Type] = byName([
    TestARC.self, TestDirection.self, TestLimitHit.self, TestScan.self, TestVerdictSet.self,
    TestAnomaly.self,
    TestAuthenticated.self,
    TestFailed.self, TestMacro.self, TestNumber.self,
    TestDKIM.self, TestDMARC.self, TestGreylist.self, TestHashbl.self, TestMx.self, TestRate.self,
    TestSenderKnown.self,
    TestRdns.self, TestRecipientKnown.self, TestSPF.self, TestRecipient.self, TestSubmission.self,
    TestTLS.self,
    TestAddress.self, TestAllof.self, TestAnyof.self, TestDnsbl.self, TestEnvelope.self,
    TestBody.self, TestCurrentdate.self, TestDate.self, TestDuplicate.self, TestEnvironment.self,
    TestValidExtList.self, TestIhave.self,
    TestExists.self, TestFact.self, TestFalse.self, TestHeader.self, TestIP.self, TestIs.self,
    TestLookup.self, TestNot.self, TestPart.self, TestScore.self, TestSize.self,
    TestSpamtest.self, TestString.self, TestTrue.self, TestVirustest.self,
  ])

  static let actions: [String: any ActionCommand.Type] = byName([
    CommandAccept.self, CommandAddheader.self, CommandAddpart.self, CommandAddrcpt.self,
    CommandApplyScanHeaders.self, CommandArcSeal.self, CommandAuthResults.self, CommandBreak.self,
    CommandCall.self, CommandCanonicalize.self, CommandCompress.self, CommandCompute.self,
    CommandContinue.self, CommandDelay.self, CommandDeleteheader.self, CommandDelrcpt.self,
    CommandDiscard.self, CommandDisclaimer.self, CommandDkimSign.self, CommandDrop.self,
    CommandEnclose.self, CommandEreject.self, CommandError.self, CommandEvent.self,
    CommandExtracttext.self,
    CommandFileinto.self,
    CommandFilterProgram.self, CommandHold.self, CommandHtmlToText.self, CommandInsertheader.self,
    CommandKeep.self, CommandLog.self, CommandLookup.self, CommandNotify.self,
    CommandQuarantine.self,
    CommandRedirect.self, CommandReject.self, CommandRename.self, CommandReplace.self,
    CommandReplaceWithFile.self, CommandReplaceWithLink.self, CommandReturn.self,
    CommandSanitizeHtml.self,
    CommandSaveCopy.self, CommandScore.self, CommandSet.self, CommandSetheader.self,
    CommandSetsender.self, CommandSettype.self, CommandStop.self, CommandStripRedundantHtml.self,
    CommandStripTracking.self, CommandTempfail.self, CommandTrain.self, CommandWarn.self,
  ])

  static let declarations: [String: any DeclarationCommand.Type] = Dictionary(
    uniqueKeysWithValues: ([
      DeclareDigest.self, DeclareKey.self, DeclareLimits.self, DeclareMtaTimeouts.self,
      DeclareOnMixed.self, DeclareOwn.self, DeclareProgram.self, DeclareScanner.self,
      DeclareSettings.self, DeclareStore.self, DeclareSwitch.self, DeclareTrustedRelays.self,
      DeclareWarnings.self,
    ] as [any DeclarationCommand.Type]).map { ($0.signature.name, $0) })

  /// Commands that give a policy its shape; `Checker+…` files check them.
  static let structure =
    [
      "require", "on_error", "phase", "group", "rule", "if", "elsif", "else", "foreverypart",
      "for_each_rcpt", "global",
    ] + topLevel

  /// Commands that stand at the top of a file and nowhere else.
  static let topLevel =
    ["table", "define", "mode", "include", "every"] + declarations.keys.sorted()

  /// The name that a command declares, as far as it can be seen.
  static func nameLiteral(of command: Command) -> StringLiteral? {
    let items = command.arguments.items
    let isFirst = declarations[command.name.text]?.isNamedFirst ?? false
    return (isFirst ? items.first { $0.tag == nil } : items.last)?.strings?.first
  }

  private static func byName(
    _ tests: [any TestCommand.Type]
  ) -> [String: any TestCommand.Type] {
    Dictionary(uniqueKeysWithValues: tests.map { ($0.signature.name, $0) })
  }

  private static func byName(
    _ actions: [any ActionCommand.Type]
  ) -> [String: any ActionCommand.Type] {
    Dictionary(uniqueKeysWithValues: actions.map { ($0.signature.name, $0) })
  }
}
