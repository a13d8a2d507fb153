// What looking into a file's content has shown, by the names that rules use.
// The content is a sender's: every reader here is bounded, and what it cannot read it says.
package import RuleBytecode

/// What one file holds, or hides.
package struct ContentFindings: Equatable, Sendable {
  package var traits: Set<PartTrait> = []
  package var encryption: Set<EncryptionKind> = []
  package var anomalies: Set<AnomalyName> = []
  /// What was left unread, and why.
  package var limitsHit: Set<LimitName> = []

  package init() {}

  package mutating func formUnion(_ other: ContentFindings) {
    traits.formUnion(other.traits)
    encryption.formUnion(other.encryption)
    anomalies.formUnion(other.anomalies)
    limitsHit.formUnion(other.limitsHit)
  }
}
