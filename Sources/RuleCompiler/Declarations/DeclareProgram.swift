// `program ["/usr/bin/x", "-q"] :timeout n "name";`: run without a shell by `filter_program` and
// by scanners.

import RuleBytecode

enum DeclareProgram: DeclarationCommand {
  static let signature = Signature(
    name: "program", availability: .ours, tags: [TagSignature("timeout", .number)],
    positional: [.init("program", .strings), .init("name", .string)],
    // The name stands last, behind the tag.
    tagsStandAnywhere: true)
  static let role = DeclarationRole.program
  static let kind: DeclarationKind? = .program

  static let timeoutSeconds = 1...300
  /// Words of one command line.
  static let wordsMax = 64

  static func check(_ call: Call, _ context: inout CheckContext) -> [DeclaredValue]? {
    var words: [DeclaredValue] = []
    for (index, literal) in call.strings(0).enumerated() {
      guard let word = context.constant(literal, "program", of: "program") else { return nil }
      // A search of PATH would leave to the environment which program it is.
      guard index > 0 || (word.hasPrefix("/") && Literals.isPath(word)) else {
        context.report(.literal(.programPath(word)), at: literal.range)
        return nil
      }
      words.append(DeclaredValue("word", word))
    }
    guard words.count <= wordsMax else {
      let problem = ArgumentProblem.outOfRange(
        "program", value: words.count, allowed: 1...wordsMax, of: "program")
      context.report(.argument(problem), at: call.positional[0]?.range ?? call.name.range)
      return nil
    }
    let isTimed = call.has("timeout")
    let timeout = context.number(call, "timeout", in: timeoutSeconds)
    if isTimed && timeout == nil { return nil }
    return words + [DeclaredValue("timeout", String(timeout ?? 30))]
  }
}
