// Why a signature is no plain pass, and which word of RFC 8601 §2.7.1 says so.

/// The results of RFC 8601 §2.7.1 for DKIM.
package enum SignatureOutcome: String, Sendable, CaseIterable {
  case none, pass, fail, policy, neutral, temperror, permerror
}

/// A reason; the outcome follows from it.
package enum SignatureReason: Error, Sendable, Equatable {
  // Syntax: `neutral` by RFC 8601.
  case notATagList
  case duplicateTag(String)
  case missingTag(String)
  case badValue(String)
  case unknownVersion, unknownAlgorithm, unknownCanonicalization, unknownQuery
  // What never verifies.
  case fromNotSigned, identityOutsideDomain, historicAlgorithm, lengthBeyondBody
  case noKey, keyUnreadable, keyRevoked, keyOfOtherType, keyForOtherHash, keyForOtherService
  /// `t=s` of the key: the identity's domain must be the signing domain itself.
  case identityInSubdomain
  /// The lookup failed for now, or nobody answered it.
  case keyUnavailable
  case bodyChanged, headerChanged
  // Verified or not: not acceptable here.
  case expired, signedInFuture
  case keyTooShort(bits: Int)
  case keyTooLong(bits: Int)
  /// The message has more From fields than the signature covers: a reader may see another one.
  case otherFrom
  case headerTooLong, fieldTooLong, tooManyTags, tooManyNames, keyRecordTooLong

  package var outcome: SignatureOutcome {
    switch self {
    case .notATagList, .duplicateTag, .missingTag, .badValue, .unknownVersion, .unknownAlgorithm,
      .unknownCanonicalization, .unknownQuery:
      .neutral
    case .fromNotSigned, .identityOutsideDomain, .historicAlgorithm, .lengthBeyondBody, .noKey,
      .keyUnreadable, .keyRevoked, .keyOfOtherType, .keyForOtherHash, .keyForOtherService,
      .identityInSubdomain:
      .permerror
    case .keyUnavailable: .temperror
    case .bodyChanged, .headerChanged: .fail
    case .expired, .signedInFuture, .keyTooShort, .keyTooLong, .otherFrom, .headerTooLong,
      .fieldTooLong, .tooManyTags, .tooManyNames, .keyRecordTooLong:
      .policy
    }
  }

  /// As the comment of Authentication-Results and the log have it; no byte of the message's.
  package var text: String {
    switch self {
    case .notATagList: "not a list of tags"
    case .duplicateTag(let name): "tag \(name) stands twice"
    case .missingTag(let name): "no tag \(name)"
    case .badValue(let name): "bad value of tag \(name)"
    case .unknownVersion: "unknown version"
    case .unknownAlgorithm: "unknown algorithm"
    case .unknownCanonicalization: "unknown canonicalization"
    case .unknownQuery: "unknown query method"
    case .fromNotSigned: "From is not signed"
    case .identityOutsideDomain: "identity outside of the domain"
    case .historicAlgorithm: "historic algorithm"
    case .lengthBeyondBody: "body is shorter than signed"
    case .noKey: "no key"
    case .keyUnreadable: "unreadable key record"
    case .keyRevoked: "key revoked"
    case .keyOfOtherType: "key of another type"
    case .keyForOtherHash: "key for other hash algorithms"
    case .keyForOtherService: "key for another service"
    case .identityInSubdomain: "identity in a subdomain"
    case .keyUnavailable: "key unavailable"
    case .bodyChanged: "body changed"
    case .headerChanged: "header changed, or another key"
    case .expired: "signature expired"
    case .signedInFuture: "signed in the future"
    case .keyTooShort(let bits): "key of \(bits) bits is too short"
    case .keyTooLong(let bits): "key of \(bits) bits is too long"
    case .otherFrom: "a From field is not signed"
    case .headerTooLong: "header too long"
    case .fieldTooLong: "signature too long"
    case .tooManyTags: "too many tags"
    case .tooManyNames: "too many signed fields"
    case .keyRecordTooLong: "key record too long"
    }
  }
}
