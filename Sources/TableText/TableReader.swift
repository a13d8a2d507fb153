// The text of a list file, line by line, to a table and to what is wrong with it. Trusts nothing:
// the file may be of any size and hold any bytes. One pass, bounded by `TableLimits`; a line that
// is wrong is left out, so that one mistake in a list does not cost the list.
//
//   # a comment                         cidr, domain, address: also behind a blank
//   entry                               maps: key blanks value
//   pattern value                       patterns: the value may be missing
//   [ann@example.com]                   a section: the entries behind it are those of that scope
//
// A map's line that begins with a blank goes on with the value before it, as in postmap's files.

package import RuleBytecode

/// A table with what is wrong in its text.
package struct TableReading: Sendable {
  package let table: LoadedTable
  /// At most `TableLimits.problemsMax`, by line.
  package let problems: [TableProblem]
  package let omittedCount: Int

  package var hasErrors: Bool { problems.contains { !$0.mistake.isWarning } }
}

package struct TableReader {
  private let type: TableType
  private let limits: TableLimits
  private var builder: TableBuilder
  private var problems: [TableProblem] = []
  private var omittedCount = 0
  private var isFull = false

  /// - Parameter entriesMax: what the table's declaration says, if it does.
  package static func read(
    _ bytes: [UInt8], as type: TableType, entriesMax: Int? = nil,
    limits: TableLimits = TableLimits()
  ) -> TableReading {
    var limits = limits
    if let entriesMax { limits.entriesMax = entriesMax }
    var reader = TableReader(type, limits)
    reader.read(bytes)
    let table = reader.builder.finish { line, key in
      reader.report(.duplicate(String(decoding: key, as: UTF8.self)), line)
    }
    let problems = reader.problems.sorted { $0.line < $1.line }
    return TableReading(table: table, problems: problems, omittedCount: reader.omittedCount)
  }

  private init(_ type: TableType, _ limits: TableLimits) {
    self.type = type
    self.limits = limits
    builder = TableBuilder(type: type)
  }

  private mutating func report(_ mistake: TableMistake, _ line: Int) {
    guard problems.count < limits.problemsMax else {
      omittedCount += 1
      return
    }
    problems.append(TableProblem(line: line, mistake: mistake))
  }

  private mutating func read(_ bytes: [UInt8]) {
    guard bytes.count <= limits.fileBytesMax else {
      report(.fileTooLarge(max: limits.fileBytesMax), 1)
      return
    }
    var number = 0
    var start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    while start < bytes.count, !isFull {
      let end = bytes[start...].firstIndex(of: 10) ?? bytes.count
      number += 1
      read(bytes[start..<end], number)
      start = end + 1
    }
  }

  private mutating func read(_ line: ArraySlice<UInt8>, _ number: Int) {
    guard line.count <= limits.lineBytesMax else {
      report(.lineTooLong(max: limits.lineBytesMax), number)
      return
    }
    let isContinued = type == .map && line.first.map(TableGrammar.isBlank) == true
    let text = Self.trimmed(line)
    guard let first = text.first, first != UInt8(ascii: "#") else { return }
    if let control = text.first(where: { ($0 < 32 && $0 != 9) || $0 == 127 }) {
      report(.control(control), number)
    } else if isContinued, builder.continueValue(text) {
      return
    } else if first == UInt8(ascii: "["), type != .regex {
      beginSection(text, number)
    } else {
      add(Array(text), number)
    }
  }

  private mutating func beginSection(_ text: ArraySlice<UInt8>, _ number: Int) {
    let name = text.dropFirst().dropLast()
    guard text.last == UInt8(ascii: "]"), !name.isEmpty else {
      report(.section(String(decoding: text, as: UTF8.self)), number)
      return
    }
    guard builder.sectionCount < limits.sectionsMax || builder.knows(name) else {
      report(.tooManySections(max: limits.sectionsMax), number)
      isFull = true
      return
    }
    builder.beginSection(name)
  }

  private mutating func add(_ text: [UInt8], _ number: Int) {
    guard builder.entryCount < limits.entriesMax else {
      report(.tooManyEntries(max: limits.entriesMax), number)
      isFull = true
      return
    }
    guard type != .regex else { return addPattern(text, number) }
    let (key, value) = type == .map ? TableGrammar.halves(text) : (uncommented(text), [])
    let written = String(decoding: key, as: UTF8.self)
    guard TableGrammar.isKey(written, of: type) else {
      report(.entry(written), number)
      return
    }
    if type == .map, value.isEmpty { report(.valueMissing(written), number) }
    if type == .cidr, case .hostBits(_, let network) = AddressRange.read(written) {
      report(.hostBits(written, network: network), number)
    }
    builder.add(key, value, line: number)
  }

  private mutating func addPattern(_ text: [UInt8], _ number: Int) {
    guard builder.entryCount < limits.patternsMax else {
      report(.tooManyEntries(max: limits.patternsMax), number)
      isFull = true
      return
    }
    let (key, value) = TableGrammar.halves(text)
    do throws(TableMistake) {
      let source = String(decoding: key, as: UTF8.self)
      let pattern = try TablePattern(source, value: value, line: number)
      guard builder.weight + pattern.weight <= limits.patternWeightMax else {
        isFull = true
        throw .patternsTooCostly(max: limits.patternWeightMax)
      }
      builder.add(pattern)
    } catch {
      report(error, number)
    }
  }

  /// Entries without blanks may have a comment behind them.
  private func uncommented(_ text: [UInt8]) -> [UInt8] {
    guard type == .cidr || type == .domain || type == .address else { return text }
    let (key, rest) = TableGrammar.halves(text)
    return rest.first == UInt8(ascii: "#") ? key : text
  }

  private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var text = line.drop(while: TableGrammar.isBlank)
    while let last = text.last, TableGrammar.isBlank(last) || last == 13 {
      text = text.dropLast()
    }
    return text
  }
}
