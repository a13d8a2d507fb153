// Helpers of the tests of the front half: parse a text, and write trees and diagnostics shortly.

@testable import RuleCompiler

/// One parsed text.
struct Parsed {
  let script: Script
  let diagnostics: Diagnostics
  let sources: SourceSet

  init(_ text: String, name: String = "t.rules", limits: CompilerLimits = .standard) {
    self.init(bytes: Array(text.utf8), name: name, limits: limits)
  }

  init(bytes: [UInt8], name: String = "t.rules", limits: CompilerLimits = .standard) {
    var sources = SourceSet()
    let file = sources.add(SourceFile(name: name, bytes: bytes, limits: limits))
    var diagnostics = Diagnostics(limits: limits)
    script = Parser.parse(
      sources.files[file], file: file, limits: limits, diagnostics: &diagnostics)
    self.diagnostics = diagnostics
    self.sources = sources
  }

  var source: SourceFile { sources.files[0] }

  /// `S016 2:14`, sorted by place.
  var codes: [String] {
    diagnostics.shown.map {
      let place = source.position(ofByte: $0.range.bytes.lowerBound)
      return "\($0.problem.code.rawValue) \(place.line):\(place.column)"
    }
  }

  var text: String { DiagnosticPrinter(sources: sources).text(diagnostics) }

  /// The text with all fix-its applied, the last first.
  var fixed: String {
    var bytes = source.bytes
    let fixIts = diagnostics.shown.flatMap(\.fixIts)
    for fixIt in fixIts.sorted(by: { $0.range > $1.range }) {
      bytes.replaceSubrange(fixIt.range.bytes, with: fixIt.replacement.utf8)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// A tree in one line: `if(not(header :is "a" ["b" "c"])){stop();}`.
extension Script {
  var dump: String { commands.map(\.dump).joined(separator: " ") }
}

extension Command {
  var dump: String {
    let body = block.map { "{" + $0.commands.map(\.dump).joined(separator: " ") + "}" } ?? ";"
    return name.text + arguments.dump + body + (isDamaged ? "!" : "")
  }
}

extension Test {
  var dump: String { name.text + arguments.dump + (isDamaged ? "!" : "") }
}

extension Arguments {
  var dump: String {
    var words = items.map(\.dump)
    let list = tests.map(\.dump).joined(separator: ", ")
    if testList != nil { words.append("(\(list))") } else if !tests.isEmpty { words.append(list) }
    return words.isEmpty ? "" : " " + words.joined(separator: " ")
  }
}

extension Argument {
  var dump: String {
    switch value {
    case .tag(let name): ":" + name
    case .number(let number): String(number.value)
    case .string(let string): "\"\(string.value)\""
    case .list(let strings): "[" + strings.map { "\"\($0.value)\"" }.joined(separator: " ") + "]"
    }
  }
}
