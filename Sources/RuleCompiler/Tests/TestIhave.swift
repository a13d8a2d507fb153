// `ihave CAPABILITIES` (RFC 5463 §4): known when the policy is compiled. What stands under a false
// one may use names that nobody knows here.

import RuleBytecode

enum TestIhave: TestCommand {
  static let signature = Signature(
    name: "ihave", availability: .capability("ihave"),
    positional: [.init("capabilities", .strings)])

  /// RFC 5463 §4: they change how strings are read, so they cannot come with a test.
  private static let onlyRequired: Set = ["variables", "encoded-character", Capability.ours]

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    let names = call.strings(0).compactMap { context.constant($0, "capability", of: "ihave") }
    guard names.count == call.strings(0).count else { return nil }
    let isThere = names.allSatisfy { has($0, context) }
    // Where it is true, its capabilities need no `require` any more.
    if isThere { context.file.capabilities.formUnion(names) }
    return CheckedTest(TestTrue.Code(value: isThere), at: call.range, constant: isThere)
  }

  private static func has(_ name: String, _ context: CheckContext) -> Bool {
    if onlyRequired.contains(name) { return context.file.capabilities.contains(name) }
    return Capability.known.contains(name)
  }

  /// What a test comes out as, if `ihave` alone decides it. Depth is bounded by the parser's limit
  /// on nesting.
  static func decision(of test: Test, _ context: CheckContext) -> Bool? {
    let inner = test.arguments.tests
    switch test.name.text {
    case "ihave":
      let names = test.arguments.items.flatMap { $0.strings ?? [] }.map(\.value)
      return names.isEmpty ? nil : names.allSatisfy { has($0, context) }
    case "not": return inner.first.flatMap { decision(of: $0, context) }.map { !$0 }
    case "allof":
      let each = inner.map { decision(of: $0, context) }
      return each.contains(false) ? false : each.allSatisfy { $0 == true } ? true : nil
    case "anyof":
      let each = inner.map { decision(of: $0, context) }
      return each.contains(true) ? true : each.allSatisfy { $0 == false } ? false : nil
    default: return nil
    }
  }
}
