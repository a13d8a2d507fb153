// What can befall the daemon while a mail server speaks with it, as the rows of the table in
// docs/OPERATIONS.md.
import MailLab

enum DaemonFault: String, CaseIterable {
  case workerKilled = "the worker is killed (`kill -9`)"
  case masterKilled = "the master is killed, and the message takes more than the 4 s that are left"
  case workerStopped = "the worker stands still (`kill -STOP`)"
  case masterStopped = "the master stands still"
  case noDescriptors = "no descriptor is left"
  case clockSetBack = "the clock is set back by a day"
  case fullDiskKept = "the disk is full, and the message is to be kept"
  case fullDiskOther = "the disk is full, another message"
  case readOnlyKept = "the disk is read-only, and the message is to be kept"
  case readOnlyOther = "the disk is read-only, another message"
  case noNames = "the name servers are gone, `on_error :dns \"continue\"`"
  case noNamesTempfail = "the name servers, with `\"tempfail\"`"
  case noScanner = "the scanners are gone, `on_error :scanner \"continue\"`"
  case noScannerTempfail = "the scanners, with `\"tempfail\"`"

  /// Played on libmilter too: where the two engines have code of their own.
  var concernsEngine: Bool {
    switch self {
    case .workerKilled, .masterKilled, .workerStopped, .masterStopped, .clockSetBack: true
    default: false
    }
  }

  /// It comes while a message is in hand, which waits for a name server at its end.
  var comesInHand: Bool {
    switch self {
    case .workerKilled, .masterKilled, .workerStopped, .clockSetBack: true
    default: false
    }
  }

  var isOfDisk: Bool {
    switch self {
    case .fullDiskKept, .fullDiskOther, .readOnlyKept, .readOnlyOther: true
    default: false
    }
  }

  var asksScanner: Bool { self == .noScanner || self == .noScannerTempfail }

  /// The message ends in the quarantine, not with its recipient.
  var keepsMessage: Bool { self == .fullDiskKept || self == .readOnlyKept }

  /// With `{scanner}` for a place.
  var policy: String {
    let answer =
      self == .noNamesTempfail || self == .noScannerTempfail ? "tempfail" : "continue"
    let rule =
      switch self {
      case .masterKilled:
        // One after the other: together longer than what is left, and than any way to end.
        """
        if mx :missing :timeout 50 "silent.example" { reject "No mail exchanger"; }
        if scan "late" { reject "Infected"; }
        """
      case _ where comesInHand:
        "if mx :missing :timeout 50 \"silent.example\" { reject \"No mail exchanger\"; }"
      case _ where isOfDisk:
        "if header :contains \"subject\" \"kept\" { quarantine \"looked at first\"; }"
      case .noNames, .noNamesTempfail:
        "if dnsbl \"list.example\" { reject \"Listed\"; }"
      case _ where asksScanner:
        "if scan \"clamav\" { reject \"Infected\"; }"
      default: "addheader \"X-Seen\" \"yes\";"
      }
    let scanner = asksScanner ? "scanner :clamd \"{scanner}\" \"clamav\";" : ""
    let late = self == .masterKilled ? Self.lateScanner : ""
    return """
      require ["defang", "extlists"];
      on_error :dns "\(answer)" :scanner "\(answer)" :store "tempfail";
      \(scanner)\(late)
      phase eom { rule "all" { \(rule) } }
      """
  }

  /// Takes five seconds to find nothing.
  private static let lateScanner = """
    program ["/bin/sh", "-c", "sleep 5"] :timeout 20 "late";
    scanner :program "late" :infected ["3"] "late";
    """

  /// What the daemon is started by.
  /// - Parameter folder: holds the library that moves its clock, and how far.
  func launcher(_ folder: String) -> [String] {
    switch self {
    case .noDescriptors: ["prlimit", "--nofile=160:160"]
    case .clockSetBack:
      ["env", "LD_PRELOAD=\(folder)/clock-shift.so", "CLOCK_SHIFT=\(folder)/clock"]
    default: []
    }
  }
}

/// What came of it.
struct FaultOutcome: Equatable {
  /// What the client was told.
  var answer: SMTPReply
  /// What it was told when it sent the message again, after the fault; nil when it need not.
  var again: SMTPReply?
  /// How often the message is where it belongs.
  var copies: Int
}
