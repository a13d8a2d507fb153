// Macros as the MTA names them, and the facts they carry (the fact sheet says which).
package import RuleBytecode

package enum MacroName {
  /// Without the braces of a long name: `{auth_authen}` is `auth_authen`, `i` stays.
  package static func bare(_ name: [UInt8]) -> [UInt8] {
    let isBraced = name.first == UInt8(ascii: "{") && name.last == UInt8(ascii: "}")
    return isBraced ? Array(name.dropFirst().dropLast()) : name
  }

  /// The fact that a macro carries.
  package static func fact(for name: [UInt8]) -> Fact? { facts[bare(name)] }

  private static let facts: [[UInt8]: Fact] = {
    var result: [[UInt8]: Fact] = [:]
    for fact in Fact.allCases {
      for macro in fact.info.macros { result[bare(Array(macro.utf8))] = fact }
    }
    return result
  }()
}

extension UInt8 {
  var upperASCII: UInt8 { self &- 97 < 26 ? self & 0xDF : self }
}
