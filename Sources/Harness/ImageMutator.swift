// Makes wrong images out of right ones. Most changes know the format, so that they come past the
// digest and the envelope to what the verifier must find; the digest is mended after each.
internal import RuleBytecode

struct ImageMutator {
  private let image: [UInt8]
  private let layout: ImageLayout
  private var random: SplitMix64

  init(_ image: [UInt8], _ layout: ImageLayout, random: SplitMix64) {
    self.image = image
    self.layout = layout
    self.random = random
  }

  /// A changed image; most often one change, sometimes up to three.
  mutating func mutant() -> [UInt8] {
    switch random.below(100) {
    case 0: return withoutMending()
    case 1..<8: return envelope()
    case 8..<18: return bytes()
    default: return records()
    }
  }

  // MARK: Changes that know nothing

  private mutating func withoutMending() -> [UInt8] {
    var result = image
    result[random.below(result.count)] ^= 1 << UInt8(random.below(8))
    return result
  }

  private mutating func bytes() -> [UInt8] {
    var result = image
    for _ in 0...random.below(4) {
      let at = random.below(result.count - ImageFormat.digestBytes)
      switch random.below(3) {
      case 0: result[at] ^= 1 << UInt8(random.below(8))
      case 1: result[at] = random.byte()
      default: result[at] = [0, 1, 0x7F, 0x80, 0xFF][random.below(5)]
      }
    }
    return result.mended ?? result
  }

  // MARK: The envelope

  private mutating func envelope() -> [UInt8] {
    var result = image
    let rows = layout.sections.count
    let row = ImageLayout.headerBytes + ImageLayout.rowBytes * random.below(rows)
    switch random.below(7) {
    case 0: result.set(word: number(near: result.word(at: row)), at: row)
    case 1: result.set(word: number(near: result.word(at: row + 4)), at: row + 4)
    case 2: result.set(word: number(near: result.word(at: row + 8)), at: row + 8)
    case 3: result.set(word: number(near: UInt32(rows)), at: 16)
    case 4: result.set(word: number(near: result.word(at: 8)), at: 8 + 4 * random.below(2))
    case 5: result = cut(result)
    default:
      let extra = (0...random.below(40)).map { _ in random.byte() }
      result.insert(contentsOf: extra, at: result.count - ImageFormat.digestBytes)
      result.set(word: UInt32(result.count), at: 12)
    }
    return result.mended ?? result
  }

  /// Cut anywhere; the length says so or not.
  private mutating func cut(_ bytes: [UInt8]) -> [UInt8] {
    let most = random.below(4) == 0 ? 80 : bytes.count
    var result = Array(bytes.prefix(random.below(most)))
    if result.count >= ImageLayout.headerBytes, random.below(3) > 0 {
      result.set(word: UInt32(result.count), at: 12)
    }
    return result
  }

  // MARK: Records

  private mutating func records() -> [UInt8] {
    var changed = layout
    for _ in 0...(random.below(8) == 0 ? 2 : 0) {
      switch random.below(10) {
      case 0..<5: instruction(&changed)
      case 5..<8: field(&changed)
      case 8: swap(&changed)
      default: countRecords(&changed)
      }
    }
    return changed.image
  }

  /// One field of one instruction: opcode, register or operand.
  private mutating func instruction(_ layout: inout ImageLayout) {
    let count = layout[.code].recordCount
    guard count > 0 else { return }
    let at = 8 * random.below(count)
    switch random.below(7) {
    case 0: layout[.code].bytes[at] = UInt8(random.below(Opcode.allCases.count + 1))
    case 1: layout[.code].bytes[at + 1] = register(near: layout[.code].bytes[at + 1])
    case 2: layout[.code].bytes[at + 2] = register(near: layout[.code].bytes[at + 2])
    case 3:
      // The whole operand of another instruction of the same kind.
      let other = 8 * random.below(count)
      for offset in 4..<8 { layout[.code].bytes[at + offset] = layout[.code].bytes[other + offset] }
    case 4: layout[.code].bytes.set(word: UInt32(at / 8 + random.below(12)), at: at + 4)
    case 5: layout[.code].bytes.set(word: UInt32(random.below(64)), at: at + 4)
    default:
      let old = layout[.code].bytes.word(at: at + 4)
      layout[.code].bytes.set(word: number(near: old), at: at + 4)
    }
  }

  /// A register of the same bank, or its neighbour, or any.
  private mutating func register(near old: UInt8) -> UInt8 {
    switch random.below(4) {
    case 0: return old &+ 1
    case 1: return old &- 1
    case 2: return random.byte()
    default:
      let banks = [RegisterBank.truths, RegisterBank.numbers, RegisterBank.texts]
      let bank = banks.first { $0.contains(Int(old)) } ?? RegisterBank.truths
      return UInt8(bank.lowerBound + random.below(8))
    }
  }

  /// A section that has records.
  private mutating func section(_ layout: ImageLayout) -> Int {
    let filled = layout.sections.indices.filter { layout.sections[$0].recordCount > 0 }
    return filled[random.below(filled.count)]
  }

  private mutating func field(_ layout: inout ImageLayout) {
    let index = section(layout)
    let size = layout.sections[index].recordBytes
    let start = size * random.below(layout.sections[index].recordCount)
    let offset = random.below(size)
    if size - offset >= 4, random.below(2) == 0 {
      let old = layout.sections[index].bytes.word(at: start + offset)
      layout.sections[index].bytes.set(word: number(near: old), at: start + offset)
    } else {
      let value = [0, 1, 2, 3, 9, 0x7F, 0xC3, 0xFF, random.byte()][random.below(9)]
      layout.sections[index].bytes[start + offset] = value
    }
  }

  private mutating func swap(_ layout: inout ImageLayout) {
    let index = section(layout)
    let rows = layout.sections[index]
    let size = rows.recordBytes
    let first = random.below(rows.recordCount)
    let second = random.below(2) == 0 ? first + 1 : random.below(rows.recordCount)
    guard second < rows.recordCount else { return }
    for offset in 0..<size {
      layout.sections[index].bytes.swapAt(size * first + offset, size * second + offset)
    }
  }

  /// A record more or less; the table says so.
  private mutating func countRecords(_ layout: inout ImageLayout) {
    let index = section(layout)
    let size = layout.sections[index].recordBytes
    let at = size * random.below(layout.sections[index].recordCount)
    let record = Array(layout.sections[index].bytes[at..<at + size])
    if random.below(2) == 0 {
      layout.sections[index].bytes.insert(contentsOf: record, at: at)
      layout.sections[index].recordCount += 1
    } else {
      layout.sections[index].bytes.removeSubrange(at..<at + size)
      layout.sections[index].recordCount -= 1
    }
  }

  /// A number that is likely to be a bound of something.
  private mutating func number(near old: UInt32) -> UInt32 {
    switch random.below(8) {
    case 0: old &+ 1
    case 1: old &- 1
    case 2: 0
    case 3: .max
    case 4: 1 << UInt32(random.below(32))
    case 5: old ^ 1 << UInt32(random.below(32))
    case 6: UInt32(random.below(64))
    default: UInt32(truncatingIfNeeded: random.next())
    }
  }
}
