// Office documents in compound files: Word, Excel and PowerPoint up to 2003, the macros of newer
// ones, encrypted ones, messages of Outlook.
// Trusts nothing: see `CompoundFile`; each stream that matters is read once, within the budget.
internal import RuleBytecode

enum OfficeBinary {
  /// Finds what a compound file holds. Files inside of it that are documents themselves are added
  /// to `work`.
  static func read(_ bytes: Span<UInt8>, _ work: inout DocumentWork) {
    guard work.budget.take(bytes: bytes.count) else { return }
    guard var file = CompoundFile(bytes, entriesMax: work.budget.itemsLeft) else {
      work.findings.anomalies.insert(.officeDamaged)
      if ByteSearch.contains(project, in: bytes) { work.findings.traits.insert(.macro) }
      return
    }
    if file.entries.count >= work.budget.itemsLeft { work.budget.hit(.archiveEntries) }
    names(file, &work)
    for entry in file.entries where entry.kind == .stream && !entry.name.isEmpty {
      guard let use = use(of: entry, file) else { continue }
      guard let content = file.content(of: entry, bytes, &work.budget) else { continue }
      switch use {
      case .module: module(content, &work)
      case .identifiers:
        if VBASource.runsByItself(content.span) { work.findings.traits.insert(.autoExec) }
      case .workbook: ExcelBinary.read(content.span, &work)
      case .word:
        WordBinary.read(content.span, &work)
        guard let name = WordBinary.tableName(content.span) else { break }
        let strings = table(named: name, &file, bytes, &work)
        WordBinary.template(content.span, strings.span, &work)
      case .slides: SlideBinary.read(content.span, &work)
      case .user:
        if ByteReader.little32(content.span, at: 12) == SlideBinary.encryptedToken {
          work.findings.encryption.insert(.office)
        }
      case .file: work.add(content)
      case .wrapped: work.addWrapped(content)
      case .link:
        // An object that is fetched when the document is opened has its address here.
        if addresses.contains(where: { ByteSearch.contains($0, in: content.span) }) {
          work.findings.traits.insert(.externalTemplate)
        }
      }
    }
    if file.isDamaged { work.findings.anomalies.insert(.officeDamaged) }
  }

  /// `_VBA_PROJECT` in UTF-16.
  private static let project = ByteSearch.wide("_vba_project")

  private static let addresses = ["http:", "https:", "\\\\"].map { ByteSearch.wide($0) }

  // MARK: Names

  /// What the names of streams and storages say.
  private static func names(_ file: CompoundFile, _ work: inout DocumentWork) {
    for entry in file.entries {
      switch entry.name {
      case "_vba_project", "_vba_project_cur", "vba": work.findings.traits.insert(.macro)
      case "encryptedpackage", "encryptioninfo": work.findings.encryption.insert(.office)
      case "\u{1}ole10native", "package": work.findings.traits.insert(.embeddedObject)
      default:
        let isObject =
          entry.name.hasPrefix("mbd") || entry.name.hasPrefix("__attach_version1.0")
          || entry.parent.map { file.entries[$0].name == "objectpool" } == true
        if isObject, entry.kind == .storage, !entry.name.isEmpty {
          work.findings.traits.insert(.embeddedObject)
        }
      }
    }
  }

  private enum Use { case module, identifiers, workbook, word, slides, user, file, wrapped, link }

  private static func use(of entry: CompoundFile.Entry, _ file: CompoundFile) -> Use? {
    switch entry.name {
    case "_vba_project": return .identifiers
    case "workbook", "book": return .workbook
    case "worddocument": return .word
    case "powerpoint document": return .slides
    case "current user": return .user
    case "package", "contents": return .file
    case "\u{1}ole10native": return .wrapped
    case "\u{1}ole": return .link
    default:
      guard let parent = entry.parent else { return .module }
      return file.entries[parent].name == "vba" && entry.name != "dir" ? .module : nil
    }
  }

  private static func table(
    named name: String, _ file: inout CompoundFile, _ bytes: Span<UInt8>,
    _ work: inout DocumentWork
  ) -> [UInt8] {
    guard let entry = file.entries.first(where: { $0.name == name }) else { return [] }
    return file.content(of: entry, bytes, &work.budget) ?? []
  }

  // MARK: Macros

  /// Containers of source in one module; honest ones have one.
  private static let sourcesMax = 8

  private static func module(_ content: [UInt8], _ work: inout DocumentWork) {
    for start in VBASource.starts(in: content.span, max: sourcesMax) {
      let source = VBASource.unpack(content.span, from: start, room: work.budget.room)
      guard work.budget.take(bytes: source.count) else { return }
      work.findings.traits.insert(.macro)
      if VBASource.runsByItself(source.span) { work.findings.traits.insert(.autoExec) }
    }
  }
}
