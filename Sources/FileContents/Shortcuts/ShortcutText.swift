// Shortcuts and settings that are text: what they start, and where they lead. Windows reads them by
// their extension, so their name decides.
// Trusts nothing: one pass over the lines, and searches for a few words.
internal import RuleBytecode

enum ShortcutText {
  /// Extensions whose files are read here.
  private enum Kind {
    /// Lines of `key=value`, and `key:s:value` of remote desktops.
    case settings
    /// XML that leads to a folder or starts a program.
    case location
    /// A query that fetches a table.
    case query
    /// Cells and formulas.
    case table
  }

  private static let kinds: [String: Kind] = [
    "url": .settings, "website": .settings, "desktop": .settings, "rdp": .settings,
    "scf": .settings, "theme": .settings, "pif": .settings, "ini": .settings,
    "library-ms": .location, "search-ms": .location, "searchconnector-ms": .location,
    "settingcontent-ms": .location, "contact": .location, "msc": .location,
    "application": .location, "appref-ms": .location, "iqy": .query, "oqy": .query, "rqy": .query,
    "slk": .table, "csv": .table,
  ]

  static func read(
    _ bytes: Span<UInt8>, extensions: Set<String>, _ work: inout DocumentWork
  ) {
    let kinds = Set(extensions.compactMap { Self.kinds[$0] })
    let isSettings = kinds.contains(.settings) || isNamedInside(bytes)
    guard isSettings || !kinds.isEmpty else { return }
    if kinds.contains(.table), work.budget.take(bytes: bytes.count) {
      lines(bytes, &work) { cells($0, $1, &$2) }
    }
    guard isSettings || kinds != [.table] else { return }
    guard work.budget.take(bytes: bytes.count) else { return }
    let plain = work.shortcut(bytes)
    let text = plain.span
    if isSettings { lines(text, &work) { setting($0, $1, &$2) } }
    if kinds.contains(.location) { location(text, &work) }
    if kinds.contains(.query), Commands.isRemote(text) {
      work.findings.traits.insert(.remoteShortcut)
    }
  }

  /// A shortcut of a desktop, whatever it is called.
  private static func isNamedInside(_ bytes: Span<UInt8>) -> Bool {
    let head = 0..<min(bytes.count, 64)
    return ByteSearch.contains(internet, in: bytes, head)
      || ByteSearch.contains(desktop, in: bytes, head)
  }

  private static let internet = Array("[internetshortcut".utf8)
  private static let desktop = Array("[desktop entry]".utf8)

  private static func lines(
    _ text: Span<UInt8>, _ work: inout DocumentWork,
    _ each: (Span<UInt8>, Range<Int>, inout DocumentWork) -> Void
  ) {
    var start = 0
    for index in 0...text.count where index == text.count || text[index] == 10 || text[index] == 13
    {
      if index > start { each(text, start..<index, &work) }
      start = index + 1
    }
  }

  // MARK: Settings

  private enum Setting { case address, command }

  private static let settings: [MarkupName: Setting] = {
    let names: [(String, Setting)] = [
      ("url", .address), ("baseurl", .address), ("iconfile", .address), ("icon", .address),
      ("iconresource", .address), ("workingdirectory", .address), ("full address", .address),
      ("alternate full address", .address), ("gatewayhostname", .address),
      ("exec", .command), ("tryexec", .command), ("command", .command),
      ("alternate shell", .command), ("remoteapplicationprogram", .command),
      ("path", .address), ("wallpaper", .address),
    ]
    return Dictionary(names.map { (MarkupName($0.0), $0.1) }) { first, _ in first }
  }()

  private static func setting(
    _ text: Span<UInt8>, _ line: Range<Int>, _ work: inout DocumentWork
  ) {
    var name = MarkupName()
    var index = line.lowerBound
    while index < line.upperBound, text[index] != 61, text[index] != 58 {
      if text[index] != 32 || name.count > 0 { name.append(text[index]) }
      index += 1
    }
    guard index < line.upperBound else { return }
    let isDesktop = text[index] == 58
    // `full address:s:host`: the letter is the value's type.
    let value = min(index + (isDesktop ? 3 : 1), line.upperBound)..<line.upperBound
    guard !value.isEmpty, let setting = Self.settings[name] else { return }
    switch setting {
    case .command: work.findings.traits.insert(.shortcutCommand)
    case .address:
      if isDesktop || RemoteAddress.isRemote(text.extracting(value)) {
        work.findings.traits.insert(.remoteShortcut)
      } else if Commands.isNamed(in: text.extracting(value)) {
        work.findings.traits.insert(.shortcutCommand)
      }
    }
  }

  // MARK: The others

  private static func location(_ text: Span<UInt8>, _ work: inout DocumentWork) {
    var plain = 0..<0
    var tokens = MarkupTokenizer(MarkupDialect(isXML: true))
    while true {
      switch tokens.next(text) {
      case .end: return
      case .text(let range): plain = range
      case .attribute: plain = tokens.value
      default: continue
      }
      let piece = text.extracting(plain)
      if RemoteAddress.isRemote(piece), !isNamespace(piece) {
        work.findings.traits.insert(.remoteShortcut)
      }
      if Commands.isNamed(in: piece) { work.findings.traits.insert(.shortcutCommand) }
      if ByteSearch.contains(script, in: piece) { work.findings.traits.insert(.htmlScript) }
    }
  }

  private static let script = Array("javascript:".utf8)

  /// Names of vocabularies look like addresses.
  private static func isNamespace(_ text: Span<UInt8>) -> Bool {
    vocabularies.contains { ByteSearch.holds($0, text, at: 0) }
  }

  private static let vocabularies = ["http://schemas.microsoft.com/", "http://www.w3.org/"].map {
    Array($0.utf8)
  }

  /// Macro sheets of SYLK begin with `O;E`, names that run with `NN;NAuto_`; a formula that asks a
  /// program has a bar behind the program's name.
  private static func cells(
    _ text: Span<UInt8>, _ line: Range<Int>, _ work: inout DocumentWork
  ) {
    if ByteSearch.holds(macroSheet, text, at: line.lowerBound) {
      work.findings.traits.insert(.macro)
    }
    if ByteSearch.holds(automatic, text, at: line.lowerBound) {
      work.findings.traits.formUnion([.macro, .autoExec])
    }
    var start: Int?
    for index in line {
      let byte = text[index]
      if [61, 43, 45, 64].contains(byte) {
        start = index + 1
      } else if byte == 124, let start, index > start {
        work.findings.traits.insert(.dde)
        return
      } else if (byte | 0x20) &- 97 >= 26, byte != 46, byte &- 48 >= 10, byte != 32 {
        start = nil
      }
    }
  }

  private static let macroSheet = Array("o;e".utf8)
  private static let automatic = Array("nn;nauto_".utf8)
}
