// What is odd about a part's names, and about the parameters that declare them: where programs may
// call the same file differently, or a person may take it for another kind of file.

extension Part {
  /// Oddities of names and of the fields that declare them.
  var nameAnomalies: AnomalySet {
    var found = AnomalySet()
    for field in [FieldName.contentDisposition, .contentType] {
      for list in parameterLists(of: field) { list.noteAnomalies(in: &found) }
    }
    let names = sureNames
    // Names with the same extension are fallbacks of each other (RFC 6266 §4.3), not a conflict.
    if names.count > 1, Set(names.map(FileName.extension(of:))).count > 1 {
      found.insert(.nameConflict)
    }
    for name in names { found.formUnion(NameFaults.find(name)) }
    return found
  }
}

extension ParameterList {
  fileprivate func noteAnomalies(in found: inout AnomalySet) {
    if isBroken { found.insert(.badParameter) }
    var groups: [[UInt8]: [Parameter]] = [:]
    for parameter in parameters {
      groups[parameter.name.base, default: []].append(parameter)
      if parameter.name.isExtended {
        if PercentText.isBroken(parameter.value) { found.insert(.badParameter) }
      }
      if EncodedWords.cover(parameter.value.span) != .none { found.insert(.encodedParameter) }
    }
    for (name, group) in groups {
      let pieces = group.filter { $0.name.section != nil }
      let singles = group.filter { $0.name.section == nil }
      if PieceReadings(pieces, singles).isBroken { found.insert(.badContinuation) }
      let together = PieceReadings.inOrder(pieces).flatMap(\.value)
      if EncodedWords.cover(together.span) != .none { found.insert(.encodedParameter) }
      // RFC 6838 §4.3: a parameter must not stand more than once. Boundaries are looked at with the
      // structure.
      for kind in [false, true] where !name.elementsEqual("boundary".utf8) {
        let same = singles.filter { $0.name.isExtended == kind }
        if same.contains(where: { $0.value != same[0].value }) { found.insert(.badParameter) }
      }
    }
  }
}

/// What a name itself shows.
enum NameFaults {
  static func find(_ name: String) -> AnomalySet {
    var found = AnomalySet()
    let bytes = Array(name.utf8)
    var isAfterDot = false
    for scalar in name.unicodeScalars {
      if scalar == "." { isAfterDot = true }
      if NameFolding.turnsDirection(scalar.value)
        || (isAfterDot && NameFolding.marksDirection(scalar.value))
      {
        found.insert(.nameBidi)
      }
      let isHighControl = (0x80...0x9F).contains(scalar.value)
      if isHighControl || (scalar.isASCII && FileName.isControl(UInt8(scalar.value))) {
        found.insert(.nameControl)
      }
    }
    if hasPath(bytes) { found.insert(.namePath) }
    if isPadded(NameFolding.folded(name)) { found.insert(.namePadding) }
    if hasDoubleExtension(name) { found.insert(.nameDoubleExtension) }
    let plain = [FileName.extension(of: name), FileName.plainExtension(of: name)]
    let decoded = FileName.decodedExtensions(of: name)
    // Digits after a dot are a version or a number, not an extension.
    if decoded.contains(where: { !plain.contains($0) && hasLetter($0) }) {
      found.insert(.nameDisguise)
    }
    return found
  }

  private static func hasLetter(_ text: String) -> Bool {
    text.utf8.contains { ASCII.lower($0) &- 97 < 26 }
  }

  /// A separator or a drive.
  private static func hasPath(_ name: [UInt8]) -> Bool {
    if name.count > 1, name[1] == ASCII.colon, ASCII.lower(name[0]) &- 97 < 26 { return true }
    return name.contains(where: FileName.isSeparator)
  }

  /// Blanks or dots after an extension, or a long gap in the name.
  private static func isPadded(_ name: [UInt8]) -> Bool {
    if Padding.firstGap(name) != nil { return true }
    guard let last = name.last, last == ASCII.dot || ASCII.isBlank(last) else { return false }
    let found = FileName.extension(of: String(decoding: name, as: UTF8.self))
    // `Minutes of St. Mary.` and `v1.2.` end a sentence, not a file's name.
    return (1...5).contains(found.utf8.count) && hasLetter(found)
      && found.utf8.allSatisfy(FileName.isLetterOrDigit)
  }

  /// What pushes an extension out of sight.
  private static func isFiller(_ byte: UInt8) -> Bool {
    ASCII.isFolding(byte) || byte == 95 || byte == ASCII.dash
  }

  /// A document's extension before a program's, each as a person or a system would read it.
  private static func hasDoubleExtension(_ name: String) -> Bool {
    var next: String? = name
    for _ in 0..<3 {
      guard let text = next else { return false }
      let pieces = FileName.lastComponent(
        of: String(decoding: NameFolding.folded(text), as: UTF8.self)
      )
      .utf8.split(separator: ASCII.dot)
      .map { piece in
        String(decoding: piece.filter { !isFiller($0) }.map(ASCII.lower), as: UTF8.self)
      }
      .filter { !$0.isEmpty }
      if pieces.count > 2, FileName.programs.contains(pieces[pieces.count - 1]),
        FileName.documents.contains(pieces[pieces.count - 2])
      {
        return true
      }
      next = PercentText.resolved(text)
    }
    return false
  }
}

extension FileName {
  /// What a desktop runs, or hands to something that runs it, on a double click.
  static let programs: Set<String> = words(
    """
    ade adp apk app appinstaller application appref-ms appx appxbundle arj asp bas bat btm cab \
    cer chm cmd cnt com command cpl crt csh der desktop diagcab dll dmg drv elf exe fxp gadget \
    grp hlp hpj hta htc img inf ins iso isp its jar jnlp js jse ksh library-ms lnk mad maf mag \
    mam maq mar mas mat mau mav maw mcf mda mde mdt mdw mdz msc msh msh1 msh2 msi msix msp mst \
    msu ocx one ops osd pcd pif pl plg prf prg printerexport ps1 ps1xml ps2 ps2xml psc1 psc2 \
    psd1 psdm1 psm1 pst py pyc pyo pyw pyz pyzw reg run scf scr sct search-ms settingcontent-ms \
    sh shb shs sys theme tmp udl url vb vbe vbp vbs vhd vhdx vsmacros vsw vxd webpnp website \
    workflow ws wsb wsc wsf wsh xbap xll xnk
    """)

  /// What a person takes for something to look at or listen to.
  static let documents: Set<String> = words(
    """
    7z avi bmp csv doc docm docx dot dotx eml flac gif gz heic htm html ics jpeg jpg key log m4a \
    md mov mp3 mp4 mpeg mpg msg numbers odp ods odt pages pdf png pot pps ppsx ppt pptm pptx ps \
    rar rtf svg tar tif tiff txt vcf wav webm webp wma wmv wps xls xlsb xlsm xlsx xml xps zip
    """)

  private static func words(_ text: String) -> Set<String> {
    Set(text.split(separator: " ").map(String.init))
  }
}
