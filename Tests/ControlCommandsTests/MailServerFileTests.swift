// What is read from mail servers' own files: continuation lines, values within values, lists with
// braces, services, time spans.
import Testing

@testable import ControlCommands

struct MailServerFileTests {
  private func postfix(_ main: String, _ master: String = "") -> PostfixFiles {
    PostfixFiles(folder: "/etc/postfix", main: Array(main.utf8), master: Array(master.utf8))
  }

  @Test func readsParameters() {
    let files = postfix(
      """
      # a remark
      queue_directory=/q
      milters = unix:a,
        # a remark within
         inet:localhost:8891
      smtpd_milters = $milters ${queue_directory}/x $(nothing)
      again = 1
      again = 2
      loop = $loop
      """)
    #expect(files.value("queue_directory") == "/q")
    #expect(files.value("smtpd_milters").split(separator: " ").last == "/q/x")
    #expect(
      files.milters("milters").map(\.address) == ["unix:a", "inet:localhost:8891"])
    #expect(files.value("again") == "2")
    #expect(files.value("milter_content_timeout") == "300s")
    #expect(files.value("loop") == "$loop")
    #expect(files.value("none") == "")
  }

  @Test func readsFiltersWithTheirOwnSettings() {
    let files = postfix(
      "smtpd_milters = unix:/a { inet:h:1, command_timeout=9s, default_action=accept } inet:h:2")
    #expect(
      files.milters("smtpd_milters") == [
        .init(address: "unix:/a", options: [:]),
        .init(
          address: "inet:h:1", options: ["command_timeout": "9s", "default_action": "accept"]),
        .init(address: "inet:h:2", options: [:]),
      ])
  }

  @Test func readsServices() {
    let files = postfix(
      "a = 1",
      """
      smtp      inet  n       -       y       -       -       smtpd
      #submission inet n - y - - smtpd
      submission inet n       -       -       -       -       smtpd
        -o smtpd_milters=unix:/b
        -o a=2
      cleanup   unix  n       -       y       -       0       cleanup
      """)
    #expect(files.servers.map(\.name) == ["smtp", "submission"])
    #expect(files.servers.map(\.isChrooted) == [true, false])
    #expect(files.value("a", for: files.servers[1]) == "2")
    #expect(files.value("a", for: files.servers[0]) == "1")
    #expect(files.cleanup?.isChrooted == true)
  }

  @Test(arguments: [
    ("30", 30), ("30s", 30), ("5m", 300), ("2h", 7_200), ("1d", 86_400), ("1w", 604_800),
    ("x", nil), ("", nil), ("s", nil), ("99999999999999999999s", nil),
  ])
  func readsSpans(_ text: String, _ seconds: Int?) {
    #expect(PostfixFiles.seconds(text) == seconds)
  }

  @Test func readsSendmail() throws {
    let file = SendmailFile(
      path: "/x",
      Array(
        """
        O InputMailFilters=defang,other
        Xdefang, S=unix:/run/defang/defang.sock, F=T, T=C:10s;S:10s;R:30s;E:2m
        Xother, S=inet:1@localhost
        """.utf8))
    #expect(file.asked == ["defang", "other"])
    let first = try #require(file.filters.first)
    #expect(first.name == "defang" && first.address == "unix:/run/defang/defang.sock")
    #expect(first.flags == "T" && first.seconds("R") == 30 && first.seconds("E") == 120)
    #expect(file.filters[1].flags == "" && file.filters[1].seconds("R") == 10)
    #expect(SendmailFile("/nowhere/sendmail.cf") == nil)
    #expect(PostfixFiles("/nowhere") == nil)
  }
}
