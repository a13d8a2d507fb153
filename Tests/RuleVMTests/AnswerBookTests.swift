// How long an answer holds, and what is asked anew.

import RuleBytecode
import Testing

@testable import RuleVM

struct AnswerBookTests {
  /// The same question twice in one message, after another message, and whether each is asked.
  struct Life: Sendable, CustomTestStringConvertible {
    let kind: CheckKind
    let isOfSession: Bool
    let again: Bool
    let nextMessage: Bool
    var testDescription: String { "\(kind) of session: \(isOfSession)" }
  }

  @Test(arguments: [
    Life(kind: .dnsbl, isOfSession: true, again: true, nextMessage: true),
    Life(kind: .dnsbl, isOfSession: false, again: true, nextMessage: false),
    Life(kind: .spf, isOfSession: false, again: true, nextMessage: false),
    Life(kind: .rate, isOfSession: false, again: false, nextMessage: false),
    Life(kind: .suite, isOfSession: false, again: false, nextMessage: false),
  ])
  func anAnswerLives(_ life: Life) {
    var book = AnswerBook()
    let asked = book.ask(
      life.kind, name: "x", ["a"], timeoutMilliseconds: 1, isOfSession: life.isOfSession,
      isDry: false)
    #expect(book.isPending(life.kind, ["a"]) && !book.isPending(life.kind, ["b"]))
    let isFiled = book.file(asked.id, .truth(true))
    #expect(isFiled && !book.isPending(life.kind, ["a"]))
    let first = book.answer(life.kind, ["a"])
    let again = book.answer(life.kind, ["a"])
    #expect(first == .truth(true) && (again != nil) == life.again)
    book.dropMessage()
    let nextMessage = book.answer(life.kind, ["a"])
    #expect((nextMessage != nil) == life.nextMessage)
  }

  /// What a rule that only observes asked of a memory has written nothing: it is no answer for one
  /// that counts; of the world it is.
  @Test(arguments: [
    (CheckKind.greylist, true), (.rate, true), (.duplicate, true), (.dnsbl, false), (.scan, false),
  ])
  func whatWasAskedDry(kind: CheckKind, isOtherQuestion: Bool) {
    var book = AnswerBook()
    let asked = book.ask(
      kind, name: "x", ["a"], timeoutMilliseconds: 1, isOfSession: false, isDry: true)
    #expect(book.isPending(kind, ["a"]) == !isOtherQuestion)
    let isFiled = book.file(asked.id, .truth(true))
    #expect(isFiled)
    let answer = book.answer(kind, ["a"])
    #expect((answer == nil) == isOtherQuestion)
    let dry = book.answer(kind, ["a"], isDry: true)
    #expect(dry == .truth(true))
  }

  @Test func aFailureHoldsForItsMessage() {
    var book = AnswerBook()
    let asked = book.ask(
      .dnsbl, name: "x", ["a"], timeoutMilliseconds: 1, isOfSession: true, isDry: false)
    book.expire()
    let isFiled = book.file(asked.id, .truth(true))
    let answer = book.answer(.dnsbl, ["a"])
    #expect(!isFiled && answer == .failed(.dns, reason: "timeout"))
    book.dropMessage()
    let nextMessage = book.answer(.dnsbl, ["a"])
    #expect(nextMessage == nil)
  }

  @Test func aDroppedQuestionTakesNoAnswer() {
    var book = AnswerBook()
    let asked = book.ask(
      .scan, name: "x", ["a"], timeoutMilliseconds: 1, isOfSession: false, isDry: false)
    book.dropMessage()
    let isFiled = book.file(asked.id, .truth(true))
    #expect(!isFiled && book.askedCount == 0)
  }

  /// The test runner's own commands: their words go out, a truth comes back, each time anew.
  @Test func theSuiteIsAskedEachTime() throws {
    var program = try TestPolicy.program(
      """
      on_error :dns "tempfail";
      phase connect {
        rule "first" { if dnsbl "z.example" { log "first"; } }
        rule "second" { if dnsbl "z.example" { log "second"; } }
      }
      """)
    for index in program.checks.indices { program.checks[index].kind = .suite }
    let policy = LoadedPolicy(try VerifiedProgram(image: program.image()))
    let session = TestPolicy.session(policy)
    let first = try #require(session.connect().requests.first)
    #expect(first.kind == .suite && first.name == "z.example" && first.arguments == ["z.example"])
    let second = try #require(session.answer(first.id, .truth(true))?.requests.first)
    #expect(second.id != first.id && session.logged == ["first"])
    #expect(try #require(session.answer(second.id, .truth(false))).isUndecided)
    #expect(session.logged == ["first"])
  }
}
