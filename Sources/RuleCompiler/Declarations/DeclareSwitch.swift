// `switch "name" "value";`: a value that `defangctl set` changes while mail flows, read as
// `${switch.name}`.

import RuleBytecode

enum DeclareSwitch: DeclarationCommand {
  static let signature = Signature(
    name: "switch", availability: .ours,
    positional: [.init("name", .string), .init("value", .string)])
  static let role = DeclarationRole.switch
  static let kind: DeclarationKind? = .switch
  static let isNamedFirst = true

  static let valueBytesMax = 200

  static func check(_ call: Call, _ context: inout CheckContext) -> [DeclaredValue]? {
    guard let literal = call.string(1), let value = context.constant(literal, "value", of: "switch")
    else { return nil }
    guard value.utf8.count <= valueBytesMax, Literals.control(in: value) == nil else {
      context.report(.literal(.badSetting(value, of: "switch")), at: literal.range)
      return nil
    }
    return [DeclaredValue("value", value)]
  }
}
