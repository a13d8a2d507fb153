// What a site sets for Sieve's own extensions. A policy's `settings` say it; whoever plays plain
// scripts may say it instead.
package import RuleBytecode

package struct SieveSettings: Sendable, Equatable {
  /// The characters that part user and detail of a local part (RFC 5233 §4).
  package var recipientDelimiters = "+"
  /// Where `spamtest` and `virustest` find what was found (RFC 5235); nil: nothing was tested.
  package var spam: StatusHeader?
  package var virus: StatusHeader?
  /// Fields that plain scripts may not add or delete, in lower case (RFC 5293 §6).
  package var namesNotAdded: Set<String> = []
  package var namesNotDeleted = Self.protectedNames
  /// Bytes of the value of a field that a plain script adds (RFC 5293 §4); past it the run ends.
  /// What edits write is cut at their own limit all the same.
  package var addedFieldBytesMax = Int.max
  /// What `environment` says of us; a script may be played as if it ran somewhere else.
  package var location = "MTA"
  package var name = Defang.name

  /// Who got this mail here, and by which automaton it was sent, is nobody's to hide.
  package static let protectedNames: Set<String> = ["received", "auto-submitted"]

  package init() {}

  /// What the `settings` of a policy say.
  package init(_ program: Program) {
    guard let declaration = program.declaration(.settings) else { return }
    var spamMaximum: Int64?
    for (name, value) in program.arguments(of: declaration) {
      switch name {
      case "recipient_delimiter": recipientDelimiters = value
      case "spam_header": spam = StatusHeader(name: value)
      case "spam_max": spamMaximum = Decimal.parse(value.utf8)
      case "virus_header": virus = StatusHeader(name: value, form: .verdict)
      default: break
      }
    }
    spam?.maximum = spamMaximum
  }
}
