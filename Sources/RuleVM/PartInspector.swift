// A message's parts as rules see them, for whoever shows them: the machine itself answers, so that
// nothing is shown that rules would not see. Trusts the bytes for nothing; the machine's limits
// hold, all but the fuel.
internal import FileContents
package import FileTypes
package import MailMessage
package import RuleBytecode

/// What rules can know of one part.
package struct PartFacts: Sendable {
  package let part: Part
  /// libmagic's name; nil where the content could not be had.
  package let sniffed: String?
  /// The first is `part.kind`; empty where the content could not be had.
  package let kinds: [FileKind]
  /// One more than are compared, where there are more.
  package let names: [String]
  /// Of the first name; nil without one.
  package let `extension`: String?
  package let charset: String?
  package let disposition: String?
  /// Bytes of the content, decoded; nil where a limit was hit.
  package let size: Int?
  package let anomalies: [AnomalyName]
  package let traits: [PartTrait]
  package let encryption: [EncryptionKind]
  /// Of an archive, those of archives inside of it included; folders are left out.
  package let members: [MemberFacts]
  /// Not all members are known: a format that another process reads, a limit, hidden names.
  package let hasUnknownMembers: Bool
}

/// What rules can know of a file in an archive.
package struct MemberFacts: Sendable {
  /// With the archives around it.
  package let name: String
  /// The first kind that its content may have; nil where it could not be had.
  package let kind: FileKind?
  /// As the first header says; nil where none does.
  package let size: UInt64?
  package let isEncrypted: Bool
}

package struct PartInspector: ~Copyable {
  private var machine: Machine

  /// - Parameter bytes: A message as it comes from the wire, with CRLF.
  package init(
    _ bytes: [UInt8], limits: MachineLimits = MachineLimits(),
    mailLimits: MailLimits = MailLimits(), types: TypeOracle = TypeOracle()
  ) {
    var limits = limits
    limits.fuelMax = .max / 2
    machine = Machine(
      variableCount: 0, limits: limits, types: types, patterns: PatternShelf())
    machine.message = MailMessage(bytes, limits: mailLimits)
    machine.hitMessageCap = bytes.count > LimitName.messageBytes.most
  }

  /// The message with the parts that were found so far: looking into one may find others.
  package var message: MailMessage {
    guard let message = machine.message else { preconditionFailure("it has one from the start") }
    return message
  }

  /// Limits that the message has hit so far.
  package var limitsHit: [LimitName] {
    let names = machine.limitNames
    return LimitName.allCases.filter { names.contains($0.name) }
  }

  /// All that is known of the part of that index in `message.parts`.
  package mutating func facts(of index: Int) -> PartFacts {
    let part = message.parts[index]
    // What cannot be had is not there; which limit was hit is told by `limitsHit`.
    let size = (try? machine.content(of: index))?.length
    let kind = try? machine.kind(of: index)
    let further = (try? machine.furtherKinds(of: index))?.kinds ?? []
    let names = (try? machine.candidates(.name, of: index)) ?? part.names
    let extensions = (try? machine.candidates(.extension, of: index)) ?? []
    let mail = (try? machine.mailAnomalies(of: index)) ?? []
    let content = (try? machine.contentAnomalies(of: index, [.polyglot, .officeDamaged])) ?? []
    let findings = try? machine.findings(of: index)
    let archive = (try? machine.archive(of: index))?.report
    let isEncryptedMail = (try? machine.isEncryptedMail(index)) ?? false
    return PartFacts(
      part: part, sniffed: try? machine.sniffed(of: index),
      kinds: (kind.map { [$0] } ?? []) + further, names: names, extension: extensions.first,
      charset: part.charset, disposition: part.disposition, size: size,
      anomalies: mail + content
        + AnomalyName.allCases.filter {
          archive?.anomalies.contains($0) == true && !content.contains($0)
        },
      traits: PartTrait.allCases.filter { findings?.traits.contains($0) == true },
      encryption: EncryptionKind.allCases.filter {
        findings?.encryption.contains($0) == true || ($0 == .mail && isEncryptedMail)
          || ($0 == .archive && archive?.isEncrypted == true)
      },
      members: (archive?.members ?? []).filter { !$0.isFolder }.map(facts(of:)),
      hasUnknownMembers: archive?.isComplete == false)
  }

  private func facts(of member: ArchiveMember) -> MemberFacts {
    let reading = member.readings.first
    var kind = reading?.kind
    if kind == nil, let head = reading?.head, !head.isEmpty {
      kind =
        machine.types.quickKind(of: head.span)
        ?? machine.types.mimeType(of: head.span).map { FileKind.kind(ofMIMEType: $0) }
    }
    return MemberFacts(
      name: member.path, kind: kind, size: member.sizes.first, isEncrypted: member.isEncrypted)
  }

  /// Oddities of the message, those of its structure alone.
  package mutating func anomalies() -> [AnomalyName] { (try? machine.messageAnomalies()) ?? [] }
}
