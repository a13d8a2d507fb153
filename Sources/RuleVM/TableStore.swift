// The tables of a policy that are not in its image but in files, as all its sessions share them.
// Read before the policy is live, and again on reload; sessions ask them without waiting.
internal import MailEdits
package import RuleBytecode
internal import TableText

package struct TableStore: Sendable {
  /// What is wrong with a table's file.
  package struct Trouble: Equatable, Sendable {
    /// `/etc/defang/partners.cidr:17: …`.
    package let message: String
    /// The table cannot be used; else the line was left out.
    package let isFatal: Bool
  }

  /// By the table's index in the program; nil for those of the image and those asked outside.
  let tables: [LoadedTable?]
  /// By the table's index: the patterns of those of type regex.
  let patterns: [PatternList]
  /// By their paths: what `replace_with_file` puts into mail.
  let files: [String: [UInt8]]

  package init(files: [String: [UInt8]] = [:]) {
    tables = []
    patterns = []
    self.files = files
  }

  private init(_ tables: [LoadedTable?], files: [String: [UInt8]]) {
    self.tables = tables
    self.files = files
    patterns = tables.map { table in
      let patterns = table?.patterns ?? []
      return PatternList(
        patterns.map { ShelvedPattern($0.source, $0.facts, isCaseless: true) }, isSieved: true)
    }
  }

  /// Reads the file tables of a program, and the files that its rules put into mail.
  /// - Parameters:
  ///   - skipping: names of tables that something else answers for.
  ///   - read: a file's bytes, nil when it cannot be read or is larger than the limit.
  package static func load(
    _ program: Program, skipping: Set<String> = [],
    read: (_ path: String, _ limit: Int) -> [UInt8]?
  ) -> (tables: TableStore, troubles: [Trouble]) {
    var troubles: [Trouble] = []
    let tables = program.tables.map { table -> LoadedTable? in
      guard table.source == .file, !skipping.contains(program.string(table.name)),
        let path = program.value("path", of: table)
      else { return nil }
      return Self.table(table, path, program, &troubles, read)
    }
    var files: [String: [UInt8]] = [:]
    for path in program.replacementFiles {
      let bytesMax = EditLimits().textBytesMax
      files[path] = read(path, bytesMax)
      guard files[path] == nil else { continue }
      let problem = "the file cannot be read or is larger than \(bytesMax) bytes"
      troubles.append(Trouble(message: "\(path): \(problem)", isFatal: true))
    }
    return (TableStore(tables, files: files), troubles)
  }

  private static func table(
    _ table: TableSpec, _ path: String, _ program: Program, _ troubles: inout [Trouble],
    _ read: (_ path: String, _ limit: Int) -> [UInt8]?
  ) -> LoadedTable? {
    let limits = TableLimits()
    guard let bytes = read(path, limits.fileBytesMax) else {
      let problem =
        "table '\(program.string(table.name))' cannot be read or is larger than"
        + " \(limits.fileBytesMax) bytes"
      troubles.append(Trouble(message: "\(path): \(problem)", isFatal: true))
      return nil
    }
    let entriesMax = table.entriesMax == 0 ? nil : Int(table.entriesMax)
    let reading = TableReader.read(bytes, as: table.type, entriesMax: entriesMax, limits: limits)
    troubles += reading.problems.map { Trouble($0, table.type, path) }
    return reading.table
  }

  /// The files of the tables that are here.
  package func listPaths(of program: Program) -> [String] {
    tables.indices.compactMap { tables[$0] == nil ? nil : path(ofTable: $0, program) }
  }

  private func path(ofTable index: Int, _ program: Program) -> String? {
    program.value("path", of: program.tables[index])
  }

  /// The same with the tables of one file read anew; with a fatal trouble it is not to be used.
  package func reading(
    _ path: String, again program: Program, _ read: (_ path: String, _ limit: Int) -> [UInt8]?
  ) -> (tables: TableStore, troubles: [Trouble]) {
    var troubles: [Trouble] = []
    let fresh = tables.indices.map { index -> LoadedTable? in
      guard tables[index] != nil, self.path(ofTable: index, program) == path else {
        return tables[index]
      }
      return Self.table(program.tables[index], path, program, &troubles, read)
    }
    return (TableStore(fresh, files: files), troubles)
  }

  /// Without these, which something else answers for.
  func without(_ names: Set<String>, _ program: Program) -> TableStore {
    TableStore(
      tables.enumerated().map { index, table in
        names.contains(program.string(program.tables[index].name)) ? nil : table
      }, files: files)
  }

  subscript(index: Int) -> LoadedTable? { index < tables.count ? tables[index] : nil }
}

extension TableStore.Trouble {
  fileprivate init(_ problem: TableProblem, _ type: TableType, _ path: String) {
    // Half a list is no list: who is on it may stand in the other half.
    let isFatal =
      switch problem.mistake {
      case .fileTooLarge, .tooManyEntries, .tooManySections, .patternsTooCostly: true
      default: false
      }
    self.init(
      message: "\(path):\(problem.line): \(problem.mistake.message(type))", isFatal: isFatal)
  }
}

extension Program {
  /// What a table's source is called with.
  package func value(_ name: String, of table: TableSpec) -> String? {
    let words = words(ofSet: table.arguments)
    return stride(from: 0, to: words.count - 1, by: 2).first { words[$0] == name }
      .map { words[$0 + 1] }
  }
}
