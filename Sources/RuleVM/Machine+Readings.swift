// Broken encodings: what other mail programs may decode a part to becomes parts of its own, which
// every loop and every phase that has not passed them sees.
internal import MailMessage
internal import RuleBytecode

extension Machine {
  /// Looks once for the other ways to read a part whose decoding is in doubt.
  mutating func addReadings(of index: Int, _ result: DecodeResult?) throws(Trap) {
    guard let own = message?.parts[index], result?.isDoubtful == true || own.hasDoubtfulStart,
      parts.readAgain.insert(own.contentKey).inserted
    else { return }
    try charge(own.body.count * ByteCost.decodeBodyPerByte)
    let variants = message?.contentVariants(of: index) ?? []
    guard !variants.isEmpty else { return }
    let bytes = message?.bytesToRead(variants, of: index) ?? 0
    try charge(bytes * ByteCost.decodeBodyPerByte)
    _ = message?.appendContentReadings(of: index, variants: variants)
  }

  /// Looks for the other ways to read any part: for those who are given all parts at once.
  mutating func addAllReadings() throws(Trap) {
    var index = 0
    while let own = message?.parts, index < own.count {
      if !own[index].isContainer, !own[index].encoding.isIdentity {
        _ = try content(of: index)
      }
      index += 1
    }
  }
}
