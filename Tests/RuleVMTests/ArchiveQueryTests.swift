// Questions about what archives hold: every member that some program finds, nothing unread passed
// over in silence.

import FileContents
import FileTypes
import RuleBytecode
import Testing

@testable import RuleVM

struct ArchiveQueryTests {
  private static let plain = TestZip(.init("docs/"), .init("docs/a.txt"), .init("evil.EXE")).mail
  private static let padded = TestZip(.init("a.exe\0.txt"), .init("b.txt")).mail
  private static let nested = TestZip(
    .init("inner.zip", bytes: TestZip(.init("run.scr", bytes: TestZip.program)).bytes)
  ).mail
  private static let lying = TestZip(.init("a.txt", localName: "a.exe")).mail
  private static let locked = TestZip(.init("a.pdf", encrypted: true)).mail
  private static let texts = TestZip(
    .init("a.txt", "Dear reader, this is a text."), .init("b.txt", "And this is another one.")
  ).mail
  private static let several = TestZip.mail(
    TestZip(.init("a.exe")).bytes + TestZip(.init("a.txt")).bytes)
  private static let climbing = TestZip(.init("../a.txt")).mail
  private static let cut = TestZip.mail(Array(TestZip(.init("a.exe")).bytes.dropLast(22)))
  private static let picture = TestZip.mail(
    Array("GIF89a and much more".utf8) + TestZip(.init("a.js")).bytes, name: "a.gif")
  private static let rar = TestZip.mail(Array("Rar!\u{1A}\u{7}\0 and more".utf8), name: "a.rar")
  private static let rarBehind = TestZip.mail(
    Array("what stands before it is of no kind".utf8) + Array("Rar!\u{1A}\u{7}\0 and more".utf8))
  private static let rarInside = TestZip(
    .init("a.rar", "Rar!\u{1A}\u{7}\0 and more"), .init("b.exe")
  ).mail
  private static let disk = TestZip.mail(Array("conectix".utf8) + [UInt8](repeating: 0, count: 600))

  static let members = [
    OwnCase(#"part :archive "extension" "exe""#, .yes, in: .part, message: plain),
    OwnCase(#"part :archive "extension" ["scr", "js"]"#, .no, in: .part, message: plain),
    OwnCase(#"part :archive "extension" "exe""#, .yes, in: .part, message: padded),
    OwnCase(#"part :archive :matches "member" "docs/*""#, .yes, in: .part, message: plain),
    OwnCase(#"part :archive "member" "evil.EXE""#, .yes, in: .part, message: plain),
    OwnCase(#"part :archive "member" "evil.exe""#, .yes, in: .part, message: plain),
    OwnCase(#"part :archive :count "ge" "member" "3""#, .yes, in: .part, message: plain),
    OwnCase(#"part :archive :count "gt" "member" "3""#, .no, in: .part, message: plain),
    OwnCase(#"part :archive "size" "4""#, .yes, in: .part, message: plain),
    OwnCase(#"part :archive "size" "5""#, .no, in: .part, message: plain),
    OwnCase(#"part :archive "extension" "scr""#, .yes, in: .part, message: nested),
    OwnCase(#"part :archive "kind" "executable""#, .yes, in: .part, message: nested),
    OwnCase(#"part :archive "depth" "2""#, .yes, in: .part, message: nested),
    OwnCase(#"part :archive "depth" "3""#, .no, in: .part, message: nested),
    OwnCase(
      #"part :archive "sniffed" "application/vnd.microsoft.portable-executable""#, .yes, in: .part,
      message: nested),
    OwnCase(#"part :archive "sniffed" "text/plain""#, .yes, in: .part, message: texts),
    OwnCase(#"part :archive "kind" "text""#, .yes, in: .part, message: texts),
    OwnCase(#"part :archive :all "kind" "text""#, .yes, in: .part, message: texts),
    OwnCase(#"part :archive :all "kind" "text""#, .no, in: .part, message: nested),
    OwnCase(#"part :archive :all "extension" "txt""#, .yes, in: .part, message: texts),
    OwnCase(#"part :archive :all "extension" "txt""#, .no, in: .part, message: lying),
    OwnCase(#"part :archive "extension" "exe""#, .yes, in: .part, message: lying),
    OwnCase(#"part :archive "extension" "exe""#, .yes, in: .part, message: several),
    OwnCase(#"part :archive "extension" "exe""#, .yes, in: .part, message: cut),
    OwnCase(#"part :archive "extension" "js""#, .yes, in: .part, message: picture),
    OwnCase(#"part :archive "kind" "other""#, .yes, in: .part, message: locked),
    OwnCase(#"part :archive "kind" "pdf""#, .no, in: .part, message: locked),
    OwnCase(#"part :archive "member" "x""#, .no, in: .part),
  ]

  static let oddities = [
    OwnCase(#"part :encrypted "archive""#, .yes, in: .part, message: locked),
    OwnCase(#"part :encrypted "archive""#, .no, in: .part, message: plain),
    OwnCase(#"part :encrypted "archive""#, .no, in: .part),
    OwnCase(#"part :anomaly "zip-directory-mismatch""#, .yes, in: .part, message: lying),
    OwnCase(#"anomaly "zip-directory-mismatch""#, .yes, message: lying),
    OwnCase(#"anomaly :severity "high" "zip-directory-mismatch""#, .yes, message: lying),
    OwnCase(#"anomaly "zip-directory-mismatch""#, .no, message: nested),
    OwnCase(#"anomaly "zip-several-directories""#, .yes, message: several),
    OwnCase(#"part :anomaly ["nul", "archive-path"]"#, .yes, in: .part, message: climbing),
    OwnCase(#"anomaly :severity "high" "archive-path""#, .no, message: climbing),
    OwnCase(#"anomaly "archive-damaged""#, .yes, message: cut),
    OwnCase(#"anomaly "zip-overlap""#, .no, message: plain),
    OwnCase(#"anomaly"#, .no, message: lying),
  ]

  private static let other: ArchiveReport = {
    var report = ArchiveReport()
    report.members = [
      ArchiveMember(
        names: ["run.scr"], sizes: [9],
        readings: [.init(kind: .executable, mimeType: "application/x-dosexec")])
    ]
    return report
  }()
  private static let answered: [CheckKind: [CheckAnswer]] = [.unpack: [.archive(other)]]
  private static let lost: [CheckKind: [CheckAnswer]] = [
    .unpack: [.failed(.limit, reason: "killed")]
  ]
  private static let broken: [CheckKind: [CheckAnswer]] = [.unpack: [.failed(.internal)]]

  static let elsewhere = [
    OwnCase(
      #"part :archive "extension" "scr""#, .yes, in: .part, message: rar, answers: answered),
    OwnCase(
      #"part :archive "extension" "exe""#, .no, in: .part, message: rar, answers: answered),
    OwnCase(
      #"part :archive "extension" "scr""#, .failed(.limit), in: .part, message: rar, answers: lost),
    // Unpackers look for a RAR behind anything.
    OwnCase(
      #"part :archive "extension" "scr""#, .yes, in: .part, message: rarBehind, answers: answered),
    OwnCase(
      #"part :archive "extension" "scr""#, .failed(.limit), in: .part, message: rarBehind,
      answers: lost),
    OwnCase(
      #"part :archive "extension" "scr""#, .failed(.internal), in: .part, message: rar,
      answers: broken),
    OwnCase(
      #"part :archive "kind" "text""#, .failed(.internal), in: .part, message: rar,
      answers: [.unpack: [.truth(true)]]),
    // What is known decides without it.
    OwnCase(#"part :archive "extension" "exe""#, .yes, in: .part, message: rarInside),
    OwnCase(#"part :archive :all "extension" "rar""#, .no, in: .part, message: rarInside),
    OwnCase(
      #"part :archive "extension" "scr""#, .yes, in: .part, message: rarInside, answers: answered),
    OwnCase(
      #"part :archive :all "extension" "scr""#, .yes, in: .part, message: rar, answers: answered),
    OwnCase(
      #"part :archive :count "eq" "member" "1""#, .yes, in: .part, message: rar,
      answers: answered),
    OwnCase(#"part :encrypted "archive""#, .no, in: .part, message: rar, answers: answered),
    OwnCase(
      #"part :encrypted ["mail", "archive"]"#, .failed(.limit), in: .part, message: rar,
      answers: lost),
    OwnCase(#"anomaly "archive-damaged""#, .no, message: rar, answers: answered),
    OwnCase(#"anomaly "archive-damaged""#, .failed(.limit), message: rar, answers: lost),
    // Read by nobody.
    OwnCase(#"part :archive "extension" "scr""#, .failed(.limit), in: .part, message: disk),
    OwnCase(#"part :encrypted "archive""#, .failed(.limit), in: .part, message: disk),
  ]

  @Test(arguments: members + oddities + elsewhere)
  func saysWhatIsInIt(_ one: OwnCase) throws { try one.check() }

  private func session(
    _ body: String, _ message: String, _ change: (inout MachineLimits) -> Void = { _ in }
  ) throws -> PolicySession {
    var limits = MachineLimits()
    change(&limits)
    let source = "on_error :limit \"continue\" :internal \"continue\"; phase part { \(body) }"
    let session = try TestPolicy.session(source, limits: limits)
    _ = session.mail("<ann@example.net>")
    _ = session.recipient("<bob@example.com>")
    _ = session.endOfMessage(message)
    return session
  }

  @Test func memberName() throws {
    let session = try session(
      #"rule "r" { if part :archive "kind" "executable" { log "${member.name}"; } }"#, Self.nested)
    #expect(session.logged == ["inner.zip/run.scr"])
  }

  @Test func inALoop() throws {
    let source = #"""
      on_error :limit "continue" :internal "continue";
      phase eom { rule "r" { foreverypart {
        if part :archive "extension" "exe" { log "${part.path} ${member.name}"; }
        if part :anomaly "zip-directory-mismatch" { log "odd"; }
        if part :encrypted "archive" { log "locked"; }
      } } }
      """#
    let session = try TestPolicy.session(source)
    _ = session.mail("<ann@example.net>")
    _ = session.endOfMessage(Self.lying)
    #expect(session.logged == ["1 a.txt", "odd"])
  }

  /// Once read, whatever is asked afterwards.
  @Test func limitsAreSaid() throws {
    let body = #"""
      rule "r" { if failed part :archive "extension" "js" { log "failed"; } }
      rule "s" { if limit_hit "archive-depth" { log "deep"; } }
      rule "t" { if part :archive "extension" "zip" { log "found"; } }
      """#
    let shallow = try session(body, Self.nested) { $0.archives.depthMax = 1 }
    #expect(shallow.logged == ["failed", "deep", "found"])
    #expect(shallow.limitsHit == ["archive-depth"])
    let deep = try session(body, Self.nested) { $0.archives.depthMax = 2 }
    #expect(deep.logged == ["found"])
    #expect(deep.limitsHit == [])
  }

  @Test func limitsOfThePolicy() throws {
    let source = #"""
      on_error :limit "continue"; limits :archive_entries 2;
      phase part { rule "r" { if limit_hit "archive-entries" { log "before"; }
        if failed part :archive "extension" "js" { log "failed"; }
        if limit_hit "archive-entries" { log "many"; } } }
      """#
    let session = try TestPolicy.session(source)
    _ = session.mail("<ann@example.net>")
    _ = session.endOfMessage(Self.plain)
    #expect(session.logged == ["failed", "many"])
  }

  @Test func textsAreBounded() throws {
    let body = #"rule "r" { if failed part :archive "member" "x" { log "failed"; } }"#
    let count = Self.plain
    #expect(try session(body, count) { $0.memberTextsMax = 3 }.logged == [])
    #expect(try session(body, count) { $0.memberTextsMax = 2 }.logged == ["failed"])
    let bytes = "docs/docs/a.txtevil.EXE".utf8.count
    #expect(try session(body, count) { $0.memberTextBytesMax = bytes }.logged == [])
    #expect(try session(body, count) { $0.memberTextBytesMax = bytes - 1 }.logged == ["failed"])
  }

  /// All archives of a message are paid from one account.
  @Test func accountIsShared() throws {
    let zip = TestZip.base64(TestZip(.init("a"), .init("b")).bytes)
    let part = "Content-Type: application/zip\nContent-Transfer-Encoding: base64\n\n\(zip)\n"
    let message = "Content-Type: multipart/mixed; boundary=x\n\n--x\n\(part)\n--x\n\(part)\n--x--\n"
    let body = #"rule "r" { if failed part :archive "member" "x" { log "${part.path}"; } }"#
    #expect(try session(body, message) { $0.archives.entriesMax = 4 }.logged == [])
    #expect(try session(body, message) { $0.archives.entriesMax = 3 }.logged == ["1.2"])
  }

  /// The order holds all that another process needs.
  @Test func order() throws {
    let session = try session(
      #"rule "r" { if part :archive "extension" "scr" { log "found"; } }"#, Self.rar)
    guard let request = session.machine.requests.first else {
      Issue.record("nothing is asked")
      return
    }
    #expect(request.kind == .unpack && request.name == "part 1")
    #expect(request.order?.bytes == Array("Rar!\u{1A}\u{7}\0 and more".utf8))
    #expect(request.order?.name == "a.rar")
    #expect(request.timeoutMilliseconds == 10_000)
    _ = session.answer(request.id, .archive(Self.other))
    #expect(session.logged == ["found"])
  }
}
