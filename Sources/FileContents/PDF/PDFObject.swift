// What matters of one PDF object: whether it is a stream of other objects, and how that is packed.

enum PDFFilter: Equatable { case flate, hex, base85, runLength, lzw, other }

/// Names that mean something to us.
enum PDFName: Equatable {
  case script, launch, embedded, encrypt
  case objectStream, first, count, filter, predictor, columns, colors, bits, parameters
  case packed(PDFFilter)
  case other

  static let table: [MarkupName: PDFName] = {
    let names: [(String, PDFName)] = [
      ("JS", .script), ("JavaScript", .script), ("Launch", .launch),
      ("EmbeddedFile", .embedded), ("EmbeddedFiles", .embedded), ("EF", .embedded),
      ("RichMedia", .embedded), ("FileAttachment", .embedded), ("Encrypt", .encrypt),
      ("ObjStm", .objectStream), ("First", .first), ("N", .count), ("Filter", .filter),
      ("Predictor", .predictor), ("Columns", .columns), ("Colors", .colors),
      ("BitsPerComponent", .bits), ("DecodeParms", .parameters), ("DP", .parameters),
      ("FlateDecode", .packed(.flate)), ("Fl", .packed(.flate)),
      ("ASCIIHexDecode", .packed(.hex)), ("AHx", .packed(.hex)),
      ("ASCII85Decode", .packed(.base85)), ("A85", .packed(.base85)),
      ("RunLengthDecode", .packed(.runLength)), ("RL", .packed(.runLength)),
      ("LZWDecode", .packed(.lzw)), ("LZW", .packed(.lzw)), ("Crypt", .packed(.other)),
    ]
    return Dictionary(uniqueKeysWithValues: names.map { (MarkupName(exactly: $0.0), $0.1) })
  }()
}

struct PDFObject {
  /// Filters of one stream that are undone; nobody chains more.
  static let filtersMax = 8

  private var isDeclared = false
  private var hasFirst = false
  private var hasCount = false
  private(set) var filters: [PDFFilter] = []
  private(set) var predictor = 1
  private(set) var columns = 1
  private(set) var colors = 1
  private(set) var bits = 8
  private var lastName = PDFName.other

  /// Its type need not be said: where an object is looked up in it, that is what it is.
  var isObjectStream: Bool { isDeclared || (hasFirst && hasCount) }

  mutating func take(_ name: PDFName) {
    lastName = name
    switch name {
    case .objectStream: isDeclared = true
    case .first: hasFirst = true
    case .count: hasCount = true
    case .packed(let filter):
      if filters.count < Self.filtersMax { filters.append(filter) }
    default: break
    }
  }

  /// A word that is no name: a number after one, or the beginning of another object. True when it
  /// needs no further look.
  mutating func take(_ word: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
    if PDFText.begins(bytes, word, "obj") {
      self = PDFObject()
      return true
    }
    guard bytes[word.lowerBound] &- 48 < 10 else { return false }
    var number = 0
    for index in word.prefix(9) {
      guard bytes[index] &- 48 < 10 else { break }
      number = number * 10 + Int(bytes[index] - 48)
    }
    switch lastName {
    case .predictor: predictor = number
    case .columns: columns = number
    case .colors: colors = number
    case .bits: bits = number
    default: break
    }
    lastName = .other
    return true
  }
}
