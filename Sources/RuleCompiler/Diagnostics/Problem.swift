// Every mistake a policy can have, as a case with what was found. Families follow the letter of
// the code: S syntax, N names, A arguments, L literals, P phases, D declarations, F flow,
// E failure policy, T policy tests, R regular expressions, C configuration. Codes
// are in `ProblemCode`, wording in the `…+Message` files.

/// A mistake, without its place.
package enum Problem: Equatable, Sendable {
  case syntax(SyntaxProblem)
  case name(NameProblem)
  case argument(ArgumentProblem)
  case literal(LiteralProblem)
  case phase(PhaseProblem)
  case declaration(DeclarationProblem)
  case flow(FlowProblem)
  case failure(FailureProblem)
  case test(TestProblem)
  case pattern(PatternProblem)
  case configuration(ConfigurationProblem)
}

/// S: the text does not follow the grammar of RFC 5228 §8, or exceeds a limit of the compiler.
package enum SyntaxProblem: Equatable, Sendable {
  case unknownCharacter(String)
  /// A blank of another kind, or a character that takes no place, as other programs paste them.
  case oddBlank(UInt32)
  /// A word with a letter that is not ASCII, though it may look like it.
  case foreignLetter(word: String, letter: UInt32)
  case unterminatedString
  case unterminatedComment
  case unterminatedText
  case controlCharacter(UInt32)
  case bidirectionalMark(UInt32)
  case invalidUTF8
  case nulByte
  case isUTF16
  case numberTooBig(String, max: UInt64)
  case badNumber(String)
  case stringTooLong(bytes: Int, max: Int)
  case nameTooLong(bytes: Int, max: Int)
  case wordsAfterTextOpening
  case emptyTag
  case expectedCommand(Found)
  case missingSemicolon(after: String)
  case missingOpenBrace(after: String, found: Found)
  case missingCloseBrace
  case strayCloseBrace
  case straySemicolon
  /// `if TEST; { … }`
  case semicolonBeforeBlock(of: String)
  case missingTest(after: String, found: Found)
  case emptyTestList(of: String)
  case emptyStringList
  case trailingComma
  case missingComma
  case expectedString(Found)
  case expectedTest(Found)
  case missingCloseBracket(Found)
  case missingCloseParenthesis(Found)
  case unexpected(Found, in: String)
  /// `"say "hello""`
  case behindString(String)
  case elseIf
  case blocksTooDeep(max: Int)
  case testsTooDeep(max: Int)
  case tooManyListEntries(max: Int)
  case tooManyArguments(of: String, max: Int)
  case tooManyTokens(max: Int)
  case tooManyCommands(max: Int)
  case sourceTooLarge(max: Int)
  case unreadable(String)
  /// `"\."`: the backslash says nothing (RFC 5228 §2.4.2).
  case uselessEscape(String)

  /// What stood there instead of what the grammar expects.
  package enum Found: Equatable, Sendable {
    case word(String)
    case tag(String)
    case number(String)
    case string
    case symbol(String)
    case endOfFile
  }
}

/// N: a name that nobody knows here.
package enum NameProblem: Equatable, Sendable {
  case unknownCommand(String, nearest: String?)
  case unknownTest(String, nearest: String?)
  case unknownTag(String, of: String, nearest: String?)
  case unknownCapability(String, nearest: String?)
  /// A capability of Sieve that is no job of a mail filter at the MTA (vacation, imap4flags …).
  case refusedCapability(String)
  case missingRequire(String, for: String)
  case unknownComparator(String, nearest: String?)
  case unknownPhase(String, nearest: String?)
  case unknownFact(String, nearest: String?)
  /// `${spaceship.x}`: nothing is called that before the dot.
  case unknownNamespace(String, nearest: String?)
  /// A word that must come from a fixed list: `:mode`, `:type`, a field of `part`, a side of `ip`.
  case unknownValue(String, of: String, nearest: String?, known: [String])
  case commandAsTest(String)
  case testAsCommand(String)
}

/// A: arguments and tags of a command or test.
package enum ArgumentProblem: Equatable, Sendable {
  /// What the grammar tells apart.
  package enum Kind: String, Equatable, Sendable {
    case string, list, number, tag, test, testList
  }

  case missing(String, expected: Kind, of: String)
  case extra(of: String)
  case wrongKind(String, expected: Kind, found: Kind, of: String)
  case conflictingTags(String, String, of: String)
  case duplicateTag(String, of: String)
  case tagAfterPositional(String, of: String)
  case tagWantsValue(String, expected: Kind, of: String)
  case tagNeeds(String, needs: String, of: String)
  case unexpectedTest(String, of: String)
  case missingTest(of: String)
  /// `if (a, b)` or `not (a)`: one test is wanted.
  case testListNotAllowed(of: String)
  /// `anyof a`: a list in parentheses is wanted.
  case testListWanted(of: String)
  case missingBlock(of: String)
  case unexpectedBlock(of: String)
  case matchTypeNotPossible(String, of: String, possible: [String])
  case comparatorNotPossible(String, matchType: String)
  /// A name, pattern or path with `${…}` in it: mail must not choose those.
  case notConstant(String, of: String)
  /// Where tables may choose, and mail must not.
  case mailChooses(String, of: String)
  case outOfRange(String, value: Int, allowed: ClosedRange<Int>, of: String)
  /// `table:x` where it is one more text.
  case tableAsText(String, of: String)
  case emptyValue(String, of: String)
}

/// L: a literal that cannot be what it stands for.
package enum LiteralProblem: Equatable, Sendable {
  case address(String)
  case domain(String)
  case ipAddress(String)
  case network(String)
  /// `10.0.0.1/8`: bits set behind the prefix.
  case networkHostBits(String, network: String)
  case headerName(String)
  case replyCode(String, verdict: String)
  case enhancedCode(String)
  /// 550 with 4.1.1.
  case codeClassMismatch(code: String, enhanced: String)
  case score(String)
  case scoreTooBig(String, max: String)
  case notANumber(String)
  case replyLineTooLong(bytes: Int, max: Int)
  case replyControl(UInt32)
  case replyNotASCII
  case headerValueControl(UInt32)
  case badName(String, kind: DeclarationKind)
  case badSymbol(String)
  case mediaType(String)
  /// `${`, `${}`, `${a b}`: no name can be read.
  case badVariable(String)
  case captureBeyondGroups(index: Int, groups: Int)
  case captureWithoutMatch(index: Int)
  /// `${unicode:200000}`.
  case encodedCharacter
  case tableEntry(String, type: String)
  case zone(String)
  case parameterName(String)
  case socketAddress(String)
  case url(String, schemes: [String])
  case path(String)
  /// A program is named by its whole path.
  case programPath(String)
  case fileMode(String)
  /// A value that this declaration cannot hold.
  case badSetting(String, of: String)
  /// `password=` where an image would keep it.
  case secret(of: String)
  /// A query or filter in which the key has no place.
  case keyMissing(String, key: String, of: String)
  /// No name of a script.
  case scriptName(String)
  /// What is wrong with the text of a list file, beside its entries.
  case tableText(String)
}

/// P: possible in the language, not in this phase.
package enum PhaseProblem: Equatable, Sendable {
  /// What an action or test works on, for the reason under the caret.
  package enum Need: Equatable, Sendable {
    case part, header, message, sender, recipient, recipients, messageEnd, none
  }

  case testNotPossible(String, phase: String, need: Need, possible: [String])
  case factNotKnown(String, phase: String, known: [String])
  case variableOfOtherPhase(String, phase: String, setIn: String, scope: String)
  case actionNotPossible(String, phase: String, need: Need, possible: [String])
  case tagNotPossible(String, of: String, phase: String, possible: [String])
  /// `discard` in `rcpt` is legal only with `:message`.
  case tagNeeded(String, of: String, phase: String)
  case scopeNotPossible(String, phase: String, possible: [String])
  /// `envelope "to"` before any recipient is there: the test runs, its data do not exist.
  case dataNotAvailable(String, of: String, phase: String, possible: [String])
  case definitionNotPossible(String, phase: String, because: String, possible: [String])
  /// A part edit in `eom` outside of a loop over parts.
  case loopNeeded(String, phase: String, loop: String)
  /// Of a client or a mail, in the job of an `every`.
  case notInTimer(String)
}

/// What can be declared under a name.
package enum DeclarationKind: String, Equatable, Sendable {
  case rule, test
  case define = "definition"
  case table, variable, scanner, store, key, program, event, loop, `switch`, digest
  case timer = "every"
}

/// D: what stands where, and what is declared.
package enum DeclarationProblem: Equatable, Sendable {
  /// Where a command stands.
  package enum Place: Equatable, Sendable {
    case phase(String)
    case topLevel, group, rule, definition, ifBlock, loop
  }

  case ruleInRule
  /// `if`, `set`, a verdict … directly in a phase or group.
  case statementOutsideRule(String, in: Place)
  case statementAtTopLevel(String)
  case misplaced(String, found: Place, allowed: [Place])
  case elsifWithoutIf(String)
  case elseTwice(String)
  case requireNotFirst
  case duplicateName(String, kind: DeclarationKind)
  case usedBeforeDefinition(String, kind: DeclarationKind)
  case undefined(String, kind: DeclarationKind, nearest: String?)
  case recursion([String])
  case unused(String, kind: DeclarationKind)
  case variableNeverSet(String, nearest: String?)
  /// `is` of a block, or `call` of a test.
  case wrongUseOfDefinition(String, isTest: Bool)
  case wrongTableType(String, type: String, wanted: [String])
  /// `lookup :scope` of a table that cannot have sections.
  case noSections(String, source: String)
  case noRules
  /// A recipient can be refused at the end, and `on_mixed` does not say what becomes of it.
  case mixedFateMissing(String)
  /// `direction` without `own`.
  case ownMissing(String)
  case breakOutsideLoop
  case loopsTooDeep(max: Int)
  /// A setting of the whole policy, said twice.
  case standsTwice(String)
  /// A tag or file of Berkeley DB.
  case berkeleyDB(String)
  case notReadable(String, why: String)
  /// A list that is not there yet.
  case fileMissing(String)
  case includeMissing(String)
  /// Files that include each other, the first one again at the end.
  case circularInclude([String])
  case includesTooDeep(max: Int)
  case tooManyIncludes(max: Int)
  case includedTwice(String)
  /// One of our own files, inside of a plain Sieve script.
  case policyInScript(String)
  /// The variable has been used as one of the script's own.
  case globalTooLate(String)
  /// An option or a command that scanners of this kind do not have.
  case scannerLacks(String, kind: String, able: [String])
  case exitCodeTwice(String)
}

/// F: what can happen, in which order.
package enum FlowProblem: Equatable, Sendable {
  case unreachable(after: String)
  case acceptAndReject(String, after: String)
  case alwaysTrue(String)
  case alwaysFalse(String)
  /// An earlier rule, or with nil an earlier branch, takes all its mail.
  case shadowed(ShadowedPart, by: String?)
  case duplicateKey(String)
  case duplicateTest(in: String)
  case refusalIncludesLocal(String)
  case negatedPartNames
  /// An edit in `for_each_rcpt` without `:split`.
  case editNeedsSplit(String)
  /// A definition with a verdict or an edit is called in `for_each_rcpt`.
  case definitionInLoop(String, holds: String)
  case breaksSignature(String)
  /// More registers, calls or tables than the machine has.
  case tooComplex(String)
  /// The worst case of one message, of which this rule has the largest share.
  case costOverBudget(rule: String, fuel: Int, all: Int, budget: Int, mostly: String)
  /// Time-outs of checks that wait one after the other, and what the mail server waits; the
  /// largest of them, with their seconds.
  case waitTooLong(phase: String, seconds: Int, allowed: Int, mostly: [String], tag: String)
  /// The value is replaced before anything can read it.
  case overwritten(String)
  case readBeforeSet(String)
  /// A variable that stands before one of the same name with a wider scope.
  case hidesVariable(HiddenVariable)
  case otherMeaning(OtherMeaning)
}

package struct HiddenVariable: Equatable, Sendable {
  package let name: String
  /// Of the one that is hidden.
  package let scope: String
  /// Of the one that hides it.
  package let inner: String
  /// `lookup :set`, which knows no scope.
  package let isLookup: Bool
}

/// What never decides because something before it always does.
package enum ShadowedPart: Equatable, Sendable {
  case rule(String)
  case branch, group
}

/// E: what happens when a check cannot answer.
package enum FailureProblem: Equatable, Sendable {
  case unknownClass(String, nearest: String?)
  case unknownAnswer(String, nearest: String?)
  case missingPolicy(class: String, of: String)
  case duplicateClass(String)
  case failOpen(class: String, answer: String)
  case wrongPlace
}
