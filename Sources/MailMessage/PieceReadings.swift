// A parameter in pieces (RFC 2231 §3): `name*0="a"; name*1=".pdf"`. Programs differ on pieces that
// are missing, doubled, out of order or beside a value in one piece.

struct PieceReadings {
  private typealias Parameter = ParameterList.Parameter

  private let pieces: [Parameter]
  private let singles: [Parameter]
  /// The pieces by number.
  private let ordered: [Parameter]
  /// Whether they do not fit together.
  let isBroken: Bool

  /// `singles` are the values in one piece beside them.
  init(_ pieces: [ParameterList.Parameter], _ singles: [ParameterList.Parameter]) {
    self.pieces = pieces
    self.singles = singles
    let ordered = Self.inOrder(pieces)
    self.ordered = ordered
    guard !pieces.isEmpty else {
      isBroken = singles.contains { $0.name.hasOddMarks || Self.lacksCharset($0) }
      return
    }
    let isWhole = ordered.indices.allSatisfy { ordered[$0].name.section == $0 }
    isBroken =
      !isWhole || ordered.count < pieces.count || Self.isMixed(ordered)
      || (pieces + singles).contains { $0.name.hasOddMarks }
      || singles.contains { $0.name.isExtended }
      || ordered.dropLast().contains { $0.name.isExtended && PercentText.isCut($0.value) }
  }

  func values(_ decoder: ValueDecoder) -> [ParameterValue] {
    guard !pieces.isEmpty else { return [] }
    var found: [ParameterValue] = []
    found.add(decoder.texts(ordered), .standard)
    // Those that take them as they come; RFC 2231 §3 lets them come in any order.
    let others: ParameterValue.Trust = isBroken ? .odd : .partial
    if Self.canComeAsTheyAre(pieces) { found.add(decoder.texts(pieces), others) }
    if isBroken {
      found.add(
        decoder.texts(
          Array(
            ordered.enumerated().prefix {
              $0.element.name.section == $0.offset
            }.map(\.element))), .odd)
      found.add(decoder.texts(Self.inOrder(pieces.reversed())), .odd)
    }
    if let single = singles.first, ordered[0].name.section != 0 {
      found.add(decoder.texts([single] + ordered), .odd)
    }
    if ordered.dropLast().contains(where: { PercentText.isCut($0.value) }) {
      found.add([Self.joinedFirst(ordered)], .odd)
    }
    if ordered.dropFirst().contains(where: { $0.name.isExtended && !Self.lacksCharset($0) }) {
      // Each with a charset of its own, or plain.
      found.add([ordered.map { decoder.texts([$0]).first ?? "" }.joined()], .odd)
    }
    return found
  }

  /// The pieces by number, the first of each number.
  static func inOrder(_ pieces: [ParameterList.Parameter]) -> [ParameterList.Parameter] {
    var seen: Set<Int> = []
    return pieces.filter { seen.insert($0.name.section ?? 0).inserted }
      .sorted { ($0.name.section ?? 0) < ($1.name.section ?? 0) }
  }

  /// Whether the charset, if there is one, stands in what comes first.
  private static func canComeAsTheyAre(_ pieces: [Parameter]) -> Bool {
    guard pieces.contains(where: \.name.isExtended) else { return true }
    return pieces[0].name.isExtended && !lacksCharset(pieces[0])
  }

  /// The charset belongs to the first piece (RFC 2231 §4.1): later ones cannot be extended without.
  private static func isMixed(_ ordered: [Parameter]) -> Bool {
    guard ordered.contains(where: \.name.isExtended) else { return false }
    return !ordered[0].name.isExtended || lacksCharset(ordered[0])
  }

  private static func lacksCharset(_ parameter: Parameter) -> Bool {
    parameter.name.isExtended && ExtendedValue.charsetPrefix(parameter.value) == nil
  }

  /// For those that join first and resolve percent signs afterwards: `%2` and `Eexe`.
  private static func joinedFirst(_ pieces: [Parameter]) -> String {
    let value = pieces.flatMap(\.value)
    let start = ExtendedValue.charsetPrefix(value)?.textStart ?? 0
    var bytes: [UInt8] = []
    PercentText.append(value[start...], to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}
