// Jobs by the clock in a real daemon: they run again and again, and end with their policy.
import Foundation
import MailLab
import Testing

@Suite(.serialized) final class JobTests {
  private let folder: String
  private let daemon: DaemonUnderTest

  init() throws {
    folder = "/tmp/defang-jobs." + UUID().uuidString.prefix(12)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    let options = DaemonUnderTest.Options(rulesPath: folder + "/policy.rules")
    daemon = try DaemonUnderTest(options, address: "unix:\(folder)/milter")
  }

  deinit {
    daemon.kill()
    try? FileManager.default.removeItem(atPath: folder)
  }

  private func write(_ job: String) throws {
    let policy = "require \"defang\";\nevery 1 \"\(job)\" { event \"\(job)\"; }\n"
    try Data(policy.utf8).write(to: URL(filePath: folder + "/policy.rules"))
  }

  private func count(_ job: String) -> Int {
    daemon.log.components(separatedBy: "every \(job): event event=\(job)").count - 1
  }

  @Test func runsUntilTheReload() throws {
    try write("tick")
    try daemon.start()
    #expect(Laboratory.waitUntil(timeoutSeconds: 60) { self.count("tick") >= 2 })
    try write("tock")
    try daemon.reload()
    #expect(Laboratory.waitUntil(timeoutSeconds: 60) { self.count("tock") >= 1 })
    let ticks = count("tick")
    #expect(Laboratory.waitUntil(timeoutSeconds: 60) { self.count("tock") >= 3 })
    #expect(count("tick") == ticks)
    #expect(daemon.terminate() == .code(0))
  }
}
