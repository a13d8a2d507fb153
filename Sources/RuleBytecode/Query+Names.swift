// The words for what a query asks in detail, for the disassembler.

extension QueryFlags {
  /// With the tags that set them.
  package static let names: [(flag: QueryFlags, name: String)] = [
    (.last, "last"), (.mime, "mime"), (.anyChild, "anychild"), (.originalZone, "originalzone"),
    (.all, "all"),
  ]
}

extension QuerySource {
  /// What that detail is; nil for one without a name.
  package func detailName(_ detail: UInt8) -> String? {
    switch self {
    case .header: MIMEAspect(rawValue: detail)?.name
    case .envelope: EnvelopePart(rawValue: detail)?.name
    case .date, .currentDate: DatePart(rawValue: detail)?.name
    case .body: BodyTransform(rawValue: detail)?.name
    case .environment: EnvironmentItem(rawValue: detail)?.name
    case .ip: IPSide(rawValue: detail)?.name
    case .tls: detail == 0 ? "any" : "verified"
    case .spamtest: detail == 0 ? "tenths" : "percent"
    case .anomaly: Severity(rawValue: detail)?.name
    case .part: PartField(rawValue: detail)?.fieldName
    case .partIs: PartQuestion(rawValue: detail).map { "\($0)" }
    case .archive: MemberField(rawValue: detail)?.name
    default: nil
    }
  }
}
