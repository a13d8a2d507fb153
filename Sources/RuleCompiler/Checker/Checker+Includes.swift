// Files one after the other, as they include each other: an included policy stands where its
// `include` does, with what it says of failures and modes kept to itself.

import RuleBytecode

extension Checker {
  /// Recursion is bounded by `CompilerLimits.includeNestingMax`.
  mutating func checkFile(_ index: Int) {
    visited.insert(index)
    let script = context.linked.scripts[index]
    context.file = context.scopes[index]
    context.innerAnswers = FailureAnswers()
    readFileAnswers(of: script)
    context.scopes[index] = context.file
    let outer = items
    items = [:]
    if context.file.isPolicy { checkPolicy(script) } else { checkPlain(script) }
    let inner = items
    items = outer
    for (phase, own) in inner where !own.isEmpty { items[phase, default: []].append(.file(own)) }
  }

  mutating func checkInclude(_ command: Command) {
    if let block = command.block {
      context.report(.argument(.unexpectedBlock(of: "include")), at: block.openBrace)
    }
    guard let (index, isOnce) = context.inclusion(command) else { return }
    if visited.contains(index) {
      if isOnce { return }
      let name = context.sources.files[index].name
      let first = context.sources.includes[index]
      context.report(
        .declaration(.includedTwice(name)), at: command.range,
        notes: first.map { [.init(.declared("include \"\(name)\""), at: $0)] } ?? [])
      return
    }
    let file = context.file
    checkFile(index)
    context.file = file
    context.innerAnswers = FailureAnswers()
  }

  /// The commands of all files in the order in which they run: a policy that includes another one
  /// is several pieces. Scripts that plain scripts include are part of those.
  func piecesInOrder() -> (pieces: [Script], scopes: [FileScope]) {
    var result: (pieces: [Script], scopes: [FileScope]) = ([], [])
    var seen: Set<Int> = []
    for index in 0..<context.linked.rootCount { addPieces(of: index, &result, &seen) }
    return result
  }

  private func addPieces(
    of index: Int, _ result: inout (pieces: [Script], scopes: [FileScope]),
    _ seen: inout Set<Int>
  ) {
    guard seen.insert(index).inserted else { return }
    let script = context.linked.scripts[index]
    let scope = context.scopes[index]
    guard scope.isPolicy else {
      result.pieces.append(script)
      result.scopes.append(scope)
      return
    }
    // What holds for the file holds for each of its pieces.
    let shared = script.commands.filter { $0.name.text == "mode" }
    var piece = script
    piece.commands = []
    for command in script.commands {
      guard command.name.text == "include" else {
        piece.commands.append(command)
        continue
      }
      result.pieces.append(piece)
      result.scopes.append(scope)
      piece.commands = shared
      if case .file(let inner)? = context.linked.inclusions[command.name.range] {
        addPieces(of: inner, &result, &seen)
      }
    }
    result.pieces.append(piece)
    result.scopes.append(scope)
  }
}
