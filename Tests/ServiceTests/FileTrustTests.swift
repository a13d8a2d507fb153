// Who may change a file, a folder above it, or what a link leads to. Needs root, for files of
// others.
import FileTrust
import Foundation
import MailLab
import Testing

@testable import Service

struct FileTrustTests {
  private struct Place {
    let folder: LabDirectory
    var file: String { folder.path + "/inner/policy.rules" }

    init() throws {
      folder = try LabDirectory()
      try folder.makeDirectory("inner")
      try folder.write("inner/policy.rules", "keep;")
      try set(0o644, "inner/policy.rules")
      try set(0o755, "inner")
    }

    func set(_ mode: Int, _ name: String, user: Int? = nil, group: Int? = nil) throws {
      var facts: [FileAttributeKey: Any] = [.posixPermissions: mode]
      if let user { facts[.ownerAccountID] = user }
      if let group { facts[.groupOwnerAccountID] = group }
      try FileManager.default.setAttributes(facts, ofItemAtPath: folder.path + "/" + name)
    }

    func doubt(_ kind: FileTrust.Kind = .rules, _ name: String = "inner/policy.rules")
      -> FileDoubt.Reason?
    {
      FileTrust.doubt(about: folder.path + "/" + name, as: kind)?.reason
    }
  }

  private static let nobody = 65_534

  @Test func oneOfRootIsBelieved() throws {
    let place = try Place()
    #expect(place.doubt() == nil)
    // Root's group, and another owner, are whom the administrator means.
    try place.set(0o664, "inner/policy.rules", group: 0)
    #expect(place.doubt() == nil)
    try place.set(0o644, "inner/policy.rules", user: Self.nobody)
    #expect(place.doubt() == nil)
    #expect(place.doubt(.rules, "inner/none") == nil)
  }

  @Test func writersAreNamed() throws {
    let place = try Place()
    try place.set(0o646, "inner/policy.rules")
    #expect(place.doubt() == .writableByOthers(mode: 0o646))
    #expect(place.doubt(.list) == .writableByOthers(mode: 0o646))
    try place.set(0o664, "inner/policy.rules", group: Self.nobody)
    #expect(place.doubt() == .writableByGroup("nogroup", mode: 0o664))
    #expect(place.doubt(.list) == nil)
    let doubt = try #require(FileTrust.doubt(about: place.file, as: .rules))
    #expect(
      doubt.message == "\(doubt.path) may be written by the group 'nogroup' (mode 0664): chmod g-w"
        + " \(doubt.path)")
  }

  @Test func foldersCount() throws {
    let place = try Place()
    try place.set(0o757, "inner")
    #expect(place.doubt() == .writableByOthers(mode: 0o757))
    try place.set(0o775, "inner", group: Self.nobody)
    #expect(place.doubt() == .writableByGroup("nogroup", mode: 0o775))
    #expect(place.doubt(.list) == .writableByGroup("nogroup", mode: 0o775))
  }

  /// In a folder like /tmp the owner counts.
  @Test func aStickyFolderKeepsWhatIsRoots() throws {
    let place = try Place()
    try place.set(0o1777, "inner")
    #expect(place.doubt() == nil)
    try place.set(0o644, "inner/policy.rules", user: Self.nobody)
    #expect(place.doubt() == .foreign(owner: "nobody"))
  }

  @Test func linksAreFollowedAndTheirFolderCounts() throws {
    let place = try Place()
    try place.folder.makeDirectory("links")
    try FileManager.default.createSymbolicLink(
      atPath: place.folder.path + "/links/policy", withDestinationPath: place.file)
    #expect(place.doubt(.rules, "links/policy") == nil)
    try place.set(0o777, "links")
    #expect(place.doubt(.rules, "links/policy") == .writableByOthers(mode: 0o777))
    try place.set(0o755, "links")
    try place.set(0o666, "inner/policy.rules")
    #expect(place.doubt(.rules, "links/policy") == .writableByOthers(mode: 0o666))
  }

  @Test func ownFilesAreNobodyElses() throws {
    let place = try Place()
    #expect(place.doubt(.ownFile) == nil)
    try FileManager.default.linkItem(
      atPath: place.file, toPath: place.folder.path + "/inner/second")
    #expect(place.doubt(.ownFile) == .hardLink)
    try FileManager.default.removeItem(atPath: place.folder.path + "/inner/second")
    try place.set(0o644, "inner/policy.rules", user: Self.nobody)
    #expect(place.doubt(.ownFile) == .foreign(owner: "nobody"))
    #expect(FileTrust.doubt(about: place.file, as: .ownFile, users: [65_534]) == nil)
    #expect(place.doubt(.folder) == .otherKind)
    #expect(place.doubt(.folder, "inner") == nil)
    #expect(place.doubt(.rules, "inner") == .otherKind)
    try place.set(0o750, "inner", user: Self.nobody)
    #expect(place.doubt(.folder, "inner") == .foreign(owner: "nobody"))
  }

  @Test func linksAndPipesAreNoPIDFile() throws {
    let place = try Place()
    try FileManager.default.createSymbolicLink(
      atPath: place.folder.path + "/pid", withDestinationPath: place.file)
    #expect(throws: StartFailure.self) { try PIDFile(path: place.folder.path + "/pid").write() }
    #expect(place.folder.text("inner/policy.rules") == "keep;")
    #expect(try ToolRun(["mkfifo", place.folder.path + "/pipe"]).status == .code(0))
    #expect(throws: StartFailure.self) { try PIDFile(path: place.folder.path + "/pipe").write() }
    #expect(place.doubt(.rules, "pipe") == .otherKind)
    // One of before is replaced, and at the end only ours is taken away.
    let pid = PIDFile(path: place.file)
    try pid.write()
    #expect(place.folder.text("inner/policy.rules") == "\(getpid())\n")
    try place.folder.write("inner/policy.rules", "1\n")
    pid.remove()
    #expect(place.folder.text("inner/policy.rules") == "1\n")
    try pid.write()
    pid.remove()
    #expect(!FileManager.default.fileExists(atPath: place.file))
  }
}
