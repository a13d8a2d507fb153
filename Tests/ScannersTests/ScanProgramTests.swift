// Programs as scanners: what each end means, what a program is given, and that nothing of it stays.
import Foundation
import MailLab
import Testing

@testable import Scanners

@Suite(.serialized) struct ScanProgramTests {
  private static func service(
    _ script: String, _ meanings: [Int32: ScanResult.Word] = [0: .clean, 1: .infected],
    words: [String] = [], seconds: Int = 30, calls: Int = 4, failures: Int = 5
  ) -> ScanService {
    let program = ScanProgram(
      name: "p", words: ["/bin/sh", "-c", script, "sh"] + words,
      timeoutMilliseconds: seconds * 1_000, meanings: meanings)
    var limits = ScannerLimits(for: .program(program))
    (limits.callsMax, limits.failuresMax) = (calls, failures)
    return ScanService(.program(program), [.program(name: "p")], limits)
  }

  private static func found(_ word: ScanResult.Word, _ name: String?) -> ScanAnswer {
    var result = ScanResult(word)
    result.name = name
    return .result(result)
  }

  static let long = String(repeating: "x", count: 300)

  static let ends: [(String, ScanAnswer)] = [
    ("exit 0", found(.clean, nil)), ("echo all is well; exit 0", found(.clean, nil)),
    ("echo Eicar; echo more; exit 1", found(.infected, "Eicar")),
    ("printf ' a\\tb '; exit 1", found(.infected, "a?b")), ("exit 1", found(.infected, nil)),
    ("echo; echo second; exit 1", found(.infected, nil)),
    ("echo \(long); exit 1", found(.infected, String(long.prefix(253)))),
    ("echo junk; exit 5", found(.spam, "junk")), ("exit 6", found(.suspicious, nil)),
    ("exit 2", .failed(.refused("it ended with 2"))),
    ("kill -9 $$", .failed(.unreachable("signal 9 ended it"))),
    ("head -c 1048577 /dev/zero", .failed(.tooLong)),
  ]

  @Test(arguments: ends)
  func eachEndHasItsMeaning(_ script: String, _ expected: ScanAnswer) async {
    let service = Self.service(script, [0: .clean, 1: .infected, 5: .spam, 6: .suspicious])
    #expect(await service.scan(ScanJob(bytes("mail"))) == expected)
  }

  /// On standard input always, as a file where a word wants one, nowhere else in a word.
  @Test(arguments: [
    ("cat", []), ("cat \"$1\"", ["%f"]), ("cat \"${1#--file=}\"", ["--file=%f"]),
    ("cmp -s - \"$1\" && cat \"$1\"", ["%f"]),
  ])
  func theContentIsHandedOver(_ script: String, _ words: [String]) async {
    let service = Self.service(script + "; exit 1", words: words)
    #expect(
      await service.scan(ScanJob(bytes("what it says\nx"))) == Self.found(.infected, "what it says")
    )
  }

  @Test func itsFolderIsItsOwnAndGoesWithIt() async throws {
    let script =
      "stat -c %a:%n \"$TMPDIR\"; mkdir -p \"$TMPDIR/a/b\"; touch \"$TMPDIR/a/b/c\"; exit 1"
    guard case .result(let result) = await Self.service(script).scan(ScanJob([65])) else {
      Issue.record("it did not run")
      return
    }
    let words = try #require(result.name).split(separator: ":")
    #expect(words.first == "700")
    let path = try #require(words.last.map(String.init))
    #expect(path.contains("/defang-program."))
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func wordsAreNoShell() async {
    let program = ScanProgram(
      name: "p", words: ["/bin/echo", "$HOME;", "`id`"], timeoutMilliseconds: 30_000,
      meanings: [0: .infected])
    let service = ScanService(.program(program), [.program(name: "p")])
    #expect(await service.scan(ScanJob([65])) == Self.found(.infected, "$HOME; `id`"))
  }

  @Test func largeContentPasses() async {
    let job = ScanJob([UInt8](repeating: 65, count: 2_000_000))
    let service = Self.service("wc -c; exit 1")
    #expect(await service.scan(job) == Self.found(.infected, "2000000"))
  }

  @Test func whatIsNotThereIsUnreachable() async {
    let program = ScanProgram(
      name: "p", words: ["/nonexistent/scanner"], timeoutMilliseconds: 30_000)
    let service = ScanService(.program(program), [.program(name: "p")])
    guard case .failed(.unreachable) = await service.scan(ScanJob([65])) else {
      Issue.record("it ran")
      return
    }
    let reports = await service.probe()
    #expect(reports.map(\.failure) == [.unreachable("/nonexistent/scanner is no program")])
  }

  /// By its own time or that of the call, and with all that it has started.
  @Test(arguments: [(1, 60_000), (60, 1_000)])
  func itEndsWithItsTime(_ seconds: Int, _ callMilliseconds: Int) async {
    let service = Self.service("sleep 600 & sleep 600", seconds: seconds)
    let job = ScanJob([65], timeoutMilliseconds: callMilliseconds)
    #expect(await service.scan(job) == .failed(.timedOut(.answer)))
  }

  @Test func whoeverIsNotWantedEnds() async throws {
    let folder = try LabDirectory()
    let service = Self.service("echo $$ > \(folder.path)/pid; exec sleep 600")
    let call = Task { await service.scan(ScanJob([65])) }
    #expect(await Laboratory.eventually { folder.text("pid").hasSuffix("\n") })
    call.cancel()
    #expect(await call.value == .failed(.cancelled))
    let process = folder.text("pid").trimmingCharacters(in: .whitespacesAndNewlines)
    #expect(!FileManager.default.fileExists(atPath: "/proc/\(process)/cmdline"))
  }

  @Test func oneThatFailsIsLeftAlone() async {
    let service = Self.service("kill -9 $$", failures: 2)
    for _ in 1...2 {
      #expect(await service.scan(ScanJob([65])) == .failed(.unreachable("signal 9 ended it")))
    }
    #expect(await service.scan(ScanJob([65])) == .failed(.leftAlone))
  }

  @Test func callsAtOnceAreBounded() async throws {
    let folder = try LabDirectory()
    // Each makes a file, counts them, and goes.
    let script = """
      touch \(folder.path)/$$; ls \(folder.path) | wc -l; sleep 0.05; rm \(folder.path)/$$; exit 1
      """
    let service = Self.service(script, calls: 2)
    let most = await withTaskGroup(of: Int.self) { group in
      for _ in 1...12 {
        group.addTask {
          guard case .result(let result) = await service.scan(ScanJob([65])) else { return 99 }
          return result.name.flatMap { Int($0) } ?? 99
        }
      }
      return await group.reduce(0) { max($0, $1) }
    }
    #expect((1...2).contains(most))
  }
}
