// What `limits` of a policy means for the reader of mail and for the machine.
internal import FileContents
internal import MailMessage
internal import RuleBytecode

extension MailLimits {
  func lowered(by limits: [LimitName: Int]) -> MailLimits {
    var mail = self
    mail.partsMax.lower(to: limits[.parts])
    mail.depthMax.lower(to: limits[.depth])
    mail.headersMax.lower(to: limits[.headers])
    mail.headerBytesMax.lower(to: limits[.headerBytes])
    mail.parametersMax.lower(to: limits[.parameters])
    mail.namesMax.lower(to: limits[.names])
    mail.readingsMax.lower(to: limits[.readings])
    mail.readingBytesMax.lower(to: limits[.readingBytes])
    mail.embeddedFilesMax.lower(to: limits[.embeddedFiles])
    mail.embeddedBytesMax.lower(to: limits[.embeddedBytes])
    return mail
  }
}

extension MachineLimits {
  func lowered(by limits: [LimitName: Int]) -> MachineLimits {
    var machine = self
    machine.decodedSpaceBytesMax.lower(to: limits[.decodedBytes])
    machine.documentBytesMax.lower(to: limits[.archiveBytes])
    machine.archives.entriesMax.lower(to: limits[.archiveEntries])
    machine.archives.ratioMax.lower(to: limits[.archiveRatio])
    machine.archives.depthMax.lower(to: limits[.archiveDepth])
    machine.archives.unpackedBytesMax.lower(to: limits[.archiveBytes])
    machine.checksMax.lower(to: limits[.checks])
    machine.recordsMax.lower(to: limits[.records])
    machine.bodyTextBytesMax.lower(to: limits[.textBytes])
    return machine
  }
}
