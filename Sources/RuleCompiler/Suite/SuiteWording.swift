// Errors as test suites look at them. Suites that other programs share compare words, so what they
// look for stands in these sentences in their order; policies get the messages of the `+Message`
// files.

package enum SuiteWording {
  /// One text for each mistake. Suites count one more than there are: the summary that other
  /// compilers end with.
  package static func errors(_ diagnostics: Diagnostics, _ sources: SourceSet) -> [String] {
    let found = diagnostics.shown.filter { $0.severity == .error }
    guard !found.isEmpty else { return [] }
    return found.map { text($0, sources) } + includers(of: found, sources) + ["validation failed"]
  }

  /// Every file whose inclusion fails is one more mistake of the file that includes it.
  private static func includers(of found: [Diagnostic], _ sources: SourceSet) -> [String] {
    var files = Array(Set(found.map(\.range.file))).sorted()
    var seen = Set(files)
    var texts: [String] = []
    while let file = files.popLast() {
      guard let place = sources.includes[file] else { continue }
      let line = sources.file(of: place)?.position(ofByte: place.bytes.lowerBound).line ?? 1
      texts.append("line \(line): failed to include '\(sources.files[file].name)'")
      if seen.insert(place.file).inserted { files.append(place.file) }
    }
    return texts
  }

  private static func text(_ diagnostic: Diagnostic, _ sources: SourceSet) -> String {
    let source = sources.file(of: diagnostic.range)
    let line = source?.position(ofByte: diagnostic.range.bytes.lowerBound).line ?? 1
    switch diagnostic.problem {
    case .argument(let problem): return text(problem, line)
    case .name(let problem): return text(problem, line)
    case .literal(.headerName(let name)):
      return "line \(line): the field name '\(name)' is invalid"
    case .literal(.headerValueControl):
      let value = source.map { $0.text(diagnostic.range.bytes) } ?? ""
      return "line \(line): the value \(value) is invalid"
    case .syntax(.missingSemicolon(let name)):
      return "missing semicolon behind the \(kind(name)) in line \(line)"
    case .syntax(.unexpected(.word(let word), _)):
      if let source, let test = test(before: diagnostic.range, in: source),
        signature(test)?.tags.contains(where: { $0.name == word }) == true
      {
        return "missing colon in line \(line) before '\(word)', a tag of the \(kind(test))"
      }
      fallthrough
    default: return "line \(line): error: \(diagnostic.problem.message)"
    }
  }

  /// The word before a place, on its line.
  private static func test(before range: SourceRange, in source: SourceFile) -> String? {
    let line = source.position(ofByte: range.bytes.lowerBound).line
    let start = source.bytes(ofLine: line).lowerBound
    let words = source.text(start..<range.bytes.lowerBound).split(separator: " ")
    return words.last.map { $0.lowercased() }
  }

  private static func text(_ problem: NameProblem, _ line: Int) -> String {
    switch problem {
    case .unknownTag(let tag, let name, _):
      "unknown tagged argument ':\(tag)' for the \(kind(name)) in line \(line)"
    case .unknownValue(let value, let name, _, _):
      "line \(line): '\(value)' is not allowed for the \(kind(name))"
    case .testAsCommand(let name):
      "line \(line): attempt to use test '\(name)' as a command"
    default: "line \(line): error: \(Problem.name(problem).message)"
    }
  }

  private static func text(_ problem: ArgumentProblem, _ line: Int) -> String {
    switch problem {
    case .wrongKind(let label, let expected, let found, let name):
      "line \(line): the \(kind(name)) expects \(phrase(expected)) as argument "
        + "\(place(of: label, in: name) + 1) (\(label)), but \(found.phrase) was found"
    case .missing(let label, _, let name):
      "line \(line): the \(kind(name)) requires \(count(of: name)) positional arguments, "
        + "but \(place(of: label, in: name)) are specified"
    case .unexpectedTest(_, let name):
      "line \(line): the \(kind(name)) accepts no sub-tests, but tests are specified in it"
    case .tagAfterPositional(let tag, let name):
      "line \(line): unexpected tag ':\(tag)' behind the arguments of the \(kind(name))"
    case .tagNeeds(let tag, let other, let name):
      "line \(line): the :\(tag) tag of the \(kind(name)) cannot be specified without "
        + "the :\(other) tag of it"
    default: "line \(line): error: \(Problem.argument(problem).message)"
    }
  }

  private static func phrase(_ kind: ArgumentProblem.Kind) -> String {
    kind == .list ? "a string list" : kind.phrase
  }

  /// `header test`, `stop command`.
  private static func kind(_ name: String) -> String {
    name + (Registry.tests[name] == nil ? " command" : " test")
  }

  private static func signature(_ name: String) -> Signature? {
    Registry.tests[name]?.signature ?? Registry.actions[name]?.signature
  }

  private static func count(of name: String) -> Int {
    signature(name)?.positional.count { !$0.isOptional } ?? 0
  }

  private static func place(of label: String, in name: String) -> Int {
    signature(name)?.positional.firstIndex { $0.label == label } ?? 0
  }
}
