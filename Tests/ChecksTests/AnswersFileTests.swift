// What an answers file may say, what it becomes, and what is said about one that is wrong.

import RuleBytecode
import RuleVM
import Testing

@testable import Checks

/// A question with the arguments that its kind has.
private func request(
  _ kind: CheckKind, _ name: String, _ arguments: [String] = []
) -> CheckRequest {
  CheckRequest(
    id: 1, kind: kind, name: name, arguments: arguments, timeoutMilliseconds: 5_000)
}

struct AnswersFileTests {
  struct Given: Sendable, CustomTestStringConvertible {
    let json: String
    let request: CheckRequest
    let answer: CheckAnswer
    var testDescription: String { "\(json) for \(request.name)" }
  }

  private static let listed = request(.dnsbl, "zen.example", ["zen.example", "192.0.2.7"])
  private static let hashed = request(
    .hashbl, "ebl.example", ["ebl.example", "md5", "a@b.example"])
  private static let scan = request(.scan, "av message", ["av", "message"])
  private static let part = request(.scan, "av part:1.2", ["av", "part:1.2"])
  private static let mx = request(.mx, "b.example", ["b.example", "192.0.2.7"])
  private static let callout = request(.callout, "bob@example.com", ["", "bob@example.com"])
  private static let rate = request(.rate, "ann", ["5", "60", "messages", "1", "ann"])
  private static let grey = request(
    .greylist, "x", ["300", "192.0.2.7", "a@b.example", "c@d.example"])

  private static let sender = request(.knownSender, "a@b.example", ["a@b.example"])

  static let given = [
    Given(
      json: #"{"sender_known": {"count": 5, "days": 30, "wrote": 2}}"#, request: sender,
      answer: .fields(["count": "5", "first": "2592000", "wrote": "172800"])),
    Given(json: #"{"sender_known": false}"#, request: sender, answer: .truth(false)),
    Given(json: #"{"sender_known": "error"}"#, request: sender, answer: .failed(.store)),
    Given(
      json: #"{"dnsbl": {"zen.example": ["127.0.0.2"]}}"#, request: listed,
      answer: .values(["127.0.0.2"])),
    Given(json: #"{"dnsbl": {"ZEN.example": []}}"#, request: listed, answer: .values([])),
    Given(
      json: #"{"dnsbl": {"zen.example": {"codes": ["127.0.0.4"], "text": "see us"}}}"#,
      request: listed, answer: .fields(["codes": "127.0.0.4", "text": "see us"])),
    // One subject goes before its zone.
    Given(
      json: #"{"dnsbl": {"zen.example": [], "zen.example 192.0.2.7": ["127.0.0.3"]}}"#,
      request: listed, answer: .values(["127.0.0.3"])),
    Given(json: #"{"dnsbl": {"zen.example": "error"}}"#, request: listed, answer: .failed(.dns)),
    Given(
      json: #"{"dnsbl": {"zen.example": "timeout"}}"#, request: listed,
      answer: .failed(.dns, reason: "timeout")),
    Given(
      json: #"{"dnsbl": {"other.example": []}}"#, request: listed,
      answer: .failed(.dns, reason: "not answered")),
    Given(json: "{}", request: listed, answer: .failed(.dns, reason: "not answered")),
    Given(
      json: #"{"hashbl": {"ebl.example a@b.example": ["127.0.0.2"]}}"#, request: hashed,
      answer: .values(["127.0.0.2"])),
    Given(
      json: #"{"scan": {"av": {"result": "infected", "name": "Eicar", "score": 5.5}}}"#,
      request: scan, answer: .fields(["result": "infected", "name": "Eicar", "score": "5.5"])),
    Given(
      json: #"{"scan": {"av": {"result": "spam", "symbols": ["A", "B"], "threshold": 5}}}"#,
      request: part,
      answer: .fields(["result": "spam", "symbols": "A,B", "threshold": "5"])),
    Given(
      json: #"{"scan": {"av": {"result": "clean"}, "av part:1.2": {"result": "infected"}}}"#,
      request: part, answer: .fields(["result": "infected"])),
    Given(json: #"{"scan": {"av": "error"}}"#, request: scan, answer: .failed(.scanner)),
    Given(json: #"{"mx": {"b.example": "ok"}}"#, request: mx, answer: .values(["ok"])),
    Given(
      json: #"{"mx": {"b.example": ["bogus", "client"]}}"#, request: mx,
      answer: .values(["bogus", "client"])),
    Given(
      json: #"{"callout": {"bob@example.com": {"code": 550, "enhanced": "5.1.1", "text": "no"}}}"#,
      request: callout, answer: .fields(["code": "550", "enhanced": "5.1.1", "text": "no"])),
    Given(
      json: #"{"recipient_known": {"bob@example.com": {"code": "250"}}}"#, request: callout,
      answer: .fields(["code": "250"])),
    Given(
      json: #"{"spf": "softfail"}"#, request: request(.spf, "a@b.example"),
      answer: .fields(["result": "softfail"])),
    Given(
      json: #"{"dmarc": {"result": "fail", "policy": "reject"}}"#, request: request(.dmarc, ""),
      answer: .fields(["result": "fail", "policy": "reject"])),
    Given(
      json: #"{"arc": {"result": "pass", "sealer": "lists.example"}}"#, request: request(.arc, ""),
      answer: .fields(["result": "pass", "sealer": "lists.example"])),
    Given(
      json: #"{"dkim": [{"result": "pass", "domain": "b.example", "selector": "s1"}, "fail"]}"#,
      request: request(.dkim, ""), answer: .values(["pass b.example s1", "fail  "])),
    Given(
      json: #"{"dkim": {"signatures": [], "delay": 1}}"#, request: request(.dkim, ""),
      answer: .values([])),
    Given(
      json: #"{"rdns": {"confirmed": true, "dynamic": false, "name": "mx.b.example"}}"#,
      request: request(.rdns, "192.0.2.7"),
      answer: .fields(["confirmed": "yes", "dynamic": "no", "name": "mx.b.example"])),
    Given(json: #"{"greylist": {"wait": 120}}"#, request: grey, answer: .fields(["wait": "120"])),
    Given(json: #"{"greylist": false}"#, request: grey, answer: .truth(false)),
    Given(
      json: #"{"table": {"vips": {"Ann@b.example": "gold", "bob": {"key": 5}}}}"#,
      request: request(.table, "vips", ["vips", "", "ann@b.example"]), answer: .values(["gold"])),
    Given(
      json: #"{"table": {"vips": {"bob": {"key": 5}}}}"#,
      request: request(.table, "vips", ["vips", "bob", "KEY"]), answer: .values(["5"])),
    Given(
      json: #"{"table": {"vips": {}}}"#,
      request: request(.table, "vips", ["vips", "", "key"]), answer: .values([])),
    Given(
      json: #"{"table": {"vips": "error"}}"#,
      request: request(.table, "vips", ["vips", "", "key"]),
      answer: .failed(.table, reason: "not answered")),
    Given(json: #"{"rate": true}"#, request: rate, answer: .truth(true)),
    Given(json: #"{"rate": {"ann": true, "eve": false}}"#, request: rate, answer: .truth(true)),
    Given(
      json: #"{"duplicate": false}"#, request: request(.duplicate, "duplicate", ["", "x"]),
      answer: .truth(false)),
  ]

  @Test(arguments: given) func answers(_ one: Given) throws {
    let answers = try StandInAnswers(json: Array(one.json.utf8))
    #expect(answers.answer(to: one.request) == one.answer)
  }

  /// An answer that takes as long as is waited for it comes too late.
  @Test(arguments: [(4.999, false), (5, true), (3_600, true)])
  func lateAnswersAreNone(seconds: Double, isLate: Bool) throws {
    let json = #"{"dnsbl": {"zen.example": {"codes": [], "delay": \#(seconds)}}}"#
    let answer = try StandInAnswers(json: Array(json.utf8)).answer(to: Self.listed)
    #expect(answer == (isLate ? .failed(.dns, reason: "timeout") : .values([])))
  }

  @Test func kindsAreThoseOfTheFile() throws {
    let json = #"{"spf": "pass", "scan": {"av": "error"}, "dnsbl": {}}"#
    #expect(try StandInAnswers(json: Array(json.utf8)).kinds == [.spf, .scan])
  }

  static let wrong: [(json: String, message: String)] = [
    ("[]", "an answers file is an object, whose keys are kinds of checks"),
    (
      #"{"dnsb": {}}"#,
      "no check is called 'dnsb'; there are arc, callout, dkim, dmarc, dnsbl, duplicate, greylist,"
        + " hashbl, mx, rate, rdns, recipient_known, scan, sender_known, spf, table"
    ),
    (#"{"dnsbl": ["127.0.0.2"]}"#, "dnsbl: an object is wanted, by zone"),
    (
      #"{"dnsbl": {"z.example": "listed"}}"#,
      "dnsbl.z.example: an answer is a list of addresses, an object with 'codes', \"error\" or"
        + " \"timeout\""
    ),
    (#"{"dnsbl": {"z.example": ["127.0.0"]}}"#, "dnsbl.z.example: '127.0.0' is no address"),
    (#"{"dnsbl": {"z.example": [2]}}"#, "dnsbl.z.example: '2' is no address"),
    (
      #"{"dnsbl": {"z.example": {"code": []}}}"#,
      "dnsbl.z.example: there is no 'code' here; there are codes, text, delay"
    ),
    (
      #"{"dnsbl": {"z.example": {"codes": [], "delay": -1}}}"#,
      "dnsbl.z.example.delay: seconds from 0 to 3600"
    ),
    (
      #"{"dnsbl": {"z.example": {"codes": [], "delay": "1"}}}"#,
      "dnsbl.z.example.delay: seconds from 0 to 3600"
    ),
    (
      #"{"scan": {"av": "infected"}}"#,
      "scan.av: an answer is an object with a 'result' and what else the scanner said, \"error\" or"
        + " \"timeout\""
    ),
    (
      #"{"scan": {"av": {"result": "virus"}}}"#,
      "scan.av: 'virus' is none of clean, infected, spam, ham, suspicious, too-big"
    ),
    (
      #"{"scan": {"av": {"result": "spam", "score": "high"}}}"#,
      "scan.av.score: 'high' is no number"
    ),
    (#"{"scan": {"av": {"result": "spam", "name": true}}}"#, "scan.av.name: a text is wanted"),
    (
      #"{"mx": {"b.example": "good"}}"#,
      "mx.b.example: 'good' is none of ok, bogus, missing, client"
    ),
    (
      #"{"callout": {"a@b.example": {"code": 55}}}"#,
      "callout.a@b.example.code: '55' is no code of a reply"
    ),
    (
      #"{"callout": {"a@b.example": {"text": "x"}}}"#,
      "callout.a@b.example.code: '' is no code of a reply"
    ),
    (
      #"{"spf": "passed"}"#,
      "spf: 'passed' is none of none, neutral, pass, fail, softfail, permerror, temperror"
    ),
    (
      #"{"spf": {"result": "pass", "domain": "x"}}"#,
      "spf: there is no 'domain' here; there are result, delay"
    ),
    (#"{"dkim": [{"result": "pass", "domain": "a b"}]}"#, "dkim: 'a b' has a blank"),
    (#"{"dmarc": 5}"#, "dmarc: '5' is none of none, pass, fail, permerror, temperror"),
    (#"{"rdns": {"confirmed": "yes"}}"#, "rdns.confirmed: true or false is wanted"),
    (
      #"{"rdns": true}"#,
      "rdns: an answer is an object with 'confirmed' and 'dynamic', true or false, \"error\" or"
        + " \"timeout\""
    ),
    (
      #"{"greylist": {"seconds": 5}}"#,
      "greylist: there is no 'seconds' here; there are wait, delay"
    ),
    (#"{"greylist": {"wait": -1}}"#, "greylist.wait: seconds from 0 to 31536000"),
    (
      #"{"greylist": 300}"#,
      "greylist: an answer is true, false or an object with 'wait', in seconds"
    ),
    (#"{"table": []}"#, "table: an object is wanted, by table"),
    (
      #"{"table": {"vips": "down"}}"#,
      "table.vips: a table is an object of keys and values, \"error\" or \"timeout\""
    ),
    (#"{"table": {"vips": {"ann": []}}}"#, "table.vips.ann: a text is wanted"),
    (#"{"table": {"vips": {"ann": {"bob": {}}}}}"#, "table.vips.ann.bob: a text is wanted"),
    (#"{"rate": 5}"#, "rate: an answer is true, false, \"error\" or \"timeout\""),
    (#"{"rate": {"ann": 5}}"#, "rate.ann: an answer is true, false, \"error\" or \"timeout\""),
  ]

  @Test(arguments: wrong) func saysWhatIsWrong(json: String, message: String) {
    #expect(throws: StandInAnswers.Mistake(message: message)) {
      _ = try StandInAnswers(json: Array(json.utf8))
    }
  }

  @Test(arguments: ["", "{", #"{"spf": }"#, #"{"spf": "pass""#, "nul"])
  func saysThatItIsNoJSON(json: String) {
    let mistake = #expect(throws: StandInAnswers.Mistake.self) {
      _ = try StandInAnswers(json: Array(json.utf8))
    }
    #expect(mistake?.message.hasPrefix("this is no JSON") == true)
  }
}
