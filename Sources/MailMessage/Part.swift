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

/// One part; part "1" is the message itself.
package struct Part: Sendable {
  /// "1", "1.2", "1.2.1": the message inside a message/rfc822 part P is "P.1".
  package let path: String
  /// Index in `MailMessage.parts`.
  package internal(set) var parent: Int?
  /// 0 for part "1".
  package let depth: Int
  /// Indices in `MailMessage.parts`, ascending. A part of an alternative reading is listed only
  /// under parts of the same reading.
  package internal(set) var children: [Int] = []
  /// The part's own header, in order.
  package let fields: [HeaderField]
  /// The header with the blank line that ends it; `header.upperBound == body.lowerBound`.
  package let header: Range<Int>
  /// The content, without the line end before the next delimiter (RFC 2046 §5.1.1).
  package internal(set) var body: Range<Int>
  /// In a multipart: from the start of the delimiter line before the part to the start of the next
  /// delimiter line, so that cutting it out drops the part. Elsewhere the same as `extent`.
  package internal(set) var outer: Range<Int>
  /// The declared type, or what holds without one.
  package let contentType: ContentType
  /// Whether a readable Content-Type was there.
  package let isTypeDeclared: Bool
  package let encoding: TransferEncoding
  /// As declared, lower-case; nil without a Content-Transfer-Encoding.
  package let encodingName: String?
  /// 0: the reading of the standards. Others are of parts that some mail programs would show; they
  /// come after all parts of reading 0, and have the path of the part that they read again.
  package internal(set) var reading: Int
  /// What the structure alone shows; `anomalies` has all.
  package internal(set) var structuralAnomalies: AnomalySet
  /// What the ranges are of: the message's buffer, shared; or, for what was found inside of
  /// another part, a buffer that was decoded for it.
  package let bytes: [UInt8]
  /// Whether `bytes` is the message's own buffer.
  package let isInMessage: Bool
  /// The part that an edit of this one changes: itself, or for an alternative reading and for what
  /// was found inside of a part, the part of the standard reading whose bytes they share.
  package let target: Int
  /// How the content is decoded, where its encoding is broken.
  package internal(set) var variant = ContentVariant.standard
  /// Names that no header declares: those of files inside of texts and of TNEF.
  package let givenNames: [String]
  /// Which of the reader's buffers `bytes` is: 0 is the message's own.
  let bufferNumber: Int
  /// Whether a CR without a LF ended lines when it was read.
  var readsReturns = false
  /// Why the part may be read in other ways.
  var doubts = Doubts()
  /// The boundary that divides it, where that is not the one that it declares first.
  var givenBoundary: [UInt8]?
  let parametersMax: Int
  /// Names that are compared; `names` holds one more when there are more.
  package let namesMax: Int

  /// Header and body as they stand in the parent, without delimiters.
  package var extent: Range<Int> { header.lowerBound..<body.upperBound }

  /// Whether the content was read as parts.
  package var isContainer: Bool { !children.isEmpty }
}
