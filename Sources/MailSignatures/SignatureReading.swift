// DKIM (RFC 6376, 8301, 8463) over the bytes of a message: first the signatures and the names of
// their keys, then, when somebody has looked the keys up, a result for each signature. No lookup is
// made here, and nothing waits.
//
// Trusts neither the message nor the keys. Cost: the header once for each signature, the body twice
// at most, one public-key operation for each signature and key record tried.

internal import MailMessage

/// The signatures of one message.
package struct SignatureReading: Sendable {
  private enum State: Sendable {
    case settled
    case open(SignatureTags)
  }

  private struct Entry: Sendable {
    let field: RawField
    var result: SignatureResult
    let state: State
  }

  /// How many signatures are beyond `SignatureLimits.signaturesMax`; nobody verifies them.
  package private(set) var leftOutCount = 0
  private let bytes: [UInt8]
  private let header: RawHeader
  private let limits: SignatureLimits
  private var entries: [Entry] = []

  /// - Parameter bytes: The whole message, header, blank line and body.
  package init(_ bytes: [UInt8], limits: SignatureLimits = SignatureLimits()) {
    self.bytes = bytes
    self.limits = limits
    header = RawHeader(bytes.span, headerBytesMax: limits.headerBytesMax)
    let indices = header.indicesByName["dkim-signature"] ?? []
    leftOutCount = max(0, indices.count - limits.signaturesMax)
    let fromCount = header.indicesByName["from"]?.count ?? 0
    entries = indices.prefix(limits.signaturesMax).map { index in
      var entry = Self.entry(bytes.span, header.fields[index], header.isTooLong, limits)
      entry.result.fromFieldCount = fromCount
      return entry
    }
  }

  /// How many signatures will have a result.
  package var count: Int { entries.count }

  /// The names whose TXT records `verify` wants, each once, in the order of the signatures.
  package var needs: [String] {
    var names: [String] = []
    for case .open(let tags) in entries.map(\.state) where !names.contains(tags.keyName) {
      names.append(tags.keyName)
    }
    return names
  }

  private static func entry(
    _ bytes: Span<UInt8>, _ field: RawField, _ isTooLong: Bool, _ limits: SignatureLimits
  ) -> Entry {
    do throws(SignatureReason) {
      var reader = try SignatureTagReader(bytes, field, limits)
      do throws(SignatureReason) {
        let tags = try reader.read(bytes)
        guard !isTooLong else { throw .headerTooLong }
        return Entry(field: field, result: reader.result, state: .open(tags))
      } catch {
        var result = reader.result
        result.set(error)
        return Entry(field: field, result: result, state: .settled)
      }
    } catch {
      return Entry(field: field, result: SignatureResult(error), state: .settled)
    }
  }

  /// A result for each signature, from the top.
  ///
  /// - Parameters:
  ///   - answers: By the names of `needs`; a name without an answer is a temporary failure.
  ///   - now: Seconds since 1970.
  package func verify(with answers: [String: KeyRecordAnswer], now: Int64) -> [SignatureResult] {
    var requests: Set<BodyRequest> = []
    for case .open(let tags) in entries.map(\.state) {
      if case .records = answers[tags.keyName] { requests.insert(tags.body) }
    }
    let digests = BodyDigests(bytes.span, from: header.bodyStart, for: requests)
    return entries.map { entry in
      var result = entry.result
      if let expiresAt = result.expiresAt {
        result.isExpired = now - limits.clockSlackSeconds > expiresAt
      }
      guard case .open(let tags) = entry.state else { return result }
      verify(entry.field, tags, answers[tags.keyName] ?? .temporaryFailure, digests, &result)
      applyPolicy(now, &result)
      return result
    }
  }

  private func verify(
    _ field: RawField, _ tags: SignatureTags, _ answer: KeyRecordAnswer, _ digests: BodyDigests,
    _ result: inout SignatureResult
  ) {
    switch answer {
    case .temporaryFailure: result.set(.keyUnavailable)
    case .none: result.set(.noKey)
    case .records(let records):
      result.set(.noKey)
      result.bodyBytes = digests.byteCount(tags.body.form)
      let signed = signedBytes(field, tags)
      let claimed = result
      let trial = SignatureTrial(tags: tags, signed: signed, digests: digests, limits: limits)
      for (index, record) in records.prefix(limits.keyRecordsMax).enumerated() {
        var attempt = claimed
        trial.run(record, &attempt)
        // The first record's failure is reported unless another record fits.
        if index == 0 || attempt.outcome == .pass { result = attempt }
        if attempt.outcome == .pass { return }
      }
    }
  }

  private func applyPolicy(_ now: Int64, _ result: inout SignatureResult) {
    guard result.outcome == .pass else { return }
    if result.isExpired {
      result.set(.expired)
    } else if let signedAt = result.signedAt, signedAt - limits.clockSlackSeconds > now {
      result.set(.signedInFuture)
    } else if result.fromSignedCount < result.fromFieldCount {
      result.set(.otherFrom)
    }
  }

  /// What the signature was made over (§3.7): the fields of `h=`, then the signature's own field
  /// without the value of `b=` and without a line end.
  private func signedBytes(_ field: RawField, _ tags: SignatureTags) -> [UInt8] {
    var canonicalizer = HeaderCanonicalizer(tags.headerForm)
    for chosen in header.selection(tags.names) {
      canonicalizer.append(bytes.span, chosen)
      canonicalizer.appendLineEnd()
    }
    canonicalizer.append(bytes.span, field, omitting: tags.signatureRange)
    return canonicalizer.bytes
  }
}
