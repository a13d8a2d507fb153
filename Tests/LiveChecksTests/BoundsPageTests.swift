// docs/STORES.md names every cache and store with its bound: the values there are the code's.
import Foundation
import LiveChecks
import MilterBridge
import PolicyMemory
import Resolver
import RuleVM
import Scanners
import Stores
import Submission
import TableText
import Testing

struct BoundsPageTests {
  private static let page = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs/STORES.md")

  static let bounds: [(name: String, value: String)] = [
    ("DNSCacheLimits.entriesMax", count(DNSCacheLimits().entriesMax)),
    ("DNSCacheLimits.bytesMax", bytes(DNSCacheLimits().bytesMax)),
    ("ResolverLimits.openMax", count(ResolverLimits().openMax)),
    ("ResolverLimits.askersMax", count(ResolverLimits().askersMax)),
    ("TableCallLimits.keptBytesMax", bytes(TableCallLimits().keptBytesMax)),
    ("TableCallLimits.waitingMax", count(TableCallLimits().waitingMax)),
    ("TableCallLimits.idleMax", count(TableCallLimits().idleMax)),
    ("CalloutLimits.entriesMax", count(CalloutLimits().entriesMax)),
    ("CalloutLimits.flightsMax", count(CalloutLimits().flightsMax)),
    ("CalloutLimits.placesMax", count(CalloutLimits().placesMax)),
    ("ScannerLimits.callsMax", count(ScannerLimits(for: .clamd).callsMax)),
    ("ScannerLimits.waitingMax", count(ScannerLimits(for: .clamd).waitingMax)),
    ("TableLimits.fileBytesMax", bytes(TableLimits().fileBytesMax)),
    ("TableLimits.entriesMax", count(TableLimits().entriesMax)),
    ("MemoryLimits.waitingMax", count(MemoryLimits().waitingMax)),
    ("MemoryLimits.knownMax", count(MemoryLimits().knownMax)),
    ("MemoryLimits.networksMax", count(MemoryLimits().networksMax)),
    ("MemoryLimits.ratesMax", count(MemoryLimits().ratesMax)),
    ("MemoryLimits.duplicatesMax", count(MemoryLimits().duplicatesMax)),
    ("MemoryLimits.sendersMax", count(MemoryLimits().sendersMax)),
    ("QuarantineLimits.entriesMax", count(QuarantineLimits().entriesMax)),
    ("QuarantineLimits.bytesMax", bytes(QuarantineLimits().bytesMax)),
    ("SubmissionLimits.queuedMailsMax", count(SubmissionLimits().queuedMailsMax)),
    ("SubmissionLimits.queuedBytesMax", bytes(SubmissionLimits().queuedBytesMax)),
    ("SubmissionLimits.failedMailsMax", count(SubmissionLimits().failedMailsMax)),
    ("BridgeLimits.sessionsMax", count(BridgeLimits().sessionsMax)),
    ("BridgeLimits.messageBytesMax", bytes(BridgeLimits().messageBytesMax)),
    ("BridgeLimits.queueBytesMax", bytes(BridgeLimits().queueBytesMax)),
    ("MachineLimits.checksMax", count(MachineLimits().checksMax)),
    ("MachineLimits.recipientChecksMax", count(MachineLimits().recipientChecksMax)),
  ]

  private static func count(_ value: Int) -> String {
    let digits = Array(String(value))
    let groups = stride(from: digits.count, to: 0, by: -3).map {
      String(digits[max(0, $0 - 3)..<$0])
    }
    return groups.reversed().joined(separator: ",")
  }

  private static func bytes(_ value: Int) -> String {
    for (power, unit) in [(30, "GiB"), (20, "MiB"), (10, "KiB")]
    where value % (1 << power) == 0 && value >= 1 << power {
      return "\(value >> power) \(unit)"
    }
    return "\(count(value)) bytes"
  }

  @Test(arguments: bounds.map(\.name)) func isOnThePage(_ name: String) throws {
    let value = try #require(Self.bounds.first { $0.name == name }).value
    let lines = try String(contentsOf: Self.page, encoding: .utf8).split(separator: "\n")
    let row = lines.filter { $0.hasPrefix("|") && $0.contains("`\(name)`") }
    #expect(row.count == 1 && row[0].hasSuffix("| \(value) | `\(name)` |"), "| \(value) |")
  }

  /// The page has no bound that the code has not.
  @Test func nothingElseIsThere() throws {
    let text = try String(contentsOf: Self.page, encoding: .utf8)
    let named = text.split(separator: "\n").filter { $0.hasPrefix("|") && $0.contains("Limits.") }
    #expect(named.count == Self.bounds.count)
  }
}
