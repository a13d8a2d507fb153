// ARC (RFC 8617) over the bytes of a message: first the names of keys, then the chain's outcome.
//
// Trusts neither message nor keys. Cost: the fields of each set once for each later seal, which
// the header's limit and `SignatureLimits.instancesMax` bound; one public-key operation for each
// seal and record, and one for the last message signature.
internal import MailMessage

/// The three fields of an instance.
struct ARCSet: Sendable {
  let results: RawField
  let messageSignature: RawField
  let seal: RawField
}

/// The ARC sets of a message, in order of instances.
struct ARCSets: Sendable {
  static let names = ["arc-authentication-results", "arc-message-signature", "arc-seal"]

  private(set) var sets: [ARCSet] = []
  /// Why there is no chain, if there are fields of one.
  private(set) var reason: ARCReason?

  init(_ bytes: Span<UInt8>, _ header: RawHeader, instancesMax: Int) {
    var found: [[Int: RawField]] = [[:], [:], [:]]
    var last = 0
    var twice: Int?
    for (kind, name) in Self.names.enumerated() {
      for index in header.indicesByName[name] ?? [] {
        let field = header.fields[index]
        guard let instance = Self.instance(bytes, field), instance <= instancesMax else {
          reason = .badInstance
          return
        }
        last = max(last, instance)
        if found[kind].updateValue(field, forKey: instance) != nil { twice = instance }
      }
    }
    if let twice {
      reason = .brokenSet(instance: twice)
      return
    }
    for instance in stride(from: 1, through: last, by: 1) {
      guard let results = found[0][instance], let signature = found[1][instance],
        let seal = found[2][instance]
      else {
        reason = .brokenSet(instance: instance)
        return
      }
      sets.append(ARCSet(results: results, messageSignature: signature, seal: seal))
    }
  }

  /// The value of `i=`, which all three fields have; nil unless it is 1 to 99.
  private static func instance(_ bytes: Span<UInt8>, _ field: RawField) -> Int? {
    for piece in ASCII.pieces(bytes, field.value, separator: ASCII.semicolon) {
      guard let equals = piece.first(where: { bytes[$0] == ASCII.equals }) else { continue }
      let name = ASCII.trimmed(bytes, piece.lowerBound..<equals)
      guard name.count == 1, bytes[name.lowerBound] == 105 else { continue }
      let value = ASCII.trimmed(bytes, equals + 1..<piece.upperBound)
      guard (1...2).contains(value.count), value.allSatisfy({ ASCII.isDigit(bytes[$0]) }),
        let number = Int(ASCII.text(bytes, value)), number > 0
      else { return nil }
      return number
    }
    return nil
  }

  /// What a seal covers (§5.1.1): all sets in order, the last without its seal unless the seal to
  /// come is one of a further set.
  func signedBytes(
    _ bytes: Span<UInt8>, through count: Int, isFurther: Bool = false
  ) -> HeaderCanonicalizer {
    var canonicalizer = HeaderCanonicalizer(.relaxed)
    for (index, set) in sets.prefix(count).enumerated() {
      let fields =
        [set.results, set.messageSignature] + (index < count - 1 || isFurther ? [set.seal] : [])
      for field in fields {
        canonicalizer.append(bytes, field)
        canonicalizer.appendLineEnd()
      }
    }
    return canonicalizer
  }
}

/// The chain of one message.
package struct ARCReading: Sendable {
  private struct Link: Sendable {
    let reason: ARCReason
    let tags: SignatureTags
    let result: SignatureResult
    let signed: [UInt8]
    let hasBody: Bool
  }

  /// Nil while keys decide.
  private var settled: ARCResult?
  private let bytes: [UInt8]
  private let header: RawHeader
  private let limits: SignatureLimits
  private var sealers: [String] = []
  /// What must verify: the last message signature, then the seals from the last to the first.
  private var links: [Link] = []

  /// - Parameter bytes: The whole message, header, blank line and body.
  package init(_ bytes: [UInt8], limits: SignatureLimits = SignatureLimits()) {
    self.bytes = bytes
    self.limits = limits
    header = RawHeader(bytes.span, headerBytesMax: limits.headerBytesMax)
    let chain = ARCSets(bytes.span, header, instancesMax: limits.instancesMax)
    if let reason = header.isTooLong ? .headerTooLong : chain.reason {
      settled = ARCResult(outcome: .fail, reason: reason, sealers: [])
    } else if chain.sets.isEmpty {
      settled = ARCResult(outcome: .none, reason: nil, sealers: [])
    } else if let reason = read(chain) {
      settled = ARCResult(outcome: .fail, reason: reason, sealers: sealers)
    }
  }

  /// The names whose TXT records `verify` wants, each once.
  package var needs: [String] {
    guard settled == nil else { return [] }
    var names: [String] = []
    for link in links where !names.contains(link.tags.keyName) { names.append(link.tags.keyName) }
    return names
  }

  /// Fills `links`, or says why the chain fails without any key.
  private mutating func read(_ chain: ARCSets) -> ARCReason? {
    let count = chain.sets.count
    for (index, set) in chain.sets.enumerated() {
      do throws(SignatureReason) {
        let reader = try SignatureTagReader(bytes.span, set.seal, limits)
        sealers.append(reader.result.domain)
        let tags = try reader.readSeal(bytes.span)
        let status = reader.list["cv"].map { ASCII.text(bytes.span, $0.value) }
        if index == count - 1, status == "fail" { return .statusFail }
        guard status == (index == 0 ? "none" : "pass") else {
          return .badStatus(instance: index + 1)
        }
        var signed = chain.signedBytes(bytes.span, through: index + 1)
        signed.append(bytes.span, set.seal, omitting: tags.signatureRange)
        links.append(
          Link(
            reason: .seal(instance: index + 1, .headerChanged), tags: tags, result: reader.result,
            signed: signed.bytes, hasBody: false))
      } catch {
        return .seal(instance: index + 1, error)
      }
    }
    do throws(SignatureReason) {
      links.append(try messageSignature(chain.sets[count - 1].messageSignature, count))
    } catch {
      return .messageSignature(instance: count, error)
    }
    links.reverse()
    return nil
  }

  private func messageSignature(
    _ field: RawField, _ instance: Int
  ) throws(SignatureReason) -> Link {
    var reader = try SignatureTagReader(bytes.span, field, limits)
    let tags = try reader.readMessageSignature(bytes.span)
    guard !tags.names.contains("arc-seal") else { throw .badValue("h") }
    var signed = HeaderCanonicalizer(tags.headerForm)
    for chosen in header.selection(tags.names) {
      signed.append(bytes.span, chosen)
      signed.appendLineEnd()
    }
    signed.append(bytes.span, field, omitting: tags.signatureRange)
    return Link(
      reason: .messageSignature(instance: instance, .headerChanged), tags: tags,
      result: reader.result, signed: signed.bytes, hasBody: true)
  }

  /// The chain's outcome.
  ///
  /// - Parameter answers: By the names of `needs`; a name without an answer is a temporary failure.
  package func verify(with answers: [String: KeyRecordAnswer]) -> ARCResult {
    if let settled { return settled }
    let requests = Set(links.filter(\.hasBody).map(\.tags.body))
    let digests = BodyDigests(bytes.span, from: header.bodyStart, for: requests)
    var unavailable: ARCReason?
    for link in links {
      guard let fault = fault(link, answers[link.tags.keyName] ?? .temporaryFailure, digests) else {
        continue
      }
      let reason: ARCReason
      switch link.reason {
      case .messageSignature(let instance, _): reason = .messageSignature(instance: instance, fault)
      case .seal(let instance, _): reason = .seal(instance: instance, fault)
      default: reason = link.reason
      }
      if fault != .keyUnavailable {
        return ARCResult(outcome: .fail, reason: reason, sealers: sealers)
      }
      unavailable = unavailable ?? reason
    }
    let outcome: SignatureOutcome = unavailable == nil ? .pass : .temperror
    return ARCResult(outcome: outcome, reason: unavailable, sealers: sealers)
  }

  /// Nil for a good signature.
  private func fault(
    _ link: Link, _ answer: KeyRecordAnswer, _ digests: BodyDigests
  ) -> SignatureReason? {
    guard case .records(let records) = answer else {
      return answer == .none ? .noKey : .keyUnavailable
    }
    let trial = SignatureTrial(
      tags: link.tags, signed: link.signed, digests: link.hasBody ? digests : nil, limits: limits)
    var first: SignatureReason?
    for record in records.prefix(limits.keyRecordsMax) {
      var attempt = link.result
      trial.run(record, &attempt)
      guard let reason = attempt.reason else { return nil }
      first = first ?? reason
    }
    return first ?? .noKey
  }
}
