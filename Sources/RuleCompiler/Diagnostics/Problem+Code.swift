// Which mistake has which code: one switch for each family.

extension Problem {
  /// The stable code of this mistake.
  package var code: ProblemCode {
    switch self {
    case .syntax(let problem): problem.code
    case .name(let problem): problem.code
    case .argument(let problem): problem.code
    case .literal(let problem): problem.code
    case .phase(let problem): problem.code
    case .declaration(let problem): problem.code
    case .flow(let problem): problem.code
    case .failure(let problem): problem.code
    case .test(let problem): problem.code
    case .pattern(let problem): problem.code
    case .configuration(let problem): problem.code
    }
  }
}

extension SyntaxProblem {
  var code: ProblemCode {
    switch self {
    case .unknownCharacter, .oddBlank, .foreignLetter: .unknownCharacter
    case .unterminatedString: .unterminatedString
    case .unterminatedComment: .unterminatedComment
    case .unterminatedText: .unterminatedText
    case .controlCharacter: .controlCharacter
    case .bidirectionalMark: .bidirectionalMark
    case .invalidUTF8, .isUTF16: .invalidUTF8
    case .nulByte: .nulByte
    case .numberTooBig: .numberTooBig
    case .badNumber: .badNumber
    case .stringTooLong: .stringTooLong
    case .nameTooLong: .nameTooLong
    case .wordsAfterTextOpening: .wordsAfterTextOpening
    case .emptyTag: .emptyTag
    case .expectedCommand: .expectedCommand
    case .missingSemicolon: .missingSemicolon
    case .missingOpenBrace: .missingOpenBrace
    case .missingCloseBrace: .missingCloseBrace
    case .strayCloseBrace: .strayCloseBrace
    case .straySemicolon, .semicolonBeforeBlock: .straySemicolon
    case .missingTest: .missingTest
    case .emptyTestList: .emptyTestList
    case .emptyStringList: .emptyStringList
    case .trailingComma: .trailingComma
    case .missingComma: .missingComma
    case .expectedString: .expectedString
    case .expectedTest: .expectedTest
    case .missingCloseBracket: .missingCloseBracket
    case .missingCloseParenthesis: .missingCloseParenthesis
    case .unexpected, .behindString: .unexpected
    case .elseIf: .elseIf
    case .blocksTooDeep: .blocksTooDeep
    case .testsTooDeep: .testsTooDeep
    case .tooManyListEntries: .tooManyListEntries
    case .tooManyArguments: .tooManyArguments
    case .tooManyTokens: .tooManyTokens
    case .tooManyCommands: .tooManyCommands
    case .sourceTooLarge: .sourceTooLarge
    case .unreadable: .unreadable
    case .uselessEscape: .uselessEscape
    }
  }
}

extension NameProblem {
  var code: ProblemCode {
    switch self {
    case .unknownCommand: .unknownCommand
    case .unknownTest: .unknownTest
    case .unknownTag: .unknownTag
    case .unknownCapability: .unknownCapability
    case .refusedCapability: .refusedCapability
    case .missingRequire: .missingRequire
    case .unknownComparator: .unknownComparator
    case .unknownPhase: .unknownPhase
    case .unknownFact: .unknownFact
    case .unknownNamespace: .unknownNamespace
    case .unknownValue: .unknownValue
    case .commandAsTest: .commandAsTest
    case .testAsCommand: .testAsCommand
    }
  }
}

extension ArgumentProblem {
  var code: ProblemCode {
    switch self {
    case .missing: .missingArgument
    case .extra: .extraArgument
    case .wrongKind: .wrongKind
    case .conflictingTags: .conflictingTags
    case .duplicateTag: .duplicateTag
    case .tagAfterPositional: .tagAfterPositional
    case .tagWantsValue: .tagWantsValue
    case .tagNeeds: .tagNeeds
    case .unexpectedTest: .unexpectedTest
    case .missingTest: .missingTestArgument
    case .testListNotAllowed: .testListNotAllowed
    case .testListWanted: .testListWanted
    case .missingBlock: .missingBlock
    case .unexpectedBlock: .unexpectedBlock
    case .matchTypeNotPossible: .matchTypeNotPossible
    case .comparatorNotPossible: .comparatorNotPossible
    case .notConstant: .notConstant
    case .mailChooses: .mailChooses
    case .outOfRange: .outOfRange
    case .tableAsText: .tableAsText
    case .emptyValue: .emptyValue
    }
  }
}

extension LiteralProblem {
  var code: ProblemCode {
    switch self {
    case .address: .badAddress
    case .domain: .badDomain
    case .ipAddress: .badIPAddress
    case .network: .badNetwork
    case .networkHostBits: .networkHostBits
    case .headerName: .badHeaderName
    case .replyCode: .badReplyCode
    case .enhancedCode: .badEnhancedCode
    case .codeClassMismatch: .codeClassMismatch
    case .score: .badScore
    case .scoreTooBig: .scoreTooBig
    case .notANumber: .notANumber
    case .replyLineTooLong: .replyLineTooLong
    case .replyControl: .replyControl
    case .replyNotASCII: .replyNotASCII
    case .headerValueControl: .headerValueControl
    case .badName: .badName
    case .badSymbol: .badSymbol
    case .mediaType: .badMediaType
    case .badVariable: .badVariable
    case .captureBeyondGroups: .captureBeyondGroups
    case .captureWithoutMatch: .captureWithoutMatch
    case .encodedCharacter: .badEncodedCharacter
    case .tableEntry: .badTableEntry
    case .zone: .badZone
    case .parameterName: .badParameterName
    case .socketAddress: .badSocketAddress
    case .url: .badURL
    case .path, .programPath: .badPath
    case .fileMode, .badSetting, .keyMissing: .badSetting
    case .secret: .secretInText
    case .tableText: .badTableText
    case .scriptName: .badScriptName
    }
  }
}

extension PhaseProblem {
  var code: ProblemCode {
    switch self {
    case .testNotPossible: .testNotPossible
    case .factNotKnown: .factNotKnown
    case .variableOfOtherPhase: .variableOfOtherPhase
    case .actionNotPossible: .actionNotPossible
    case .tagNotPossible: .tagNotPossible
    case .tagNeeded: .tagNeeded
    case .scopeNotPossible: .scopeNotPossible
    case .dataNotAvailable: .dataNotAvailable
    case .definitionNotPossible: .definitionNotPossible
    case .loopNeeded: .loopNeeded
    case .notInTimer: .notInTimer
    }
  }
}

extension DeclarationProblem {
  var code: ProblemCode {
    switch self {
    case .ruleInRule: .ruleInRule
    case .statementOutsideRule: .statementOutsideRule
    case .statementAtTopLevel: .statementAtTopLevel
    case .misplaced: .misplaced
    case .elsifWithoutIf: .elsifWithoutIf
    case .elseTwice: .elseTwice
    case .requireNotFirst: .requireNotFirst
    case .duplicateName: .duplicateName
    case .usedBeforeDefinition: .usedBeforeDefinition
    case .undefined: .undefined
    case .recursion: .recursion
    case .unused: .unused
    case .variableNeverSet: .variableNeverSet
    case .wrongUseOfDefinition: .wrongUseOfDefinition
    case .wrongTableType: .wrongTableType
    case .noSections: .noSections
    case .noRules: .noRules
    case .mixedFateMissing: .mixedFateMissing
    case .ownMissing: .ownMissing
    case .breakOutsideLoop: .breakOutsideLoop
    case .loopsTooDeep: .loopsTooDeep
    case .standsTwice: .standsTwice
    case .berkeleyDB: .berkeleyDB
    case .notReadable: .notReadable
    case .fileMissing: .fileMissing
    case .includeMissing: .includeMissing
    case .circularInclude: .circularInclude
    case .includesTooDeep, .tooManyIncludes: .tooManyIncludes
    case .includedTwice: .includedTwice
    case .policyInScript: .policyInScript
    case .globalTooLate: .globalTooLate
    case .scannerLacks: .scannerLacks
    case .exitCodeTwice: .exitCodeTwice
    }
  }
}

extension FlowProblem {
  var code: ProblemCode {
    switch self {
    case .unreachable: .unreachable
    case .acceptAndReject: .acceptAndReject
    case .alwaysTrue: .alwaysTrue
    case .alwaysFalse: .alwaysFalse
    case .shadowed: .shadowedRule
    case .duplicateKey: .duplicateKey
    case .duplicateTest: .duplicateTest
    case .refusalIncludesLocal: .refusalIncludesLocal
    case .negatedPartNames: .negatedPartNames
    case .tooComplex: .tooComplex
    case .costOverBudget: .costOverBudget
    case .waitTooLong: .waitTooLong
    case .editNeedsSplit: .editNeedsSplit
    case .definitionInLoop: .definitionInLoop
    case .breaksSignature: .breaksSignature
    case .overwritten: .overwrittenVariable
    case .readBeforeSet: .readBeforeSet
    case .hidesVariable: .hiddenVariable
    case .otherMeaning: .otherMeaning
    }
  }
}

extension FailureProblem {
  var code: ProblemCode {
    switch self {
    case .unknownClass: .unknownFailureClass
    case .unknownAnswer: .unknownFailureAnswer
    case .missingPolicy: .missingFailurePolicy
    case .duplicateClass: .duplicateFailureClass
    case .failOpen: .failOpen
    case .wrongPlace: .failurePolicyPlace
    }
  }
}
