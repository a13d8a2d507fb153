// A `.rulestest` file, read: its policy and its tests, each a session step by step.
internal import Checks
internal import RuleCompiler

struct TestStep: Sendable {
  struct Mail: Sendable {
    /// Nil: from the message's header.
    var sender: String?
    var arguments: [String] = []
    var login = LoginDescription()
  }

  struct Recipients: Sendable {
    var addresses: [String] = []
    var arguments: [String] = []
    var mailer = MailerDescription()
  }

  enum Kind: Sendable {
    case connect(ClientDescription)
    case helo(String, TLSDescription)
    case mail(Mail)
    case rcpt(Recipients)
    case data
    case message([UInt8])
    case rset
    /// One run of a job of 'every', which has neither client nor mail.
    case every(String)
    case macro(name: String, value: String)
    case now(Int64)
    case answers(JSONValue)
    case expect(PlacedExpectation)
  }

  let range: SourceRange
  let kind: Kind
}

/// What a session has where a test does not say otherwise.
struct SessionDefaults: Sendable {
  var client = ClientDescription()
  var helo = "client.example"
  var tls = TLSDescription()
  var mail = TestStep.Mail()
  var recipients: [TestStep.Recipients] = []
  /// Clock, macros and answers, in the order written.
  var opening: [TestStep] = []
}

struct PolicyTest: Sendable {
  let name: String
  let range: SourceRange
  let steps: [TestStep]
}

struct RulesTestFile: Sendable {
  /// Paths as given, beside the test file.
  var policy: [String] = []
  var policyRange: SourceRange?
  var defaults = SessionDefaults()
  /// What the policy must have for the tests to mean something.
  var names: [PolicyName] = []
  var tests: [PolicyTest] = []
}
