// Keys of `part` that no part can equal: an extension with its dot, and kinds that there are not.

import RuleBytecode

extension TestPart {
  /// The families of file types. A test compares them with what the machine answers.
  static let kindNames = [
    "executable", "script", "archive", "disk-image", "office", "pdf", "html", "image", "audio",
    "video", "text", "message", "other",
  ]

  static func checkKeys(
    _ plan: MatchPlan, _ field: PartField, _ call: Call, _ context: inout CheckContext
  ) {
    guard plan.type == .is else { return }
    for key in call.strings(1) {
      // What is built as the rules run is not known here.
      guard !key.value.utf8.contains(UInt8(ascii: "$")) else { continue }
      let constant = key.value
      switch field {
      case .extension where constant.hasPrefix("."):
        let bare = String(constant.drop { $0 == "." })
        let nearest = bare.isEmpty ? nil : bare
        context.report(
          .name(.unknownValue(constant, of: "extension", nearest: nearest, known: ["exe"])),
          at: key.range)
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
