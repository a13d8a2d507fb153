// What is known about a chain of ARC sets (RFC 8617) after verification.

/// Why a chain is no pass.
package enum ARCReason: Sendable, Equatable {
  case headerTooLong
  /// A field without an instance of 1 to 50.
  case badInstance
  /// A set without exactly one of each of its three fields.
  case brokenSet(instance: Int)
  /// `cv=` must be none in the first seal and pass in the others.
  case badStatus(instance: Int)
  /// The last seal says that the chain has failed.
  case statusFail
  case messageSignature(instance: Int, SignatureReason)
  case seal(instance: Int, SignatureReason)
}

/// The outcome of a chain.
package struct ARCResult: Sendable, Equatable {
  /// `none`, `pass`, `fail`, or `temperror` where a key was unavailable.
  package let outcome: SignatureOutcome
  package let reason: ARCReason?
  /// `d=` of the seals, lower-case, from the first instance; only those of a pass are proved.
  package let sealers: [String]

  /// How many sets there are.
  package var instanceCount: Int { sealers.count }
}
