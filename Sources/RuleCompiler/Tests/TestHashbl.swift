// `hashbl [:hash H] ZONES KEY`: one of the zones lists the hash of the key: an address, a link, the
// digest of a part.

import RuleBytecode

enum TestHashbl: TestCommand {
  static let signature = Signature(
    name: "hashbl", availability: .ours,
    tags: [TagSignature("hash", .string), TagSignature("code", .strings)] + Signature.outsideTags,
    positional: [.init("zones", .strings), .init("key", .string)])

  /// What lists of hashes are kept by; `none` for a key that is a hash already.
  private static let hashes = ["sha256", "sha1", "md5", "none"]

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    var (check, failures) = context.outside(.hashbl, call)
    var hash = hashes[0]
    if let tag = call.tag("hash") {
      guard let word = context.word(tag.string, ":hash", of: "hashbl", among: hashes) else {
        return nil
      }
      hash = word
    }
    check.constants = [hash] + context.zones(call.strings(0), of: "hashbl")
    check.aspect = 1
    if let codes = call.tag("code")?.value?.strings {
      guard let plan = context.listCodes(codes, of: "hashbl") else { return nil }
      check.plan = plan
    }
    guard let key = call.string(1) else { return nil }
    check.texts = [context.text(key)]
    return CheckedTest(check, at: call.range, failures: failures)
  }
}
