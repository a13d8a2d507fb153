// `global NAMES;` (RFC 6609 §3.4): variables of a plain script that the scripts it includes share.
// Other variables of a plain script are its own; those of a policy are shared by all its files
// anyway.

enum CommandGlobal {
  static let signature = Signature(
    name: "global", availability: .capability("include"), positional: [.init("names", .strings)])

  /// `global.x` names the shared variable x wherever `include` is required.
  static let space = "global."
}

extension CheckContext {
  /// `global.x` is a variable here.
  var hasGlobals: Bool { !file.isPolicy && file.capabilities.contains("include") }

  mutating func checkGlobal(_ command: Command) {
    guard let call = ArgumentBinder.bind(command, CommandGlobal.signature, &self) else {
      hasHoles = true
      return
    }
    // The suites that programs share count each of these commands.
    if isTestSuite { file.reportedMissing.remove("variables") }
    demand(.oursOr("variables"), for: "global", at: command.name.range)
    for literal in call.strings(0) {
      guard let name = constant(literal, "name", of: "global") else { continue }
      let folded = name.lowercasedASCII
      guard Literals.isVariableName(name) else {
        report(.literal(.badName(name, kind: .variable)), at: literal.range)
        continue
      }
      if file.ownVariables.contains(folded) {
        report(.declaration(.globalTooLate(name)), at: literal.range)
      } else {
        file.globals.insert(folded)
      }
    }
  }

  /// Under which name a variable of this file is kept; `name` is folded.
  mutating func keptName(_ name: String) -> String {
    let kept = file.keptName(name)
    if kept == file.ownName(name) { file.ownVariables.insert(name) }
    return kept
  }
}

extension FileScope {
  /// The name of a variable that no other script sees.
  func ownName(_ name: String) -> String { isIncluded && !isPolicy ? "\(file):\(name)" : name }

  func keptName(_ name: String) -> String {
    if isPolicy || name.hasPrefix(CommandGlobal.space) { return name }
    return globals.contains(name) ? CommandGlobal.space + name : ownName(name)
  }
}
