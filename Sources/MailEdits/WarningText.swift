// The warnings of a message as one text.

enum WarningText {
  /// The preamble, then the warnings with a blank line between them. Warnings add up; what is past
  /// the limit is counted.
  static func text(_ warnings: [[UInt8]], _ style: WarningStyle, _ limits: EditLimits) -> [UInt8] {
    var text: [UInt8] = []
    for block in [style.preamble] + warnings.prefix(limits.warningsMax) where !block.isEmpty {
      if !text.isEmpty { text.append(0x0A) }
      text.append(contentsOf: block)
      if let last = block.last, last != 0x0A, last != 0x0D { text.append(0x0A) }
    }
    if warnings.count > limits.warningsMax {
      text.append(contentsOf: "\n\(warnings.count - limits.warningsMax) more warnings.\n".utf8)
    }
    return text
  }
}
