// Every name that a mail program could give the file in a part. Read when asked for; keep the
// answer.
// Linear in the header: each field is read a few times, in ways that programs really have.

extension Part {
  /// Every name declared for the part, decoded, most trusted first: those given by a file that the
  /// part was found in; those of Content-Disposition (RFC 2183 §2.3); those of Content-Type; then
  /// what other programs make of these fields. No duplicates, and one past the limit at most.
  package var names: [String] { Array(namesByTrust.all.prefix(namesMax + 1)) }

  /// Names that a program following the standards shows, and other readings of broken ones: those
  /// that are at odds when their extensions differ.
  var sureNames: [String] {
    let found = namesByTrust
    return Array(found.all.prefix(min(found.sureCount, namesMax + 1)))
  }

  private var namesByTrust: (all: [String], sureCount: Int) {
    let declared = declaredNames
    if declared.count == 1, givenNames.isEmpty, !declared[0].text.isEmpty {
      return ([declared[0].text], declared[0].trust == .partial ? 0 : 1)
    }
    var seen: Set<String> = []
    var all = givenNames.filter { !$0.isEmpty && seen.insert($0).inserted }
    var sureCount = 0
    for trust in ParameterValue.Trust.allCases {
      for name in declared where name.trust == trust && seen.insert(name.text).inserted {
        all.append(name.text)
      }
      if trust == .odd { sureCount = all.count }
    }
    guard all.isEmpty else { return (all, sureCount) }
    all = fallbackNames
    return (all, all.count)
  }

  /// All of the header, not ordered by trust, and with doubles.
  var declaredNames: [ParameterValue] {
    plainNames ?? otherNames
  }

  /// The same of fields that can be read in several ways.
  var otherNames: [ParameterValue] {
    let decoder = ValueDecoder()
    let disposition = NamedLists(self, .contentDisposition, decoder)
    let type = NamedLists(self, .contentType, decoder)
    var found = disposition.values(named: "filename") + type.values(named: "name")
    // Of a form, the name is that of the field (RFC 7578 §4.2).
    if self.disposition != "form-data" {
      found += disposition.values(named: "name").map { $0.demoted }
    }
    found += type.values(named: "filename").map { $0.demoted }
    for name in ["filename", "name"] {
      found += NamedLists.joined(named: name, [disposition, type])
    }
    for value in found { addDerived(of: value, decoder, to: &found) }
    return found
  }

  /// What programs make of a name after reading it.
  private func addDerived(
    of value: ParameterValue, _ decoder: ValueDecoder, to found: inout [ParameterValue]
  ) {
    let text = value.text
    if EncodedWords.cover(text.utf8.span) != .none {
      found.add(decoder.plainTexts(Array(text.utf8)), .partial)
    }
    // `per%cent` is no text once resolved.
    if let resolved = PercentText.resolved(text), !resolved.unicodeScalars.contains("\u{FFFD}") {
      found.add([resolved], .partial)
    }
    if text.utf8.contains(where: FileName.isControl) {
      found.add([String(decoding: text.utf8.prefix { $0 != 0 }, as: UTF8.self)], .odd)
      found.add(
        [String(decoding: text.utf8.filter { !FileName.isControl($0) }, as: UTF8.self)], .odd)
    }
    let last = FileName.lastComponent(of: text)
    if last != text { found.add([last], .partial) }
  }

  /// What some programs call a part that has no name: only if it looks like a file's.
  private var fallbackNames: [String] {
    let span = bytes.span
    var names: [String] = []
    for field in fields(.contentLocation) {
      let end = field.value.first { span[$0] == ASCII.question || span[$0] == 35 }
      let path = text(of: field.value.lowerBound..<(end ?? field.value.upperBound))
      names.append(FileName.lastComponent(of: PercentText.resolved(path) ?? path))
    }
    names += fields(.contentDescription).map { text(of: $0.value) }
    var seen: Set<String> = []
    return names.filter { FileName.looksLikeFile($0) && seen.insert($0).inserted }
  }

  /// Unstructured text without folds, quotes and blanks around it, decoded.
  private func text(of value: Range<Int>) -> String {
    var text: [UInt8] = []
    EncodedWords.append(bytes.span.extracting(ASCII.trimmed(bytes.span, value)), to: &text)
    text.removeAll { $0 == ASCII.lineFeed || $0 == ASCII.carriageReturn || $0 == ASCII.quote }
    return String(decoding: text, as: UTF8.self)
  }
}

extension ParameterValue {
  /// For a parameter that stands in a field where it does not belong.
  fileprivate var demoted: ParameterValue {
    ParameterValue(text: text, trust: trust == .standard ? .odd : trust)
  }
}

/// The fields of one name with their parameters.
private struct NamedLists {
  private let lists: [ParameterList]
  private let part: Part
  private let decoder: ValueDecoder
  private let fields: [HeaderField]

  init(_ part: Part, _ name: FieldName, _ decoder: ValueDecoder) {
    self.part = part
    self.decoder = decoder
    fields = part.fields(name)
    lists = part.parameterLists(of: name)
  }

  func values(named name: String) -> [ParameterValue] {
    zip(fields, lists).flatMap { field, list in
      list.candidates(named: name, decoder)
        + HiddenParameters.values(named: name, part.bytes.span, field.value, list, decoder)
        + doubled(list, name)
    }
  }

  /// `filename=file; filename=.exe`: some join what stands twice.
  private func doubled(_ list: ParameterList, _ name: String) -> [ParameterValue] {
    let plain = list.parameters.filter {
      $0.name.base.elementsEqual(name.utf8) && $0.name.section == nil && !$0.name.isExtended
    }
    var found: [ParameterValue] = []
    if plain.count > 1, !plain[0].value.dropLast().contains(ASCII.dot) {
      found.add(decoder.plainTexts(plain.flatMap(\.value)), .odd)
    }
    return found
  }

  /// Pieces that stand in more than one field, put together.
  static func joined(named name: String, _ all: [NamedLists]) -> [ParameterValue] {
    let pieces = all.flatMap(\.lists).map { list in
      list.parameters.filter {
        $0.name.section != nil && $0.name.base.elementsEqual(name.utf8)
      }
    }.filter { !$0.isEmpty }
    var found: [ParameterValue] = []
    if pieces.count > 1 {
      let together = pieces.flatMap { $0 }
      found.add(all[0].decoder.texts(PieceReadings.inOrder(together)), .odd)
      found.add(all[0].decoder.texts(together), .odd)
    }
    return found
  }
}
