// The limits that every file of ours keeps (docs/HACKING.md).

import Testing

struct LimitTests {
  @Test func linesAreShort() {
    for file in SourceTree.files {
      for (index, line) in file.lines.enumerated()
      where line.utf8.count > Allowances.columnsMax && line.count > Allowances.columnsMax {
        // A text of a policy has as many characters as its reader is to see.
        if file.path.hasPrefix("rules/"), line.drop(while: { $0 == " " }).first == "\"" { continue }
        Issue.record("\(file.path):\(index + 1) has \(line.count) columns")
      }
    }
  }

  @Test func filesAreShort() {
    for (file, _) in SourceTree.swift {
      let count = file.text.utf8.count { $0 == 10 }
      #expect(count <= Allowances.linesMax, "\(file.path) has \(count) lines")
    }
  }

  @Test func bodiesAreShort() {
    var unused = Set(Allowances.longBodies.keys)
    for (file, code) in SourceTree.swift {
      if !code.isBalanced { Issue.record("\(file.path): its braces cannot be read") }
      for body in code.bodies where body.lineCount > Allowances.bodyLinesMax {
        let name = "\(file.isInSources ? file.shortPath : file.path):\(body.name)"
        if unused.remove(name) != nil || Allowances.longBodies[name] != nil { continue }
        Issue.record("\(file.path):\(body.line) '\(body.name)' has \(body.lineCount) lines")
      }
    }
    #expect(unused.isEmpty, "these are short by now")
  }

  @Test func filesBeginWithAComment() {
    for file in SourceTree.files {
      let isComment = ["//", "/*", "#", "(*"].contains { file.text.hasPrefix($0) }
      #expect(isComment, "\(file.path) does not say what it is for")
    }
  }

  /// Left-over notes belong into a change, not into the code. The words are put together here so
  /// that this file does not hold them.
  @Test(arguments: ["TO" + "DO", "FIX" + "ME", "fatal" + "Error"])
  func nothingIsLeftOver(word: String) {
    for file in SourceTree.files where file.text.contains(word) {
      for (index, line) in file.lines.enumerated() where line.contains(word) {
        Issue.record("\(file.path):\(index + 1) has '\(word)'")
      }
    }
  }

  /// The words that make a mistake of ours end the process without a reason.
  @Test func nothingIsForced() {
    for (file, code) in SourceTree.swift where file.isInSources {
      let text = String(decoding: code.bytes, as: UTF8.self)
      #expect(!text.contains("try!"), "\(file.path) forces a try")
      #expect(!text.contains(" as! "), "\(file.path) forces a cast")
    }
  }
}
