// Whether two scripts say the same, wherever it stands: names, arguments, values and nesting are
// compared, source ranges and comments are not. How a string is written counts as well: plain Sieve
// and the checker treat `text:` and quotes differently.

extension Script {
  /// Equal but for places and comments.
  package func means(sameAs other: Script) -> Bool {
    isStructureReliable == other.isStructureReliable
      && commands.elementsEqual(other.commands) { $0.means(sameAs: $1) }
  }
}

extension Command {
  // Recursion is bounded by the parser's nesting limits.
  fileprivate func means(sameAs other: Command) -> Bool {
    guard name.text == other.name.text, isDamaged == other.isDamaged,
      arguments.mean(sameAs: other.arguments)
    else { return false }
    switch (block, other.block) {
    case (nil, nil): return true
    case (let mine?, let theirs?):
      return mine.commands.elementsEqual(theirs.commands) { $0.means(sameAs: $1) }
    default: return false
    }
  }
}

extension Arguments {
  fileprivate func mean(sameAs other: Arguments) -> Bool {
    (testList == nil) == (other.testList == nil)
      && items.elementsEqual(other.items) { $0.value.means(sameAs: $1.value) }
      && tests.elementsEqual(other.tests) {
        $0.name.text == $1.name.text && $0.isDamaged == $1.isDamaged
          && $0.arguments.mean(sameAs: $1.arguments)
      }
  }
}

extension Argument.Value {
  fileprivate func means(sameAs other: Argument.Value) -> Bool {
    switch (self, other) {
    case (.tag(let mine), .tag(let theirs)): mine == theirs
    case (.number(let mine), .number(let theirs)): mine.value == theirs.value
    case (.string(let mine), .string(let theirs)): mine.means(sameAs: theirs)
    case (.list(let mine), .list(let theirs)):
      mine.elementsEqual(theirs) { $0.means(sameAs: $1) }
    default: false
    }
  }
}

extension StringLiteral {
  /// By bytes: `==` of strings takes canonically equivalent ones for the same.
  fileprivate func means(sameAs other: StringLiteral) -> Bool {
    form == other.form && value.utf8.elementsEqual(other.value.utf8)
  }
}
