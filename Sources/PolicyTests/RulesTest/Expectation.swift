// What a test expects of the session so far.
internal import RuleBytecode
internal import RuleCompiler

enum Expectation: Sendable {
  /// The verdict, on the message or on one recipient, and where it came from.
  struct Outcome: Sendable {
    var verdict: String?
    var code: String?
    var enhanced: String?
    var text: TextPattern?
    var phase: String?
    var rule: String?
    var recipient: String?
  }

  struct Action: Sendable {
    var action: String
    var name: String?
    var value: TextPattern?
    var part: String?
    var rule: String?
    var count: Int?
  }

  struct Header: Sendable {
    var name: String
    var value: TextPattern?
    /// From 1; 0 for any.
    var index = 0
    var count: Int?
  }

  struct Log: Sendable {
    var text: TextPattern
    var level: String?
    var rule: String?
  }

  enum Score: Sendable {
    case equal(Int64)
    case over(Int64)
    case under(Int64)
  }

  case outcome(Outcome)
  /// These rules acted.
  case rules([String])
  /// These and no others, in this order.
  case exactRules([String])
  case action(Action)
  case header(Header)
  /// The message as it would be delivered, whole.
  case message(TextPattern)
  /// It is delivered as it came, byte for byte.
  case unchanged
  case score(Score)
  case log(Log)
  case limit(String)
  case error(String)
}

/// An expectation and where it stands.
struct PlacedExpectation: Sendable {
  let range: SourceRange
  var isNegated = false
  let expectation: Expectation
}
