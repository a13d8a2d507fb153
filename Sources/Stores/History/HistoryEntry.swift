// What the history keeps of a message, or of a refusal before one: enough to say a week later why
// it came out as it did. Texts are shortened by whoever makes an entry.

package struct HistoryEntry: Equatable, Sendable {
  package struct Test: Equatable, Sendable {
    package enum Outcome: String, Sendable { case yes, no, failed }

    package var text: String
    package var location: String
    package var outcome: Outcome
    /// What it looked at.
    package var values: [String]

    package init(text: String, location: String, outcome: Outcome, values: [String]) {
      self.text = text
      self.location = location
      self.outcome = outcome
      self.values = values
    }
  }

  /// A rule that acted, with the tests that let it.
  package struct Rule: Equatable, Sendable {
    package var name: String
    package var location: String
    package var phase: String
    package var tests: [Test]

    package init(name: String, location: String, phase: String, tests: [Test]) {
      self.name = name
      self.location = location
      self.phase = phase
      self.tests = tests
    }
  }

  package struct Check: Equatable, Sendable {
    package var name: String
    package var microseconds: Int64
    package var failed: Bool

    package init(name: String, microseconds: Int64, failed: Bool) {
      self.name = name
      self.microseconds = microseconds
      self.failed = failed
    }
  }

  /// A check that failed in a rule, and what the policy said.
  package struct Failure: Equatable, Sendable {
    package var kind: String
    package var reason: String
    package var rule: String
    package var answer: String

    package init(kind: String, reason: String, rule: String, answer: String) {
      self.kind = kind
      self.reason = reason
      self.rule = rule
      self.answer = answer
    }
  }

  package struct Event: Equatable, Sendable {
    package var name: String
    package var values: [String]

    package init(name: String, values: [String]) {
      self.name = name
      self.values = values
    }
  }

  package var timeSeconds: Int64
  package var queueID = ""
  package var sessionID = ""
  package var phase = ""
  package var verdict = ""
  package var direction = ""
  package var code = ""
  package var reply = ""
  package var rule = ""
  package var location = ""
  package var clientIP = ""
  package var clientName = ""
  package var helo = ""
  package var login = ""
  package var sender = ""
  package var recipients: [String] = []
  package var sizeBytes: Int?
  package var messageID = ""
  package var score = ""
  package var quarantineID = ""
  package var microseconds: Int64 = 0
  package var image = ""
  package var events: [Event] = []

  package var rules: [Rule] = []
  package var actions: [String] = []
  package var limits: [String] = []
  package var checks: [Check] = []
  package var failures: [Failure] = []
  /// The filter itself failed.
  package var problem = ""

  package init(timeSeconds: Int64) { self.timeSeconds = timeSeconds }
}

/// The bounds of the history.
package struct HistoryLimits: Equatable, Sendable {
  package var daysMax = 30
  package var entriesMax = 1_000_000
  /// Of one entry.
  package var recipientsMax = 100
  package var eventsMax = 50
  package var detailBytesMax = 16_384
  package var textBytesMax = 400
  /// Removed at once, so that writing goes on meanwhile.
  package var expiredAtOnce = 2_000
  package var lockWaitSeconds = 5

  package init() {}
}
