// What stands in for the outside in sessions of the harness: for every kind of check a quiet
// answer, a loud one, a failure, or none in time.
internal import FileContents
internal import RuleBytecode
internal import RuleVM

extension SampleSession.Answers {
  /// Nil when there is no answer in time.
  func answer(to kind: CheckKind) -> CheckAnswer? {
    switch self {
    case .none: Self.quiet(kind)
    case .listed: Self.loud(kind)
    case .failed: .failed(kind.failure)
    case .late: nil
    }
  }

  private static func quiet(_ kind: CheckKind) -> CheckAnswer {
    switch kind {
    case .dnsbl, .hashbl, .table: .values([])
    case .mx: .values(["ok"])
    case .dkim: .values(["pass example.net s1"])
    case .rdns: .fields(["confirmed": "yes", "dynamic": "no"])
    case .spf, .dmarc, .arc: .fields(["result": "pass"])
    case .scan: .fields(["result": "clean", "score": "0.5"])
    case .callout: .fields(["code": "250", "text": "ok"])
    case .greylist, .rate, .duplicate, .knownSender, .suite: .truth(false)
    case .unpack: .archive(ArchiveReport())
    case .errands: .errands([])
    }
  }

  private static var full: ArchiveReport {
    var report = ArchiveReport()
    report.members = (0..<50).map {
      ArchiveMember(
        names: ["folder/\($0).exe", "\($0).scr"], nesting: ["a.rar"], sizes: [1 << 40],
        isEncrypted: $0 % 2 == 0,
        readings: [.init(kind: nil, mimeType: nil, head: Array("some text".utf8))])
    }
    report.isEncrypted = true
    report.anomalies = [.archivePath]
    report.limitsHit = [.archiveDepth]
    return report
  }

  private static func loud(_ kind: CheckKind) -> CheckAnswer {
    let long = String(repeating: "long ", count: 200)
    return switch kind {
    case .dnsbl, .hashbl: .values(["127.0.0.2"])
    case .table: .values(["value"])
    case .mx: .values(["bogus", "missing"])
    case .dkim: .values(["fail example.net s1", "permerror example.org s2"])
    case .rdns: .fields(["confirmed": "no", "dynamic": "yes", "name": long])
    case .spf: .fields(["result": "softfail"])
    case .dmarc: .fields(["result": "fail", "policy": "reject"])
    case .arc: .fields(["result": "fail"])
    case .scan: .fields(["result": "spam", "score": "40.25", "symbols": long, "report": long])
    case .callout: .fields(["code": "550", "enhanced": "5.1.1", "text": long])
    case .greylist: .fields(["wait": "300"])
    case .knownSender: .fields(["count": "12", "first": "8640000", "wrote": "60"])
    case .rate, .duplicate, .suite: .truth(true)
    case .unpack: .archive(full)
    case .errands: .errands([])
    }
  }
}
