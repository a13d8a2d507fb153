// Checks asked for real: of name servers, scanners, other hosts, memories on disk. One kind of
// question, or a family of them, is one file; `LiveDesk` holds them by their kinds.
package import RuleVM

/// Asks the world. What comes back is a stranger's word: bounded and cleaned before it is an
/// answer.
package protocol LiveCheck: Sendable {
  /// May suspend, must not block: what blocks runs on `LiveServices.blocking`. Is cancelled when
  /// nobody waits any more or the time of the request is over; what it says then is not read.
  func answer(_ request: CheckRequest) async -> CheckAnswer
}

/// Why a policy's checks cannot be served as they are declared.
package struct LiveFailure: Error, Equatable, Sendable {
  package let message: String

  package init(_ message: String) { self.message = message }
}
