// What a site sets for Sieve's own extensions. A policy's `settings` say it; whoever plays plain
// scripts may say it instead.
package import RuleBytecode

package struct SieveSettings: Sendable, Equatable {
  /// The characters that part user and detail of a local part (RFC 5233 §4).
  package var recipientDelimiters = "+"
  /// What `environment` says of us; a script may be played as if it ran somewhere else.
  package var location = "MTA"
  package var name = Defang.name

  package init() {}

  /// What the `settings` of a policy say.
  package init(_ program: Program) {
    guard let declaration = program.declaration(.settings) else { return }
    for (name, value) in program.arguments(of: declaration) where name == "recipient_delimiter" {
      recipientDelimiters = value
    }
  }
}
