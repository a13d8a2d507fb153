// One-time words by which a held message can be let go to one recipient: what stands in a digest.
// They are signed, not kept, so a digest costs no record; only used ones are remembered until they
// would have expired.
internal import MailMessage

package struct ReleaseToken: Sendable, Equatable {
  package let entryID: String
  /// Nil lets it go to all recipients of the entry.
  package let recipient: String?
  package let expires: Int64
  let nonce: MarkNonce

  package enum Problem: String, Error, Sendable, Equatable, CaseIterable {
    case malformed = "it is no release token; was all of it copied?"
    case unknownKey = "it is of another key than those in the state folder"
    case forged = "its signature is wrong"
    case expired = "its time is over"
    case used = "it was used before"
  }

  static func make(entryID: String, recipient: String?, expires: Int64, key: MarkKey) -> String {
    let name = Base64Encoder.text((recipient ?? "").utf8, .nameSafe)
    let head = "1:\(entryID):\(name):\(expires):\(key.identifier)"
    let signature = key.signature("release", Array(head.utf8)).prefix(20)
    return head + ":" + Base64Encoder.text(signature, .nameSafe)
  }

  init(_ text: String, keys: MarkKeys, now: Int64) throws(Problem) {
    let pieces = text.split(separator: ":", omittingEmptySubsequences: false)
    guard text.utf8.count <= 2_048, pieces.count == 6, pieces[0] == "1",
      let name = Base64Text.decodeSafely(pieces[2]), let expires = Int64(pieces[3]),
      let signature = Base64Text.decodeSafely(pieces[5]), signature.count == 20
    else { throw .malformed }
    guard let key = keys.key(pieces[4]) else { throw .unknownKey }
    let head = Array(text.utf8.prefix(text.utf8.count - pieces[5].utf8.count - 1))
    guard key.isValid(signature, "release", head) else { throw .forged }
    guard now <= expires else { throw .expired }
    entryID = String(pieces[1])
    recipient = name.isEmpty ? nil : String(decoding: name, as: UTF8.self)
    self.expires = expires
    nonce = MarkNonce(text: "release:" + pieces[5], expires: expires)
  }
}

extension PostOffice {
  /// Takes a token: it is used from here on, unless it is given back.
  package func redeem(
    _ text: String, now: Int64 = SystemClock.now
  ) throws(StateFault) -> Result<ReleaseToken, ReleaseToken.Problem> {
    let token: ReleaseToken
    do throws(ReleaseToken.Problem) {
      token = try ReleaseToken(text, keys: keys, now: now)
    } catch {
      return .failure(error)
    }
    return try book.spend(token.nonce, now: now) ? .success(token) : .failure(.used)
  }

  /// For a release that did not come to pass.
  package func giveBack(_ token: ReleaseToken) throws(StateFault) {
    try book.restore(token.nonce)
  }
}
