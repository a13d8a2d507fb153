// The files that rules put into mail (`replace_with_file`): whoever loads a policy reads them, so
// that no session waits for a disk.

extension Program {
  /// Their paths, each once. An action's texts are loaded right before it, the path as a constant.
  package var replacementFiles: [String] {
    var paths: [String] = []
    for (place, instruction) in code.enumerated() where instruction.opcode == .act {
      let spec = actions[Int(instruction.c)]
      guard spec.action == .replaceWithFile, let register = spec.register(of: "file"),
        let load = code[..<place].last(where: {
          $0.opcode == .textConstant && Int($0.a) == register
        })
      else { continue }
      let path = string(load.c)
      if !paths.contains(path) { paths.append(path) }
    }
    return paths
  }
}
