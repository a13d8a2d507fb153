// The reader behind the limits sees what it must: planted faults are found, look-alikes are not.

import Testing

struct SwiftCodeTests {
  private func body(_ lineCount: Int, _ head: String = "func planted() {") -> String {
    let filler = Array(repeating: "  work()", count: lineCount - 2)
    return ([head] + filler + ["}"]).joined(separator: "\n")
  }

  @Test(arguments: [
    "func planted() {", "init(_ text: String) throws(Flaw) {", "var planted: Int {",
    "static let planted: [Int] = {", "subscript(index: Int) -> Int {",
    "func planted(\n  for name: String, in list: [String]\n) -> Bool {",
  ])
  func lengthsAreCounted(head: String) throws {
    let code = SwiftCode(body(71, head))
    #expect(code.isBalanced)
    let found = try #require(code.bodies.first)
    #expect(found.line == 1)
    #expect(found.lineCount == 71 + head.count { $0 == "\n" })
  }

  @Test func typesAreNoBodies() {
    let code = SwiftCode("struct A {\n\(body(5))\n  if let b = c {\n  }\n}\n")
    #expect(code.bodies.map(\.name) == ["planted"])
    #expect(code.bodies.map(\.line) == [2])
  }

  @Test func closuresDoNotHideTheirFunction() {
    let code = SwiftCode(
      """
      func outer() {
        each(list, { $0.first { $0 > 1 } })
        let inner = list.map {
          $0
        }
      }
      func next() {}
      """)
    #expect(code.bodies.map(\.name) == ["inner", "outer", "next"])
    #expect(code.bodies.map(\.lineCount) == [3, 6, 1])
  }

  @Test(arguments: [
    "// unsafe", "/* unsafe /* unsafe */ unsafe */", "let a = \"unsafe\"",
    "let a = #\"\"unsafe\"#", "let a = #\"\"\" unsafe\"#",
    "let a = \"\"\"\n unsafe \\\"\"\" unsafe\n \"\"\"",
    "let a = \"\\\"unsafe\"", "withUnsafeBytes(unsafely)", "let unsafe2 = 1",
  ])
  func lookAlikesAreNoWords(text: String) {
    #expect(SwiftCode(text).lines(withWord: "unsafe").isEmpty)
  }

  @Test(arguments: [
    "unsafe open(path)", "let a = #\"\"\"#, b = unsafe c", "let a = \"\\(unsafe b)\"",
    "nonisolated(unsafe) var a = 1",
    "let a = \"\" + unsafe b", "/* a */ unsafe b // c",
  ])
  func wordsAreFound(text: String) {
    #expect(SwiftCode(text).lines(withWord: "unsafe") == [1])
  }

  @Test func importsAreRead() {
    let code = SwiftCode(
      """
      // import Comment
      import Plain
      package import Mine
      @testable import Tested
      internal import struct Kinds.Part
      let text = "import Text"
      """)
    #expect(code.imports == ["Plain", "Mine", "Tested", "Kinds"])
  }

  @Test func loneBracesAreSeen() {
    #expect(!SwiftCode("func a() {").isBalanced)
    #expect(!SwiftCode("}").isBalanced)
    #expect(SwiftCode("let a = \"{\" // {").isBalanced)
  }
}
