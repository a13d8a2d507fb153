// One sample of each mistake: every code is reached, no two mistakes share one, and each has words.

import Testing

@testable import RuleCompiler

struct ProblemCatalogueTests {
  static let syntax: [SyntaxProblem] = [
    .unknownCharacter("=="), .unterminatedString, .unterminatedComment, .unterminatedText,
    .controlCharacter(7), .bidirectionalMark(0x202E), .invalidUTF8, .nulByte,
    .numberTooBig("9G", max: 5), .badNumber("4.5"), .stringTooLong(bytes: 2, max: 1),
    .nameTooLong(bytes: 65, max: 64), .wordsAfterTextOpening, .emptyTag, .expectedCommand(.string),
    .missingSemicolon(after: "set"), .missingOpenBrace(after: "if", found: .word("stop")),
    .missingCloseBrace, .strayCloseBrace, .straySemicolon,
    .missingTest(after: "if", found: .symbol("{")), .emptyTestList(of: "anyof"), .emptyStringList,
    .trailingComma, .missingComma, .expectedString(.number("5")), .expectedTest(.tag(":is")),
    .missingCloseBracket(.symbol(";")), .missingCloseParenthesis(.endOfFile),
    .unexpected(.symbol(")"), in: "stop"), .elseIf, .blocksTooDeep(max: 32),
    .testsTooDeep(max: 32), .tooManyListEntries(max: 9), .tooManyArguments(of: "x", max: 64),
    .tooManyTokens(max: 9), .tooManyCommands(max: 9), .sourceTooLarge(max: 1),
    .unreadable("is a directory"), .uselessEscape("."),
  ]
  static let names: [NameProblem] = [
    .unknownCommand("rejct", nearest: "reject"), .unknownTest("headr", nearest: "header"),
    .unknownTag("iss", of: "header", nearest: "is"),
    .unknownCapability("envelop", nearest: "envelope"),
    .refusedCapability("vacation"), .missingRequire("envelope", for: "envelope"),
    .unknownComparator("i;foo", nearest: nil), .unknownPhase("rcptt", nearest: "rcpt"),
    .unknownFact("client.ipp", nearest: "client.ip"),
    .unknownNamespace("cleint", nearest: "client"),
    .unknownValue(
      "obsreve", of: ":mode", nearest: "observe", known: ["enforce", "observe", "off"]),
    .commandAsTest("stop"), .testAsCommand("header"),
  ]
  static let arguments: [ArgumentProblem] = [
    .missing("key list", expected: .list, of: "header"), .extra(of: "stop"),
    .wrongKind("limit", expected: .number, found: .string, of: "size"),
    .conflictingTags("contains", "is", of: "header"), .duplicateTag("is", of: "header"),
    .tagAfterPositional("is", of: "header"),
    .tagWantsValue("code", expected: .string, of: "reject"),
    .tagNeeds("last", needs: "index", of: "header"), .unexpectedTest("true", of: "stop"),
    .missingTest(of: "if"), .testListNotAllowed(of: "if"), .testListWanted(of: "anyof"),
    .missingBlock(of: "rule"), .unexpectedBlock(of: "stop"),
    .matchTypeNotPossible("value", of: "ip", possible: ["is", "list"]),
    .comparatorNotPossible("i;ascii-numeric", matchType: "contains"),
    .notConstant("name", of: "rule"), .mailChooses(":server", of: "recipient_known"),
    .outOfRange("timeout", value: 0, allowed: 1...60, of: "dnsbl"),
    .tableAsText("table:bad", of: "envelope"),
    .emptyValue("name", of: "rule"),
  ]
  static let literals: [LiteralProblem] = [
    .address("a@"), .domain("a..b"), .ipAddress("1.2.3"), .network("10.0.0.0/33"),
    .networkHostBits("10.0.0.1/8", network: "10.0.0.0/8"), .headerName("Sub ject"),
    .replyCode("450", verdict: "reject"), .enhancedCode("5.7"),
    .codeClassMismatch(code: "550", enhanced: "4.7.1"), .score("4,5"),
    .scoreTooBig("99999", max: "1000"), .notANumber("x"), .replyLineTooLong(bytes: 513, max: 512),
    .replyControl(10), .replyNotASCII, .headerValueControl(13), .badName("", kind: .rule),
    .badSymbol("a b"), .mediaType("text"), .badVariable("${"),
    .captureBeyondGroups(index: 3, groups: 1), .captureWithoutMatch(index: 1),
    .tableEntry("10.0.0.0/99", type: "cidr"), .zone("CET"), .parameterName("a b"),
    .socketAddress("/run/x"), .encodedCharacter,
    .url("x", schemes: ["icap"]), .path(""), .badSetting("a\u{7}", of: "switch"),
    .secret(of: ":ldap"),
    .tableText("the line is longer than 8192 bytes"), .scriptName("../x"),
  ]
  static let phases: [PhaseProblem] = [
    .testNotPossible("header", phase: "rcpt", need: .header, possible: ["headers", "eom"]),
    .factNotKnown("sender", phase: "connect", known: ["mail", "rcpt"]),
    .variableOfOtherPhase("x", phase: "eom", setIn: "mail", scope: "message"),
    .actionNotPossible("replace", phase: "rcpt", need: .part, possible: ["part"]),
    .tagNotPossible("message", of: "accept", phase: "connect", possible: ["rcpt", "part"]),
    .tagNeeded("message", of: "discard", phase: "rcpt"),
    .scopeNotPossible("recipient", phase: "mail", possible: ["rcpt"]),
    .dataNotAvailable("to", of: "envelope", phase: "mail", possible: ["rcpt", "data"]),
    .definitionNotPossible("exe", phase: "rcpt", because: "part", possible: ["part", "eom"]),
    .loopNeeded("drop", phase: "eom", loop: "foreverypart"),
    .notInTimer("header"),
  ]
  static let declarations: [DeclarationProblem] = [
    .ruleInRule, .statementOutsideRule("if", in: .phase("eom")), .statementAtTopLevel("reject"),
    .misplaced("phase", found: .rule, allowed: [.topLevel]), .elsifWithoutIf("elsif"),
    .elseTwice("else"), .requireNotFirst, .duplicateName("a", kind: .rule),
    .usedBeforeDefinition("a", kind: .define), .undefined("a", kind: .table, nearest: "b"),
    .recursion(["a", "b", "a"]), .unused("a", kind: .variable),
    .variableNeverSet("a", nearest: nil), .wrongUseOfDefinition("a", isTest: true),
    .wrongTableType("a", type: "set", wanted: ["cidr"]), .noRules, .breakOutsideLoop,
    .loopsTooDeep(max: 4),
    .standsTwice("own"), .mixedFateMissing("reject"), .ownMissing("direction"),
    .berkeleyDB(":hash"),
    .notReadable("list", why: "it is a directory"), .fileMissing("list"),
    .includeMissing("x.rules"), .circularInclude(["a", "b", "a"]), .tooManyIncludes(max: 255),
    .includedTwice("a"), .policyInScript("a"), .globalTooLate("x"),
    .noSections("wishes", source: "table :inline"),
    .scannerLacks("train", kind: "clamd", able: [":spamd", ":rspamd"]), .exitCodeTwice("1"),
  ]
  static let flows: [FlowProblem] = [
    .unreachable(after: "reject"), .acceptAndReject("reject", after: "accept"),
    .alwaysTrue("true"), .alwaysFalse("false"), .shadowed(.rule("b"), by: "a"),
    .duplicateKey("exe"),
    .duplicateTest(in: "anyof"), .refusalIncludesLocal("reject"), .negatedPartNames,
    .costOverBudget(
      rule: "big", fuel: 9_000_000_000, all: 12_345_000_000, budget: 5_000_000_000,
      mostly: "header :matches, 300 keys"),
    .tooComplex("policy"), .overwritten("x"), .readBeforeSet("x"),
    .hidesVariable(HiddenVariable(name: "x", scope: "message", inner: "run", isLookup: false)),
    .otherMeaning(.star("*@b.example", in: .key(type: "is"))),
    .waitTooLong(
      phase: "phase rcpt", seconds: 12, allowed: 8, mostly: ["recipient_known 7 s", "mx 5 s"],
      tag: "command"),
    .editNeedsSplit("drop"), .definitionInLoop("a", holds: "reject"),
    .breaksSignature("drop"),
  ]
  static let failures: [FailureProblem] = [
    .unknownClass("dnss", nearest: "dns"), .unknownAnswer("ignore", nearest: nil),
    .missingPolicy(class: "dns", of: "dnsbl"), .duplicateClass("dns"),
    .failOpen(class: "scanner", answer: "continue"), .wrongPlace,
  ]

  static let tests: [TestProblem] = [
    .unreadableFile("a.eml", reason: "there is no such file"), .noPolicy(expected: "a.rules"),
    .policyDoesNotCompile("a.rules"), .badAnswers("no check is called that"), .badTime("noon"),
    .wrongOrder("rcpt", after: "data"), .nothingExpected("a"), .nothingHappened, .nestedTest,
  ]

  static let patterns: [PatternProblem] = [
    .invalid("missing )"), .explosive(.exponential, attack: "\"a\" × n"), .unjudged("recursion"),
    .slow(.polynomial, attack: "\"a\" × n"), .isText("a", begins: true, ends: false),
    .neverMatches, .uselessStart,
  ]

  static let configuration: [ConfigurationProblem] = [
    .setTwice("grace"), .ofPolicies("rule"), .sameListener("unix:/a"),
    .tagOfOtherListener("mode", isUnix: false), .reachable("inet:1@192.0.2.1"), .oneListener,
    .credentialsInClear, .overloadAccepts, .mailServer("mx:smtp"), .account("a b"),
    .socketPathTooLong(bytes: 108, max: 107), .memoryPlace("mysql"), .tagOfRedis("user"),
    .traceFilter("rule"), .figuresElsewhere("inet:9191@192.0.2.1"),
  ]

  static let all: [Problem] =
    syntax.map(Problem.syntax) + names.map(Problem.name) + arguments.map(Problem.argument)
    + literals.map(Problem.literal) + phases.map(Problem.phase)
    + declarations.map(Problem.declaration) + flows.map(Problem.flow)
    + failures.map(Problem.failure)
    + tests.map(Problem.test) + patterns.map(Problem.pattern)
    + configuration.map(Problem.configuration)

  @Test func eachCodeIsReachedOnce() {
    let codes = Self.all.map(\.code)
    #expect(codes.count == ProblemCode.allCases.count)
    #expect(Set(codes) == Set(ProblemCode.allCases))
  }

  /// A letter of the family and three digits, in order in each family. A code once given keeps its
  /// number, so there may be gaps.
  @Test func codesAreWellFormed() {
    for (letter, codes) in Dictionary(grouping: ProblemCode.allCases, by: { $0.rawValue.prefix(1) })
    {
      #expect("SNALPDFETRC".contains(letter))
      let numbers = codes.compactMap { Int($0.rawValue.dropFirst()) }
      #expect(numbers == Set(numbers).sorted() && numbers.first == 1)
      #expect(codes.allSatisfy { $0.rawValue.utf8.count == 4 })
    }
  }

  @Test func familiesHaveTheirLetter() {
    for problem in Self.all {
      let letter: Character =
        switch problem {
        case .syntax: "S"
        case .name: "N"
        case .argument: "A"
        case .literal: "L"
        case .phase: "P"
        case .declaration: "D"
        case .flow: "F"
        case .failure: "E"
        case .test: "T"
        case .pattern: "R"
        case .configuration: "C"
        }
      #expect(problem.code.rawValue.first == letter)
    }
  }

  @Test func codesOfTheContract() {
    #expect(Self.phases[3].code.rawValue == "P004")
  }

  /// Messages are sentences that differ, are of one line, and end without a full stop.
  @Test func messages() {
    #expect(Set(Self.all.map(\.message)).count == Self.all.count)
    for problem in Self.all {
      for words in [problem.message, problem.label, problem.help].compactMap({ $0 }) {
        #expect(!words.isEmpty && !words.contains("\n") && !words.hasSuffix("."), "\(words)")
        #expect(words.utf8.count < 160, "\(words)")
      }
    }
  }

  /// Under the caret or as help: each error says what would be right.
  @Test func errorsSayWhatIsExpected() {
    for problem in Self.all where problem.code.severity == .error {
      #expect(problem.label != nil || problem.help != nil, "\(problem.code) \(problem.message)")
    }
  }

  @Test func warnings() {
    let warnings = ProblemCode.allCases.filter { $0.severity == .warning }.map(\.rawValue)
    #expect(
      warnings == [
        "S040", "L005", "L015", "D012", "D013", "D016", "D023", "F001", "F003", "F004", "F005",
        "F006", "F007", "F008", "F009", "F014", "F015", "F016", "F017", "F018", "F019", "E005",
        "T007",
        "R004",
        "R005", "R006", "R007", "C008",
      ])
  }

  @Test(arguments: [
    (Problem.name(.unknownTest("headr", nearest: "header")), "did you mean 'header'?"),
    (.name(.unknownTag("iss", of: "header", nearest: "is")), "did you mean ':is'?"),
    (
      .literal(.replyCode("450", verdict: "reject")),
      "use 'tempfail' for a reply that asks the client to try again"
    ),
    (
      .phase(.actionNotPossible("replace", phase: "connect", need: .part, possible: ["part"])),
      "remember it here (set :session \"strip\" \"1\") and replace in phase part"
    ),
    (
      .phase(.factNotKnown("sender", phase: "connect", known: ["mail", "rcpt", "eom"])),
      "move this rule to the phases mail, rcpt or eom"
    ),
  ]) func help(_ problem: Problem, _ words: String) {
    #expect(problem.help == words)
  }
}
