// Follows `include` from file to file before anything is checked, so that the checker sees all that
// a policy is made of. Trusts nothing: names may lead anywhere, in circles, and to any bytes. Depth
// and number of files are bounded; each file is read and parsed once.

/// The files of a policy with those that they include; a script's index is that of its file.
struct LinkedScripts: Sendable {
  /// What became of an `include`.
  enum Inclusion: Equatable, Sendable {
    case file(Int)
    /// An optional script that is not there, or one that is being included already.
    case nothing
  }

  var scripts: [Script] = []
  /// Files that were given; the others are included.
  var rootCount = 0
  /// By the range of the command's name; a missing one was reported.
  var inclusions: [SourceRange: Inclusion] = [:]

  func isIncluded(_ file: Int) -> Bool { file >= rootCount }
}

struct Linker {
  private var linked = LinkedScripts()
  private var sources: SourceSet
  private var diagnostics: Diagnostics
  private let limits: CompilerLimits
  private let vocabulary: Vocabulary
  private var fileByPath: [String: Int] = [:]
  /// The files being looked at, the outermost first.
  private var chain: [Int] = []

  /// Parses the sources and what they include.
  static func link(
    _ sources: inout SourceSet, _ limits: CompilerLimits, _ vocabulary: Vocabulary,
    _ diagnostics: inout Diagnostics
  ) -> LinkedScripts {
    var linker = Linker(sources, limits, vocabulary, diagnostics)
    linker.run()
    sources = linker.sources
    diagnostics = linker.diagnostics
    return linker.linked
  }

  private init(
    _ sources: SourceSet, _ limits: CompilerLimits, _ vocabulary: Vocabulary,
    _ diagnostics: Diagnostics
  ) {
    self.sources = sources
    self.limits = limits
    self.vocabulary = vocabulary
    self.diagnostics = diagnostics
  }

  private mutating func run() {
    linked.rootCount = sources.files.count
    for index in sources.files.indices {
      let file = sources.files[index]
      parse(index)
      let name = file.name.split(separator: "/").last.map(String.init) ?? file.name
      fileByPath[file.resolve(name)] = index
    }
    for index in 0..<linked.rootCount { follow(index) }
  }

  private mutating func parse(_ index: Int) {
    linked.scripts.append(
      Parser.parse(
        sources.files[index], file: index, limits: limits, vocabulary: vocabulary,
        diagnostics: &diagnostics))
  }

  /// Recursion is bounded by `includeNestingMax`.
  private mutating func follow(_ index: Int) {
    chain.append(index)
    let script = linked.scripts[index]
    let isPolicy = Self.isPolicy(script)
    follow(script.commands, IncludingFile(index: index, isPolicy: isPolicy))
    chain.removeLast()
  }

  private struct IncludingFile {
    let index: Int
    let isPolicy: Bool
  }

  /// Recursion is bounded by the parser's limit on nested blocks.
  private mutating func follow(_ commands: [Command], _ file: IncludingFile) {
    for command in commands {
      if command.name.text == "include" {
        linked.inclusions[command.name.range] = inclusion(command, file)
      }
      // A policy includes at its top only.
      if let block = command.block, !file.isPolicy { follow(block.commands, file) }
    }
  }

  private static func isPolicy(_ script: Script) -> Bool {
    script.commands.contains { command in
      command.name.text == "require"
        && command.arguments.items.contains { item in
          item.strings?.contains { $0.value == Capability.ours } == true
        }
    }
  }

  // MARK: One include

  private mutating func inclusion(
    _ command: Command, _ file: IncludingFile
  ) -> LinkedScripts.Inclusion? {
    let items = command.arguments.items
    // What is written otherwise, the checker says.
    guard let literal = items.last?.strings?.first, items.last?.strings?.count == 1,
      TextScanner.references(in: literal.value).allSatisfy({ !file.isPolicy && $0.name == nil })
    else { return nil }
    let tags = Set(items.compactMap(\.tag))
    guard tags.isSubset(of: Self.tags), !tags.isSuperset(of: ["personal", "global"]) else {
      return nil
    }
    guard Self.isScriptName(literal.value, file.isPolicy) else {
      let problem: LiteralProblem =
        file.isPolicy ? .path(literal.value) : .scriptName(literal.value)
      diagnostics.report(.literal(problem), at: literal.range)
      return nil
    }
    let path = path(of: literal.value, isGlobal: tags.contains("global"), file)
    let found = known(path) ?? read(path, literal, file, isOptional: tags.contains("optional"))
    guard case .file(let target)? = found else { return found }
    guard let start = chain.firstIndex(of: target) else { return found }
    if tags.contains("once") { return .nothing }
    let names = (chain[start...] + [target]).map { sources.files[$0].name }
    diagnostics.report(.declaration(.circularInclude(names)), at: literal.range)
    return nil
  }

  private static let tags: Set = ["personal", "global", "once", "optional"]

  private func known(_ path: String) -> LinkedScripts.Inclusion? {
    (fileByPath[path] ?? fileByPath[path + Self.plainEnding]).map { .file($0) }
  }

  private static let plainEnding = ".sieve"

  /// Plain Sieve names scripts (RFC 6609 §3.2, RFC 5804 §1.6), a policy paths.
  private static func isScriptName(_ name: String, _ isPolicy: Bool) -> Bool {
    if isPolicy { return Literals.isPath(name) }
    return !name.isEmpty && name.unicodeScalars.count <= 128
      && name.unicodeScalars.allSatisfy { scalar in
        scalar != "/" && !UTF8Scan.isControl(scalar.value) && scalar != "\t" && scalar != "\n"
      }
  }

  private func path(of name: String, isGlobal: Bool, _ file: IncludingFile) -> String {
    let folders = sources.folders
    let own = sources.files[isGlobal ? 0 : file.index]
    let folder = isGlobal ? folders.global : folders.personal
    let base = folder.map { SourceFile(name: "", directory: $0, bytes: []) } ?? own
    return Self.plain(base.resolve(name + (file.isPolicy ? "" : folders.ending)))
  }

  /// Without `.` and `x/..`, so that a file has one path and a circle is seen as one.
  private static func plain(_ path: String) -> String {
    var pieces: [Substring] = []
    for piece in path.split(separator: "/") where piece != "." {
      if piece == "..", let last = pieces.last, last != ".." {
        pieces.removeLast()
      } else {
        pieces.append(piece)
      }
    }
    return (path.hasPrefix("/") ? "/" : "") + pieces.joined(separator: "/")
  }

  /// As people know it: beside the name of the file that includes it.
  private func shownName(_ path: String, _ literal: StringLiteral) -> String {
    let includer = sources.files[literal.range.file]
    let isPlaced = sources.folders.personal != nil || sources.folders.global != nil
    guard !isPlaced, !literal.value.hasPrefix("/") else { return path }
    let slash = includer.name.lastIndex(of: "/")
    let folder = slash.map { String(includer.name[...$0]) } ?? ""
    let isNamedWhole = path.hasSuffix(literal.value)
    return Self.plain(folder + literal.value + (isNamedWhole ? "" : Self.plainEnding))
  }

  private mutating func read(
    _ path: String, _ literal: StringLiteral, _ file: IncludingFile, isOptional: Bool
  ) -> LinkedScripts.Inclusion? {
    var path = path
    var reading = sources.access.read(path, limits.sourceBytesMax)
    if !file.isPolicy, case .missing = reading {
      let other = sources.access.read(path + Self.plainEnding, limits.sourceBytesMax)
      if case .bytes = other { (path, reading) = (path + Self.plainEnding, other) }
    }
    switch reading {
    case .bytes(let bytes): return add(path, bytes, literal)
    case .missing, .unknown:
      if isOptional { return .nothing }
      diagnostics.report(.declaration(.includeMissing(path)), at: literal.range)
    case .unreadable(let why):
      diagnostics.report(.declaration(.notReadable(path, why: why)), at: literal.range)
    }
    return nil
  }

  private mutating func add(
    _ path: String, _ bytes: [UInt8], _ literal: StringLiteral
  ) -> LinkedScripts.Inclusion? {
    guard chain.count <= limits.includeNestingMax else {
      diagnostics.report(
        .declaration(.includesTooDeep(max: limits.includeNestingMax)), at: literal.range)
      return nil
    }
    guard sources.files.count - linked.rootCount < limits.includesMax else {
      diagnostics.report(
        .declaration(.tooManyIncludes(max: limits.includesMax)), at: literal.range)
      return nil
    }
    let slash = path.lastIndex(of: "/")
    let directory = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? ""
    let source = SourceFile(
      name: shownName(path, literal), directory: directory, bytes: bytes, limits: limits)
    let index = sources.addIncluded(source, at: literal.range)
    fileByPath[path] = index
    parse(index)
    follow(index)
    return .file(index)
  }
}
