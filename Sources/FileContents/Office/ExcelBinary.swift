// Workbooks of Excel 97 to 2003 (MS-XLS) and of the versions before: macros of Excel 4, names that
// run by themselves, passwords, links to other programs.
// Trusts nothing: one pass over the records.
internal import RuleBytecode

enum ExcelBinary {
  private enum Record {
    static let name = 0x0018
    static let filePass = 0x002F
    static let sheet = 0x0085
    static let book = 0x01AE
    /// The beginning of a sheet, of Excel 2, 3, 4 and later.
    static let begins: Set<Int> = [0x0009, 0x0209, 0x0409, 0x0809]
  }

  private static let macroSheet = 0x40
  private static let macroSheetType: UInt8 = 1
  private static let builtIn = 0x20
  /// Auto_Open, Auto_Close, Auto_Activate, Auto_Deactivate among the built-in names (§2.5.66).
  private static let automatic: Set<UInt8> = [1, 2, 0x0A, 0x0B]

  /// A sheet that needs no compound file: those of Excel 2 to 4 stand alone.
  static func isBare(_ bytes: Span<UInt8>) -> Bool {
    guard bytes.count >= 8, bytes[0] == 9, [0, 2, 4].contains(bytes[1]), bytes[3] == 0 else {
      return false
    }
    let kind = ByteReader.little16(bytes, at: 6) ?? 0
    return bytes[2] >= 4 && bytes[2] <= 8 && [0x10, 0x20, macroSheet, 0x100].contains(kind)
  }

  static func read(_ bytes: Span<UInt8>, _ work: inout DocumentWork) {
    var index = 0
    while let type = ByteReader.little16(bytes, at: index),
      let length = ByteReader.little16(bytes, at: index + 2)
    {
      index += 4
      let range = index..<min(index + length, bytes.count)
      record(type, bytes.extracting(range), &work)
      index = range.upperBound
    }
  }

  private static func record(_ type: Int, _ data: Span<UInt8>, _ work: inout DocumentWork) {
    switch type {
    case Record.filePass: work.findings.encryption.insert(.office)
    case Record.sheet where ByteReader.byte(data, at: 5) == macroSheetType:
      work.findings.traits.insert(.macro)
    case _ where Record.begins.contains(type) && ByteReader.little16(data, at: 2) == macroSheet:
      work.findings.traits.insert(.macro)
    case Record.name: name(data, &work)
    case Record.book: book(data, &work)
    default: break
    }
  }

  private static func name(_ data: Span<UInt8>, _ work: inout DocumentWork) {
    let flags = ByteReader.little16(data, at: 0) ?? 0
    let length = Int(ByteReader.byte(data, at: 3) ?? 0)
    // Behind the head there is a byte of flags since Excel 97, none before.
    for start in [14, 15] {
      if flags & builtIn != 0, length == 1, let code = ByteReader.byte(data, at: start),
        automatic.contains(code)
      {
        work.findings.traits.formUnion([.macro, .autoExec])
      }
      if ByteSearch.holds(auto, data, at: start) || ByteSearch.holds(wideAuto, data, at: start) {
        work.findings.traits.formUnion([.macro, .autoExec])
      }
    }
  }

  private static let auto = Array("auto_".utf8)
  private static let wideAuto = ByteSearch.wide("auto_")

  /// §2.4.271: a program and its topic are separated by the character 3.
  private static func book(_ data: Span<UInt8>, _ work: inout DocumentWork) {
    let length = ByteReader.little16(data, at: 2) ?? 0
    guard ByteReader.little16(data, at: 0) == 0, length > 0, length < 0x100 else { return }
    for index in 5..<max(5, data.count) where data[index] == 3 {
      work.findings.traits.insert(.dde)
    }
  }
}
