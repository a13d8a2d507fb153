// The ways in which what a policy asks can behave, and what stands for it in a test.

enum FailureFault: String, CaseIterable, Sendable {
  /// The answer on which the rule acts.
  case answer
  case silent = "no answer"
  case slow = "slow"
  case garbage
  case cut = "cut half-way"
  case restarted
  case absent

  /// Within the time of the call, and long enough to be seen to wait.
  static let slowMilliseconds = 200
  /// Of the calls that are never answered; of all others it must be ample.
  static let silentSeconds = 1
  static let ampleSeconds = 45

  /// What the policy gives the call.
  var timeoutSeconds: Int { self == .silent ? Self.silentSeconds : Self.ampleSeconds }
}

/// Somebody who is asked, and behaves as a fault says.
struct FailureService: Sendable {
  /// What stands in braces in the policy: `{address}`.
  var words: [String: String] = [:]
  /// `address:port`; for services that are asked by DNS.
  var nameServers: [String] = []
  /// For memories.
  var stateDirectory = "/nonexistent"
  /// The address of a memory that hosts share.
  var sharedMemory: String?
  /// Called when the policy is loaded, before any mail.
  var ready: @Sendable () throws -> Void = {}
  /// Ends it and starts it anew, at the same address.
  var restart: @Sendable () async throws -> Void = {}
  let stop: @Sendable () -> Void
}

/// One kind of check in the table: what its policy declares and asks, and who answers. Another kind
/// is one more value of `FailureSubject.all`.
struct FailureSubject: Sendable {
  /// As the table names it.
  let name: String
  /// The class of its failures, as `on_error` names it.
  let failure: String
  var declarations = ""
  /// The test of the rule; `{timeout}` is filled in too.
  let test: String
  var phase = "eom"
  var mail = FailureSubject.plainMail
  /// Those that it can have.
  var faults = FailureFault.allCases
  let serve: @Sendable (FailureFault) async throws -> FailureService

  static let plainMail = Array(
    "From: ann@example.org\r\nTo: bob@example.net\r\nSubject: x\r\n\r\nA text.\r\n".utf8)
}

/// Subjects that have one page's columns in common.
struct FailureGroup: Sendable {
  let title: String
  let text: String
  let subjects: [FailureSubject]
}
