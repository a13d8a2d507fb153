// What a session costs while it waits: at most 30 KB beyond a process that does nothing.

import Foundation
import RuleBytecode
import Testing

@testable import RuleVM

struct SuspendedMemoryTests {
  /// In a process of its own, where no other test allocates.
  @Test func aSuspendedSessionIsSmall() async {
    await #expect(processExitsWith: .success) {
      let policy = try TestPolicy.load(
        """
        on_error :dns "tempfail";
        define "listed" dnsbl ["z.example", "y.example"];
        phase rcpt {
          rule "asks" {
            set :message "m" "${sender} ${rcpt}";
            if anyof (ip "client" "10.0.0.0/8", is "listed") { reject "${m}"; }
          }
        }
        """)
      func waiting() -> PolicySession {
        let session = TestPolicy.session(policy)
        _ = session.connect()
        _ = session.helo("client.example")
        _ = session.mail("<someone@example.net>")
        #expect(session.recipient("<somebody@example.com>").requests.count == 2)
        return session
      }
      // What the first ones allocate for good is not counted.
      var sessions = (0..<100).map { _ in waiting() }
      let before = try Self.residentBytes()
      let count = 2_000
      for _ in 0..<count { sessions.append(waiting()) }
      let each = (try Self.residentBytes() - before) / count
      #expect(sessions.count == count + 100)
      // Less than the registers alone would mean that nothing was measured.
      guard each > 2_000, each <= 30 << 10 else { exit(1) }
    }
  }

  /// VmRSS by /proc/self/statm, its second number: resident pages.
  private static func residentBytes() throws -> Int {
    let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    return try #require(pages) * Int(sysconf(Int32(_SC_PAGESIZE)))
  }
}
