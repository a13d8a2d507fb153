// Helpers of the tests of the back half: compile texts, and look at the code they become.

import RuleBytecode

@testable import RuleCompiler

/// One compiled policy, of one or several files.
struct Compiled {
  let program: Program?
  let diagnostics: Diagnostics
  let sources: SourceSet

  init(_ texts: String..., limits: CompilerLimits = .standard) {
    self.init(files: texts.enumerated().map { ("\($0.offset).rules", $0.element) }, limits: limits)
  }

  init(files: [(name: String, text: String)], limits: CompilerLimits = .standard) {
    var sources = SourceSet()
    for file in files {
      _ = sources.add(SourceFile(name: file.name, bytes: Array(file.text.utf8), limits: limits))
    }
    let result = Compiler.compile(sources, limits: limits)
    program = result.program
    diagnostics = result.diagnostics
    self.sources = sources
  }

  /// `N001 3:14`, sorted by place; with several files `N001 1.rules:3:14`.
  var codes: [String] {
    diagnostics.shown.compactMap { diagnostic in
      guard let source = sources.file(of: diagnostic.range) else { return nil }
      let place = source.position(ofByte: diagnostic.range.bytes.lowerBound)
      let name = sources.files.count > 1 ? source.name + ":" : ""
      return "\(diagnostic.problem.code.rawValue) \(name)\(place.line):\(place.column)"
    }
  }
}

extension Program {
  /// The instructions of the block of a phase.
  func code(of phase: Phase) -> [Instruction] {
    phases.first { $0.phase == phase }.map { code(ofBlock: Int($0.block)) } ?? []
  }

  func code(ofBlock index: Int) -> [Instruction] {
    let end = index + 1 < blocks.count ? Int(blocks[index + 1].start) : code.count
    return Array(code[Int(blocks[index].start)..<end])
  }

  /// The names of the opcodes of a phase, without probes and `rule`.
  func names(of phase: Phase) -> [String] {
    code(of: phase).filter { $0.opcode != .probe && $0.opcode != .rule }.map(\.opcode.shape.name)
  }

  /// The entries of a set as text.
  func entries(of set: Int) -> [String] {
    let found = sets[set]
    return entries[Int(found.first)..<Int(found.first + found.count)].map { range in
      let bytes = stringBytes[Int(range.offset)..<Int(range.offset + range.length)]
      return String(decoding: bytes, as: UTF8.self)
    }
  }
}
