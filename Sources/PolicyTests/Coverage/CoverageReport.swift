// What tests have covered of policies: rules that ran, and for each `if`, `elsif` and `group` test
// whether it was seen true and seen false. Things are told apart by where they stand, so that a
// module that several policies include counts once.
package import RuleBytecode
package import RuleCompiler
internal import RuleVM

package final class CoverageReport {
  package struct Place: Hashable, Comparable, Sendable {
    package let file: String
    package let line: Int
    package let column: Int

    package static func < (left: Place, right: Place) -> Bool {
      (left.file, left.line, left.column) < (right.file, right.line, right.column)
    }
  }

  struct Branch {
    /// The condition's text on one line.
    let text: String
    var outcomes: CoverageMarks.Outcomes = []
  }

  struct Rule {
    let name: String
    var hasRun = false
  }

  private(set) var branches: [Place: Branch] = [:]
  private(set) var rules: [Place: Rule] = [:]
  private var seenFiles: Set<String> = []

  package init() {}

  /// Takes the conditions of a policy's sources in.
  package func declare(_ program: Program, _ sources: SourceSet) {
    // A condition that the compiler has decided (`ihave`) has no probe and is no branch.
    let probed = Set(program.probes.map { place($0.place, program) })
    for (index, source) in sources.files.enumerated() where !seenFiles.contains(source.name) {
      seenFiles.insert(source.name)
      var diagnostics = Diagnostics()
      let script = Parser.parse(source, file: index, diagnostics: &diagnostics)
      for test in Self.conditions(of: script.commands) {
        let found = source.position(ofByte: test.range.bytes.lowerBound)
        let place = Place(file: source.name, line: found.line, column: found.column)
        if probed.contains(place) {
          branches[place] = Branch(text: Self.oneLine(source.text(test.range.bytes)))
        }
      }
    }
    for rule in program.rules {
      let place = place(rule.place, program)
      if rules[place] == nil { rules[place] = Rule(name: program.string(rule.name)) }
    }
  }

  /// Takes in what a session of that program covered.
  func add(_ marks: CoverageMarks, of program: Program) {
    for (index, outcomes) in marks.probes.enumerated() where !outcomes.isEmpty {
      branches[place(program.probes[index].place, program)]?.outcomes.formUnion(outcomes)
    }
    for (index, hasRun) in marks.rules.enumerated() where hasRun {
      rules[place(program.rules[index].place, program)]?.hasRun = true
    }
  }

  private func place(_ place: SourcePlace, _ program: Program) -> Place {
    let file = Int(place.file) < program.files.count ? program.files[Int(place.file)] : 0
    return Place(file: program.string(file), line: Int(place.line), column: Int(place.column))
  }

  /// The tests of all `if`, `elsif` and `group`; depth is bounded by the parser.
  private static func conditions(of commands: [Command]) -> [Test] {
    var found: [Test] = []
    for command in commands {
      if ["if", "elsif", "group"].contains(command.name.text) { found += command.arguments.tests }
      found += conditions(of: command.block?.commands ?? [])
    }
    return found
  }

  private static func oneLine(_ text: String) -> String {
    let words = text.split { $0 == " " || $0 == "\n" || $0 == "\r\n" || $0 == "\t" }
    let line = words.joined(separator: " ")
    return line.count > 60 ? line.prefix(59) + "…" : line
  }
}

// MARK: Figures

extension CoverageReport {
  package struct Count: Equatable, Sendable {
    package var covered = 0
    package var total = 0

    /// Rounded down, so that 100 means all.
    package var percent: Int { total == 0 ? 100 : covered * 100 / total }
  }

  package struct FileCoverage: Sendable {
    package let file: String
    package var rules = Count()
    /// Each condition counts twice: seen true, seen false.
    package var branches = Count()
    /// What is missing, by place, in one line each.
    package var missing: [String] = []
  }

  package var files: [FileCoverage] {
    let names = Set(rules.keys.map(\.file)).union(branches.keys.map(\.file)).sorted()
    return names.map(coverage)
  }

  /// Rules and branch outcomes of all files together.
  package var total: Count {
    files.reduce(into: Count()) { sum, file in
      sum.covered += file.rules.covered + file.branches.covered
      sum.total += file.rules.total + file.branches.total
    }
  }

  private func coverage(of file: String) -> FileCoverage {
    var result = FileCoverage(file: file)
    var missing: [(place: Place, text: String)] = []
    for (place, rule) in rules where place.file == file {
      result.rules.total += 1
      result.rules.covered += rule.hasRun ? 1 : 0
      if !rule.hasRun { missing.append((place, "rule \"\(rule.name)\" never ran")) }
    }
    for (place, branch) in branches where place.file == file {
      let seen = branch.outcomes
      result.branches.total += 2
      result.branches.covered += (seen.contains(.yes) ? 1 : 0) + (seen.contains(.no) ? 1 : 0)
      let lacking =
        switch (seen.contains(.yes), seen.contains(.no)) {
        case (true, true): ""
        case (true, false): "never false"
        case (false, true): "never true"
        case (false, false): "never asked"
        }
      if !lacking.isEmpty { missing.append((place, "\(lacking): \(branch.text)")) }
    }
    result.missing = missing.sorted { ($0.place, $0.text) < ($1.place, $1.text) }.map {
      "\($0.place.file):\($0.place.line):\($0.place.column): \($0.text)"
    }
    return result
  }

  /// For people: figures of each file, then what is missing in it.
  package var text: String {
    var lines: [String] = []
    for file in files {
      lines.append(
        "coverage of \(file.file): rules \(file.rules.covered)/\(file.rules.total), branches "
          + "\(file.branches.covered)/\(file.branches.total)")
      lines += file.missing.map { "  " + $0 }
    }
    lines.append("coverage: \(total.percent)% of rules and branches")
    return lines.map { $0 + "\n" }.joined()
  }
}
