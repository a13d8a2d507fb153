// Small closed sets that stand in operand fields and in the details of queries.

extension RawRepresentable where RawValue == UInt8, Self: CaseIterable {
  /// The names of all cases, by raw values that count from 0, for those who ask at every message:
  /// to spell a case takes a microsecond and more.
  static func spelled(by separator: Character = "-") -> [String] {
    allCases.map { dashed("\($0)", by: separator) }
  }

  /// The name of a camel-case case as the rules write it: `hiddenText` is `hidden-text`.
  static func dashed(_ name: String, by separator: Character) -> String {
    var result = ""
    for character in name {
      if character.isUppercase {
        result.append(separator)
        result += character.lowercased()
      } else {
        result.append(character)
      }
    }
    return result
  }
}

/// RFC 5228 §5.4, RFC 6009 §4 and §5.
package enum EnvelopePart: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case from, to, auth
  case notify, orcpt, ret, envid
  case bytimeabsolute, bytimerelative, bymode, bytrace

  package var name: String { "\(self)" }

  package var phases: PhaseSet {
    switch self {
    case .from, .auth, .ret, .envid, .bytimeabsolute, .bytimerelative, .bymode, .bytrace:
      .from(.mail)
    case .to, .notify, .orcpt: .from(.rcpt)
    }
  }
}

package enum IPSide: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case client, server, direct
  package var name: String { "\(self)" }
}

/// What `header :mime` looks at in a field (RFC 5703 §4.2); `whole` is the plain value.
package enum MIMEAspect: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case whole, type, subtype, contenttype, param
  package var name: String { "\(self)" }
}

/// RFC 5260 §4.2.
package enum DatePart: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case year, month, day, date, julian, hour, minute, second, time, iso8601, std11, zone, weekday
  package var name: String { "\(self)" }
}

/// RFC 5173 §5.
package enum BodyTransform: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case raw, content, text
  package var name: String { "\(self)" }
}

/// What `duplicate` remembers: a text, or the value of the field that the text names (RFC 7352
/// §3.1).
package enum DuplicateSubject: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case text, header
}

/// RFC 5183 §4.1; those of ours have the prefix `vnd.defang.`.
package enum EnvironmentItem: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case domain, host, location, name, phase, version, remoteHost, remoteIP
  case helo, ptr, tls, authUser, queueID, policy, unknown

  package var name: String {
    switch self {
    case .remoteHost: "remote-host"
    case .remoteIP: "remote-ip"
    case .helo, .ptr, .tls, .policy: "vnd.defang.\(self)"
    case .authUser: "vnd.defang.auth-user"
    case .queueID: "vnd.defang.queue-id"
    default: "\(self)"
    }
  }
}

/// How grave an anomaly is.
package enum Severity: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case low, medium, high
  package var name: String { "\(self)" }
}

/// A property of a part that `part` compares.
package enum PartField: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case path, name, `extension`, declared, sniffed, kind, charset, encoding, disposition, sha256
  case size, depth, reading

  package var fieldName: String { "\(self)" }
}

/// A yes-or-no question about a part.
package enum PartQuestion: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  /// It holds other parts.
  case container
  /// Declared and sniffed type belong to different families.
  case lying
}

/// A property of an archive's member.
package enum MemberField: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case member, `extension`, sniffed, kind, size, depth
  package var name: String { "\(self)" }
}

/// What `part :trait` can find.
package enum PartTrait: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case macro, autoExec, externalTemplate, embeddedObject, pdfScript, pdfLaunch, pdfEmbedded
  case htmlScript, htmlForm, htmlIframe, dataUrl, hiddenText, svgScript
  case blobUrl, shortcutCommand, remoteShortcut, dde

  package var name: String { Self.spellings[Int(rawValue)] }
  private static let spellings = spelled()

  /// One line for people, without a full stop.
  package var meaning: String {
    switch self {
    case .macro: "an office document with macros"
    case .autoExec: "macros that run when the document is opened"
    case .externalTemplate: "an office document that loads a template from elsewhere"
    case .embeddedObject: "an office document that holds a file or program"
    case .pdfScript: "a PDF with JavaScript"
    case .pdfLaunch: "a PDF that starts a program"
    case .pdfEmbedded: "a PDF that holds files"
    case .htmlScript: "HTML with a script"
    case .htmlForm: "HTML with a form"
    case .htmlIframe: "HTML that shows another page or an object in a frame"
    case .dataUrl: "HTML with content in a data: address"
    case .hiddenText: "HTML with text that is not shown, as of a preview line or a trap for filters"
    case .svgScript: "an SVG picture with a script"
    case .blobUrl: "HTML that makes a file of its own content and offers it for download"
    case .shortcutCommand: "a shortcut that starts a program with a command of its own"
    case .remoteShortcut: "a shortcut to a file on another host"
    case .dde: "an office document with a field that asks another program (DDE)"
    }
  }
}

/// What `part :encrypted` can find.
package enum EncryptionKind: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case archive, office, pdf, mail
  package var name: String { "\(self)" }
}

/// What `canonicalize` can mend, by the names of the anomalies.
package enum Mendable: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case bareCr, bareLf, nul, duplicateHeaders, duplicateContentType, badBase64, missingEnd

  package var name: String { Self.dashed("\(self)", by: "-") }
}

/// How mail comes in (LANGUAGE.md §6).
package enum SubmissionKind: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case local, authenticated, remote
  package var name: String { "\(self)" }
}

/// Which way mail goes, given whose domains and clients are ours.
package enum MailDirection: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case `in`, out, inside, relay
  package var name: String { Self.spellings[Int(rawValue)] }
  private static let spellings = spelled()
}

package enum LogLevel: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case debug, info, notice, warning, error
  package var name: String { "\(self)" }
}

/// What is done to a text (RFC 5229 §4.1, RFC 5435 §6, the regex draft).
package enum TextModifier: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case lower, upper, lowerfirst, upperfirst, quotewildcard, quoteregex, encodeurl, length
  /// For text that becomes part of HTML.
  case escapehtml
  package var name: String { "\(self)" }
}

/// What a loop goes through.
package enum LoopKind: Sendable, Equatable {
  /// All parts of the message, or those inside the part of an outer loop.
  case parts(inside: Int?)
  case recipients

  /// 0: parts; 1: recipients; 2 and more: parts inside the part of that loop.
  package init?(code: Int) {
    switch code {
    case 0: self = .parts(inside: nil)
    case 1: self = .recipients
    case 2..<2 + ImageFormat.loopsMax: self = .parts(inside: code - 2)
    default: return nil
    }
  }

  package var code: Int {
    switch self {
    case .parts(nil): 0
    case .recipients: 1
    case .parts(.some(let loop)): 2 + loop
    }
  }
}
