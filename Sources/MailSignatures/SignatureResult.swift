// What is known about one signature after verification, as a rule or a log asks for it. Text in it
// is the sender's: bounded, but to be shown as a stranger's words.

/// The outcome of one signature, with the facts about what it covers.
package struct SignatureResult: Sendable, Equatable {
  package var outcome: SignatureOutcome
  /// Nil for a pass.
  package var reason: SignatureReason?
  /// `d=`, lower-case; empty if the signature does not say.
  package var domain = ""
  /// `s=`, lower-case.
  package var selector = ""
  /// `i=`, or `@` and the domain.
  package var identity = ""
  /// `a=` as written.
  package var algorithm = ""
  /// Bits of the key; nil when there was none.
  package var keyBits: Int?
  /// `l=`.
  package var signedBodyBytes: Int?
  /// Bytes of the canonical body; nil when it was not hashed.
  package var bodyBytes: Int?
  package var signedAt: Int64?
  package var expiresAt: Int64?
  package var isExpired = false
  /// `t=y` of the key: the domain only tries. A failure counts as `neutral` (RFC 6376 §3.6.1).
  package var isTesting = false
  /// `t=s` of the key.
  package var isStrict = false
  /// From fields of the message, and how often `h=` names From.
  package var fromFieldCount = 0
  package var fromSignedCount = 0

  init(_ reason: SignatureReason) {
    outcome = reason.outcome
    self.reason = reason
  }

  /// Whether nothing can be added to the body unnoticed.
  package var coversWholeBody: Bool {
    guard let signedBodyBytes else { return true }
    return bodyBytes == signedBodyBytes
  }

  /// Whether every From field is signed.
  package var coversFrom: Bool { fromFieldCount > 0 && fromSignedCount >= fromFieldCount }

  /// Whether a From field more would be noticed.
  package var isFromOversigned: Bool { fromSignedCount > fromFieldCount }

  mutating func pass() {
    reason = nil
    outcome = .pass
  }

  mutating func set(_ reason: SignatureReason) {
    self.reason = reason
    outcome = reason.outcome
  }
}
