// The private keys of a policy: read once when it is loaded, so that a key that cannot be used
// refuses the policy and not its mail; and what they sign. A key's file is for those alone who may
// sign in its domain's name.
internal import MailSignatures
internal import RuleBytecode
internal import RuleVM

struct SigningKeys: Sendable {
  private let keys: [String: PrivateKey]

  /// Of policies that sign nothing.
  static let none = SigningKeys(keys: [:])

  /// Larger files hold no key.
  static let fileBytesMax = 65_536

  /// Those that the policy declares, if anything in it signs.
  static func load(for program: Program) throws(StartFailure) -> SigningKeys {
    guard program.actions.contains(where: { [.dkimSign, .arcSeal].contains($0.action) }) else {
      return none
    }
    var keys: [String: PrivateKey] = [:]
    for declared in program.declarations where declared.role == .key {
      let said = program.arguments(of: declared)
      let name = program.string(declared.name)
      keys[name] = try read(said.first { $0.name == "file" }?.value ?? "", name)
    }
    return SigningKeys(keys: keys)
  }

  private static func read(_ path: String, _ name: String) throws(StartFailure) -> PrivateKey {
    let text: [UInt8]
    do throws(SecretBytes.Fault) {
      text = try SecretBytes.read(path, limit: fileBytesMax)
    } catch {
      throw StartFailure(code: 78, message: "key '\(name)' (\(path)): \(error.message)")
    }
    do throws(SigningFault) {
      return try PrivateKey(pem: String(decoding: text, as: UTF8.self))
    } catch {
      throw StartFailure(
        code: 78,
        message: "key '\(name)' (\(path)): it holds no RSA key of 1024 bits or more and no Ed25519"
          + " key in PEM, or one with a passphrase")
    }
  }

  /// Cost: a hash over the message and one use of the key, about a millisecond with RSA of 2,048
  /// bits; for threads that may take their time.
  func sign(_ errand: SigningErrand, now: Int64) -> ErrandResult {
    guard let key = keys[errand.identity.key] else {
      return .failed(reason: "key '\(errand.identity.key)' was not loaded")
    }
    do throws(SigningFault) {
      return .fields(try fields(errand, key, now).map(SignedField.init))
    } catch .messageHasNoFrom {
      // In nobody's name there is nothing to sign, now or later (RFC 6376 §5.4).
      return .fields([])
    } catch {
      return .failed(reason: error.reason)
    }
  }

  private func fields(
    _ errand: SigningErrand, _ key: PrivateKey, _ now: Int64
  ) throws(SigningFault) -> [WrittenField] {
    let identity = errand.identity
    switch errand.method {
    case .dkim:
      let signer = try DKIMSigner(
        domain: identity.domain, selector: identity.selector, key: key)
      return [try signer.sign(errand.message, now: now)]
    case .arc(.none, let results): return try seal(errand, key, .none, results, now)
    case .arc(.pass, let results): return try seal(errand, key, .pass, results, now)
    // Nobody may use what is put on a chain that does not hold (RFC 8617 §5.1.2).
    case .arc(.fail, _): return []
    case .arc(.unknown(let reason), _): throw .chainUnknown(reason)
    }
  }

  private func seal(
    _ errand: SigningErrand, _ key: PrivateKey, _ chain: SignatureOutcome, _ results: String,
    _ now: Int64
  ) throws(SigningFault) -> [WrittenField] {
    let sealer = try ARCSealer(
      domain: errand.identity.domain, selector: errand.identity.selector, key: key)
    return try sealer.seal(errand.message, chain: chain, results: results, now: now)
  }
}

extension SignedField {
  fileprivate init(_ field: WrittenField) {
    // The blank behind the colon is written with the field.
    self.init(name: field.name, value: Array(field.value.drop { $0 == UInt8(ascii: " ") }))
  }
}

extension SigningFault {
  /// For trace and log.
  var reason: String {
    switch self {
    case .badDomain: "the domain is none"
    case .badSelector: "the selector is none"
    case .badFieldName(let name): "'\(name)' is no field that can be signed"
    case .fromNotListed: "From is not signed"
    case .badKey: "the key cannot be used"
    case .messageHasNoFrom: "the message has no From"
    case .headerTooLong: "the header is too long"
    case .tooManyNames: "the header has too many fields"
    case .chainEnded: "the ARC chain has ended, or was changed"
    case .chainUnknown(let reason): "how the ARC chain stands is not known: \(reason)"
    case .badResults: "the results cannot be written"
    case .signingFailed: "the key did not sign"
    }
  }
}
