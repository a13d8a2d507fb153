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
  /// By their paths: what `replace_with_file` puts into mail.
  let files: [String: [UInt8]]

  package init(files: [String: [UInt8]] = [:]) {
    tables = []
    self.files = files
  }

  private init(_ tables: [LoadedTable?], files: [String: [UInt8]]) {
    self.tables = tables
    self.files = files
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
      let name = program.string(table.name)
      guard table.source == .file, !skipping.contains(name),
        let path = program.value("path", of: table)
      else { return nil }
      let limits = TableLimits()
      guard let bytes = read(path, limits.fileBytesMax) else {
        let problem =
          "table '\(name)' cannot be read or is larger than \(limits.fileBytesMax) bytes"
        troubles.append(Trouble(message: "\(path): \(problem)", isFatal: true))
        return nil
      }
      let entriesMax = table.entriesMax == 0 ? nil : Int(table.entriesMax)
      let reading = TableReader.read(
        bytes, as: table.type, entriesMax: entriesMax, limits: limits)
      troubles += reading.problems.map { Trouble($0, table.type, path) }
      return reading.table
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
      case .fileTooLarge, .tooManyEntries, .tooManySections: true
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
