// Keys of `part` that no part can equal: an extension with its dot, and kinds that there are not.

import RuleBytecode

extension TestPart {
  /// The families of file types. A test compares them with what the machine answers.
  static let kindNames = [
    "executable", "script", "archive", "disk-image", "office", "pdf", "html", "image", "audio",
    "video", "text", "message", "other",
  ]

  /// `image`, `image/*`: many types at once, which `:matches` can name.
  private static func isFamily(_ key: String) -> Bool {
    let name = key.hasSuffix("/*") ? String(key.dropLast(2)) : key
    return topLevelTypes.contains(name.lowercasedASCII)
  }

  /// IANA's registry of media types.
  private static let topLevelTypes: Set = [
    "application", "audio", "font", "image", "message", "model", "multipart", "text", "video",
  ]

  static func checkKeys(
    _ plan: MatchPlan, _ field: PartField, _ call: Call, _ context: inout CheckContext
  ) {
    if plan.type == .list, field == .extension, let place = call.positional[1]?.range {
      context.checkExtensions(of: plan.tables, at: place)
    }
    guard plan.type == .is else { return }
    for key in call.strings(1) {
      // What is built as the rules run is not known here.
      guard !key.value.utf8.contains(UInt8(ascii: "$")) else { continue }
      let constant = key.value
      switch field {
      // It is what stands behind the last dot.
      case .extension where constant.utf8.contains(UInt8(ascii: ".")):
        let bare = constant.split(separator: ".").last.map(String.init)
        context.report(
          .name(.unknownValue(constant, of: "extension", nearest: bare, known: [])),
          at: key.range)
      case .declared where isFamily(constant), .sniffed where isFamily(constant):
        context.report(.literal(.mediaType(constant)), at: key.range)
      case .kind where !kindNames.contains(constant.lowercasedASCII):
        let nearest = context.nearest(to: constant.lowercasedASCII, among: kindNames)
        context.report(
          .name(.unknownValue(constant, of: "kind", nearest: nearest, known: kindNames)),
          at: key.range)
      default: break
      }
    }
  }
}
