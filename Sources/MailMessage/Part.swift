// A part of a message: byte ranges of the message's buffer and what its header says.
// What costs something (names, charset, disposition, anomalies) is computed when asked for.

/// The declared type of a part (RFC 2045 §5), lower-cased.
package struct ContentType: Sendable, Equatable {
  package let type: String
  package let subtype: String

  package init(type: String, subtype: String) {
    self.type = type
    self.subtype = subtype
  }

  /// What a part without (or with an unreadable) Content-Type is (RFC 2045 §5.2).
  package static let plainText = ContentType(type: "text", subtype: "plain")
  /// What a part of a multipart/digest without Content-Type is (RFC 2046 §5.1.5).
  package static let message = ContentType(type: "message", subtype: "rfc822")

  /// `type/subtype`.
  package var name: String { "\(type)/\(subtype)" }
  package var isMultipart: Bool { type == "multipart" }
  /// Whether the content is a message of its own (RFC 2046 §5.2.1, RFC 6532 §3.7).
  package var isMessage: Bool {
    type == "message" && (subtype == "rfc822" || subtype == "global")
  }
}

/// How the content of a part is encoded (RFC 2045 §6).
package enum TransferEncoding: UInt8, Sendable {
  case sevenBit, eightBit, binary, quotedPrintable, base64, uuencode
  /// Declared, but by a name that nobody defined; the bytes are taken as they are.
  case unknown

  /// Whether the content stands in the message as it is.
  package var isIdentity: Bool {
    switch self {
    case .sevenBit, .eightBit, .binary, .unknown: true
    case .quotedPrintable, .base64, .uuencode: false
    }
  }
}

/// What a part is read from and what its header declares; nothing of it changes. One object that
/// all copies of a part share: with its fields in the part itself, each copy counts eight
/// references.
package final class PartSource: Sendable {
  let path: String
  let depth: Int
  let fields: [HeaderField]
  let header: Range<Int>
  let contentType: ContentType
  let isTypeDeclared: Bool
  let encoding: TransferEncoding
  let encodingName: String?
  let bytes: [UInt8]
  let bufferNumber: Int
  let givenNames: [String]
  let limits: MailLimits

  init(
    path: String, depth: Int, fields: [HeaderField], header: Range<Int>,
    contentType: ContentType, isTypeDeclared: Bool, encoding: TransferEncoding,
    encodingName: String?, bytes: [UInt8], bufferNumber: Int, givenNames: [String],
    limits: MailLimits
  ) {
    self.path = path
    self.depth = depth
    self.fields = fields
    self.header = header
    self.contentType = contentType
    self.isTypeDeclared = isTypeDeclared
    self.encoding = encoding
    self.encodingName = encodingName
    self.bytes = bytes
    self.bufferNumber = bufferNumber
    self.givenNames = givenNames
    self.limits = limits
  }
}

/// One part; part "1" is the message itself.
package struct Part: Sendable {
  let source: PartSource
  /// Index in `MailMessage.parts`.
  package internal(set) var parent: Int?
  /// Indices in `MailMessage.parts`, ascending. A part of an alternative reading is listed only
  /// under parts of the same reading.
  package internal(set) var children: [Int] = []
  /// The content, without the line end before the next delimiter (RFC 2046 §5.1.1).
  package internal(set) var body: Range<Int>
  /// In a multipart: from the start of the delimiter line before the part to the start of the next
  /// delimiter line, so that cutting it out drops the part. Elsewhere the same as `extent`.
  package internal(set) var outer: Range<Int>
  /// 0: the reading of the standards. Others are of parts that some mail programs would show; they
  /// come after all parts of reading 0, and have the path of the part that they read again.
  package internal(set) var reading: Int
  /// What the structure alone shows; `anomalies` has all.
  package internal(set) var structuralAnomalies: AnomalySet
  /// The part that an edit of this one changes: itself, or for an alternative reading and for what
  /// was found inside of a part, the part of the standard reading whose bytes they share.
  package let target: Int
  /// How the content is decoded, where its encoding is broken.
  package internal(set) var variant = ContentVariant.standard
  /// Whether a CR without a LF ended lines when it was read.
  var readsReturns = false
  /// Why the part may be read in other ways.
  var doubts = Doubts()
  /// The boundary that divides it, where that is not the one that it declares first.
  var givenBoundary: [UInt8]?

  /// Header and body as they stand in the parent, without delimiters.
  package var extent: Range<Int> { header.lowerBound..<body.upperBound }

  /// Whether the content was read as parts.
  package var isContainer: Bool { !children.isEmpty }
}

/// What its source says.
extension Part {
  /// "1", "1.2", "1.2.1": the message inside a message/rfc822 part P is "P.1".
  package var path: String { source.path }
  /// 0 for part "1".
  package var depth: Int { source.depth }
  /// The part's own header, in order.
  package var fields: [HeaderField] { source.fields }
  /// The header with the blank line that ends it; `header.upperBound == body.lowerBound`.
  package var header: Range<Int> { source.header }
  /// The declared type, or what holds without one.
  package var contentType: ContentType { source.contentType }
  /// Whether a readable Content-Type was there.
  package var isTypeDeclared: Bool { source.isTypeDeclared }
  package var encoding: TransferEncoding { source.encoding }
  /// As declared, lower-case; nil without a Content-Transfer-Encoding.
  package var encodingName: String? { source.encodingName }
  /// What the ranges are of: the message's buffer, shared; or, for what was found inside of
  /// another part, a buffer that was decoded for it.
  package var bytes: [UInt8] { source.bytes }
  /// Whether `bytes` is the message's own buffer.
  package var isInMessage: Bool { source.bufferNumber == 0 }
  /// Names that no header declares: those of files inside of texts and of TNEF.
  package var givenNames: [String] { source.givenNames }
  /// Which of the reader's buffers `bytes` is: 0 is the message's own.
  var bufferNumber: Int { source.bufferNumber }
  var parametersMax: Int { source.limits.parametersMax }
  /// Names that are compared; `names` holds one more when there are more.
  package var namesMax: Int { source.limits.namesMax }
}
