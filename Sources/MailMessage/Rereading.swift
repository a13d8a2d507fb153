// What a reading in another way needs to know, and how what is new in it is told from what is not.

/// The state of the readings after the first.
struct Rereading {
  /// How delimiters are told from content.
  enum Manner {
    /// As RFC 2046 §5.1.1 says.
    case standard
    /// A line that begins like a delimiter is one, whatever follows.
    case prefix
    /// A multipart goes on after its end.
    case pastEnd
    /// A line that can be a delimiter of two multiparts is one of the outer.
    case outermost
    /// Only the innermost open multipart has delimiters.
    case innermost
    /// No line of a header is a delimiter.
    case pastHeaders
  }

  /// Whether an outer delimiter stands in an inner multipart that goes on behind it.
  struct Crossing {
    private var isSeen = false
    private(set) var isConfirmed = false

    /// Whether the delimiter of the frame `index` counts, when those below `lowest` do not.
    mutating func confirms(_ index: Int, _ lowest: Int) -> Bool {
      guard index >= lowest else {
        isSeen = true
        return false
      }
      if isSeen { isConfirmed = true }
      return true
    }
  }

  /// Whether any part is in doubt.
  var isNeeded = false
  /// Of the reading that is under way; 0 is that of the standards.
  var number = 0
  var keptCount = 0
  /// The part of reading 0 that is read again.
  var target: Int?
  /// The count of parts before this reading.
  var base = 0
  var manner = Manner.standard
  /// Whether the standards have this reading too.
  var isExpected = false
  var crossing = Crossing()
  /// Whether a CR without a LF ends lines too; then `returnsAsLineFeeds` are the bytes.
  var readsReturns = false
  var returnsAsLineFeeds: [UInt8] = []
  /// How many buffers there are besides the message's, and their bytes together.
  var bufferCount = 0
  var bufferBytes = 0
  /// How many files were found inside of parts.
  var fileCount = 0
  /// How many bytes were read again.
  var bytesRead = 0
  /// How many bytes may still be read again.
  var bytesLeft = 0
  /// The parts without children that there are.
  var known: Set<PartKey> = []
}

/// What makes two parts show the same. Plain text that differs only in where it ends does: what one
/// reading has at its end, the other has as parts.
struct PartKey: Hashable {
  let buffer: Int
  let header: Range<Int>
  let body: Range<Int>
  let type: String
  let subtype: String
  let encoding: TransferEncoding

  init(_ part: Part) {
    buffer = part.bufferNumber
    header = part.header
    let isText = part.contentType == .plainText && part.encoding.isIdentity
    body = part.body.lowerBound..<(isText ? part.body.lowerBound : part.body.upperBound)
    type = part.contentType.type
    subtype = part.contentType.subtype
    encoding = part.encoding
  }
}

extension Part {
  /// The same bytes as of another type, without what was found in them.
  func redeclared(
    as type: ContentType, encoding: TransferEncoding, reading: Int, from body: Range<Int>
  ) -> Part {
    Part(
      source: source.redeclared(as: type, encoding: encoding), parent: parent,
      body: body.lowerBound..<body.lowerBound,
      outer: outer.lowerBound..<max(outer.lowerBound, body.lowerBound), reading: reading,
      structuralAnomalies: AnomalySet(), target: target, readsReturns: readsReturns)
  }
}

extension PartSource {
  fileprivate func redeclared(as type: ContentType, encoding: TransferEncoding) -> PartSource {
    PartSource(
      path: path, depth: depth, fields: fields, header: header, contentType: type,
      isTypeDeclared: isTypeDeclared, encoding: encoding, encodingName: encodingName,
      bytes: bytes, bufferNumber: bufferNumber, givenNames: givenNames, limits: limits)
  }
}
