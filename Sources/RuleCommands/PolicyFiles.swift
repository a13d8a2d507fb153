// From the paths of a command line to a program: sources are compiled, images verified.
internal import ArgumentParser
internal import Checks
internal import FileTrust
internal import RuleBytecode
internal import RuleCompiler
internal import RuleVM

enum PolicyFiles {
  /// Reads sources; the problem of a missing or unreadable one ends the command.
  static func sources(
    _ paths: [String], limits: CompilerLimits = .standard, guard watch: FileGuard? = nil
  ) throws -> SourceSet {
    var set = SourceSet(access: watch?.access ?? Files.access)
    for path in paths {
      if let doubt = watch?.doubt(about: path) { throw fail(Exit.distrusted, doubt.message) }
      let bytes = try read(path, limit: limits.sourceBytesMax)
      guard !isMessage(bytes) else {
        throw fail(
          Exit.usage,
          "\(path) is a message, not a policy: 'trace' and 'run' take --message \(path)")
      }
      let source = SourceFile(
        name: path == "-" ? "stdin" : path, directory: Files.directory(of: path), bytes: bytes,
        limits: limits)
      _ = set.add(source)
    }
    return set
  }

  /// Begins with a field of a header, as no rules do: one message more than a page of mistakes.
  private static func isMessage(_ bytes: [UInt8]) -> Bool {
    let line = bytes.prefix { $0 != 10 && $0 != 13 }
    if line.starts(with: "From ".utf8) { return true }
    guard let colon = line.prefix(80).firstIndex(of: UInt8(ascii: ":")), colon > 0,
      colon + 1 < line.endIndex, line[colon + 1] == 32
    else { return false }
    return line[..<colon].allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") }
  }

  /// A policy ready to run: with the lists that stand in files.
  /// - Parameter answered: names of tables that something else answers for.
  static func policy(_ paths: [String], answered: Set<String> = []) throws -> LoadedPolicy {
    let program = try load(paths)
    let (tables, troubles) = tables(of: program, answered: answered)
    for trouble in troubles { Output.error("defang-rulec: \(trouble.message)\n") }
    if troubles.contains(where: \.isFatal) { throw Exit.noInput }
    do throws(SuffixFile.Missing) {
      let suffixes = try SuffixFile.list(for: program.program)
      return LoadedPolicy(program, tables: tables, suffixes: suffixes)
    } catch {
      throw fail(Exit.noInput, error.message)
    }
  }

  /// Says what of a policy nothing here can look into, before a session shows it as an error.
  static func noteOpenQuestions(_ policy: LoadedPolicy) {
    let program = policy.program.program
    let refused = DaemonRefusal.all(in: program)
    guard let first = refused.first else { return }
    let more = refused.count > 1 ? "; \(refused.count - 1) more in 'defang-rulec facts'" : ""
    Output.error("defang-rulec: note: defangd refuses this policy: \(first)\(more)\n")
  }

  static func tables(
    of program: VerifiedProgram, answered: Set<String> = []
  ) -> (tables: TableStore, troubles: [TableStore.Trouble]) {
    TableStore.load(program.program, skipping: answered) { path, limit in
      try? Files.read(path, limit: limit)
    }
  }

  static func read(_ path: String, limit: Int) throws -> [UInt8] {
    do throws(Files.Trouble) {
      return try Files.read(path, limit: limit)
    } catch {
      throw fail(Exit.noInput, error.message)
    }
  }

  /// The policies that the paths name: files together are one, each file of a directory is one.
  static func policies(_ paths: [String]) throws -> [[String]] {
    var single: [String] = []
    var result: [[String]] = []
    for path in paths {
      guard path != "-", Files.isDirectory(path) else {
        single.append(path)
        continue
      }
      do throws(Files.Trouble) {
        result += try Files.rules(in: path).map { [$0] }
      } catch {
        throw fail(Exit.noInput, error.message)
      }
    }
    return (single.isEmpty ? [] : [single]) + result
  }

  /// Every source that the paths name, each file of a directory.
  static func sourcePaths(_ paths: [String]) throws -> [String] {
    var result: [String] = []
    for path in paths {
      guard path != "-", Files.isDirectory(path) else {
        result.append(path)
        continue
      }
      do throws(Files.Trouble) {
        result += try Files.sources(in: path, ending: [".rules", ".rulestest"])
      } catch {
        throw fail(Exit.noInput, error.message)
      }
    }
    return result
  }

  /// A verified program from `.drc` or `.rules` files; diagnostics go to standard error.
  static func load(_ paths: [String], checkingCost: Bool = true) throws -> VerifiedProgram {
    if paths.count == 1, paths[0].hasSuffix(".drc") {
      let bytes = try read(paths[0], limit: ImageFormat.bytesMax)
      do throws(Flaw) {
        return try VerifiedProgram(image: bytes)
      } catch {
        throw fail(Exit.badData, "\(paths[0]) is refused: \(error.message)")
      }
    }
    return try verified(compile(try sources(paths), checkingCost: checkingCost))
  }

  /// Compiles and prints what there is to say; errors end the command.
  static func compile(_ sources: SourceSet, checkingCost: Bool = true) throws -> Program {
    var limits = CompilerLimits.standard
    if !checkingCost { limits.budget.fuel = .max }
    let result = Compiler.compilation(sources, limits: limits)
    let style: DiagnosticPrinter.Style = Output.isColourWanted ? .colour : .plain
    let printer = DiagnosticPrinter(sources: result.sources, style: style)
    Output.error(printer.text(result.diagnostics))
    guard let program = result.program else { throw Exit.badData }
    return program
  }

  static func verified(_ program: Program) throws -> VerifiedProgram {
    let image = program.image()
    do throws(Flaw) {
      return try VerifiedProgram(image: image)
    } catch {
      throw fail(Exit.ourFault, "the compiler made an image that is refused: \(error.message)")
    }
  }
}
