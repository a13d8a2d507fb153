// The orders that a plan holds: edits of parts and of the message, and why one is not carried out.

/// What becomes of one part.
package enum PartEdit: Sendable, Equatable {
  /// As received; takes back all earlier edits of the same part.
  case keep
  case drop
  case replace(Replacement)
  /// An attached message behind a text (RFC 5703 §6).
  case enclose(Enclosure)
  /// Another file name: all that any program could take for one goes.
  case rename(String)
  /// Another media type. The name and, for a text, the charset stay.
  case settype(String)
  /// Another content.
  case rewrite(ContentRewrite)
  /// HTML that a text part beside it makes redundant goes: this part, or all such inside of it.
  case stripRedundantHTML

  /// Orders that take back what was ordered before them.
  var settles: Bool {
    switch self {
    case .keep, .drop, .replace, .enclose: true
    case .rename, .settype, .rewrite, .stripRedundantHTML: false
    }
  }

  /// Two of the same kind count once.
  func isSameKind(as other: PartEdit) -> Bool {
    switch (self, other) {
    case (.rename, .rename), (.settype, .settype), (.stripRedundantHTML, .stripRedundantHTML): true
    case (.rewrite(let one), .rewrite(let two)): one.isSameKind(as: two)
    default: false
    }
  }
}

/// A text in front of a part that becomes an attached message.
package struct Enclosure: Sendable, Equatable {
  package var text: [UInt8]
  package var subject: [UInt8]?
  /// Fields of the new header; of a part that is no message, fields of the attached one.
  package var fields: [Field]

  package struct Field: Sendable, Equatable {
    package let name: String
    package let value: [UInt8]

    /// `Name: value`; nil where no field can be called so.
    package init?(_ line: [UInt8]) {
      guard let colon = line.firstIndex(of: 0x3A) else { return nil }
      name = String(decoding: line[..<colon], as: UTF8.self)
      value = Array(line[(colon + 1)...])
      guard HeaderText.isValidName(name), !HeaderText.isContentField(name) else { return nil }
    }

    init(_ name: String, _ value: [UInt8]) {
      self.name = name
      self.value = value
    }
  }

  package init(text: [UInt8], subject: [UInt8]? = nil, fields: [Field] = []) {
    self.text = text
    self.subject = subject
    self.fields = fields
  }

  /// The subject is a field like others.
  var allFields: [Field] { (subject.map { [Field("Subject", $0)] } ?? []) + fields }
}

/// An edit that is for no part of its own.
package enum MessageEdit: Sendable, Equatable {
  /// A text for the warnings.
  case warn([UInt8])
  /// Texts at the end of the first text and the first HTML, or of all of them.
  case disclaimer(Insertion, all: Bool)
  /// A text for the list of links at the end of the message.
  case link([UInt8])
  /// A new part, before (`first`) or behind the content. It stands in the top multipart/mixed,
  /// which is made where there is none.
  case addPart(Replacement, first: Bool)
  /// The message written anew, so that there is one way to read it; or, of what is odd about it,
  /// only these. Parts that are signed or encrypted stay as they are.
  case canonicalize(only: Set<Mend>?)
}

/// What mending takes out of a message.
package enum Mend: String, CaseIterable, Sendable {
  /// A CR that no LF follows goes.
  case bareCR = "bare-cr"
  /// A LF without CR before it becomes CRLF.
  case bareLF = "bare-lf"
  /// A NUL goes.
  case nul
  /// Of a field that may stand once the first stays.
  case duplicateHeaders = "duplicate-headers"
  /// Of several Content-Type fields the first stays.
  case duplicateContentType = "duplicate-content-type"
  /// Broken base64 is written anew from what it decodes to.
  case badBase64 = "bad-base64"
  /// A multipart without its closing delimiter gets it.
  case missingEnd = "missing-end"
}

/// Where the warnings of a message stand, and what stands before them (`warnings`).
package struct WarningStyle: Sendable, Equatable {
  package enum Place: String, CaseIterable, Sendable { case inline, first, last }

  package var place: Place
  package var preamble: [UInt8]

  package init(place: Place = .first, preamble: [UInt8] = []) {
    self.place = place
    self.preamble = preamble
  }
}

/// An edit of a part, as a rule asked for it.
struct OrderedPartEdit: Sendable {
  let part: Int
  let edit: PartEdit
  let breaksSignature: Bool
  let record: Int?
}

/// An edit of the message, as a rule asked for it.
struct OrderedMessageEdit: Sendable {
  let edit: MessageEdit
  let breaksSignature: Bool
  let record: Int?
}

/// Why an edit was not carried out.
package enum EditRefusal: Sendable, Equatable {
  /// The part (index in `MailMessage.parts`) is signed, or inside of something signed.
  case signed(part: Int)
  /// The part is encrypted, or inside of something encrypted.
  case encrypted(part: Int)
  /// Not a field name (RFC 5322 §2.2).
  case headerName(String)
  /// A type that this part cannot have: what is no multipart becomes none by its name.
  case type(String, part: Int)
  /// There is no text that a disclaimer could be put into.
  case noText

  /// For the trace and the log; `path` names a part.
  package func shown(_ path: (Int) -> String) -> String {
    switch self {
    case .signed(let part): "part \(path(part)) is signed"
    case .encrypted(let part): "part \(path(part)) is encrypted"
    case .headerName(let name): "'\(name)' is no field name"
    case .type(let type, let part): "part \(path(part)) cannot become \(type)"
    case .noText: "the message has no text"
    }
  }
}
