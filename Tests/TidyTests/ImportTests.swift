// Which module may see which, and where unsafe code may stand: imports point one way, each C
// library has one door.

import Foundation
import Testing

struct ImportTests {
  private static let sources = SourceTree.swift.filter(\.file.isInSources)

  @Test func everyTargetIsInTheTable() throws {
    let known = Set(Allowances.imports.map(\.target))
    #expect(known == Set(Self.sources.map(\.file.target)))
  }

  @Test func importsPointOneWay() {
    let targets = Set(Allowances.imports.map(\.target))
    var seen: Set<String> = []
    for (target, modules) in Allowances.imports {
      let later = modules.intersection(targets).subtracting(seen)
      #expect(later.isEmpty, "\(target) imports what stands behind it")
      seen.insert(target)
    }
  }

  @Test func importsAreThoseOfTheTable() {
    let table = Dictionary(uniqueKeysWithValues: Allowances.imports.map { ($0.target, $0.modules) })
    for (file, code) in Self.sources {
      let allowed = (table[file.target] ?? []).union(Allowances.standard)
        .union(Allowances.doorImports[file.shortPath] ?? [])
      let others = Set(code.imports).subtracting(allowed).sorted()
      #expect(others.isEmpty, "\(file.path) imports what is not its own")
    }
  }

  /// The daemon runs verified images: a bad policy must not reach a compiler inside of it.
  @Test func theDaemonHoldsNoCompiler() {
    let table = Dictionary(uniqueKeysWithValues: Allowances.imports.map { ($0.target, $0.modules) })
    var reached: Set = ["defangd"]
    var open = ["defangd"]
    while let target = open.popLast() {
      for module in table[target] ?? [] where reached.insert(module).inserted {
        open.append(module)
      }
    }
    #expect(reached.contains("RuleVM"))
    #expect(!reached.contains("RuleCompiler"))
  }

  @Test func eachCLibraryHasOneDoor() throws {
    let folders = try FileManager.default.contentsOfDirectory(
      atPath: SourceTree.root.appending(path: "Sources").path)
    let modules = folders.filter { folder in
      let map = SourceTree.root.appending(path: "Sources/\(folder)/module.modulemap")
      return FileManager.default.fileExists(atPath: map.path)
    }
    #expect(!modules.isEmpty)
    for module in modules {
      let doors = Self.sources.filter { $0.code.imports.contains(module) }.map(\.file.path)
      #expect(doors.count == 1, "\(module) is imported by \(doors)")
    }
  }

  @Test func listedDoorsAreDoors() {
    for (path, modules) in Allowances.doorImports {
      let imports = Self.sources.first { $0.file.shortPath == path }?.code.imports ?? []
      #expect(modules.isSubset(of: imports), "\(path) needs less than it is allowed")
    }
  }

  @Test func unsafeCodeStandsInDoors() {
    var unused = Allowances.doors
    for (file, code) in SourceTree.swift {
      let lines = code.lines(withWord: "unsafe")
      let name = file.isInSources ? file.shortPath : file.path
      let isDoor = Allowances.doors.contains(name)
      #expect(lines.isEmpty || isDoor, "\(file.path) is no door; lines \(lines)")
      if !lines.isEmpty { unused.remove(name) }
    }
    #expect(unused.isEmpty, "these need no door by now")
  }
}
