// What the daemon may, and by whose files it runs: it refuses those that others may write, root
// that was not meant, and what was planted where it writes; and as it runs it has no rights left.
import Foundation
import MailLab
import Testing

@Suite("Rights and files of the daemon", .serialized)
struct RightsTests {
  private struct Place {
    let folder: LabDirectory
    let config: String

    init() throws {
      folder = try LabDirectory()
      try folder.write("list", "a@example.org\n")
      try folder.write(
        "policy.rules",
        """
        require ["defang", "envelope", "extlists"];
        table :file "\(folder.path)/list" :type "address" "list";
        phase mail {
          rule "listed" { if envelope :list "from" "table:list" { reject :code "550" "no"; } }
        }
        """)
      config = try folder.write(
        "defangd.conf",
        """
        rules "policy.rules"; listen "unix:\(folder.path)/sock"; user "nobody";
        state "\(folder.path)/state"; pid "\(folder.path)/pid";
        """)
    }

    func check(_ words: [String] = []) throws -> ToolRun {
      try ToolRun(["defangd", "--config", config, "--check-config"] + words)
    }

    func set(_ mode: Int, _ name: String) throws {
      try FileManager.default.setAttributes(
        [.posixPermissions: mode], ofItemAtPath: folder.path + "/" + name)
    }
  }

  @Test(
    "files that others may write are refused", arguments: ["policy.rules", "defangd.conf", "list"])
  func refusesWhatOthersMayWrite(name: String) throws {
    let place = try Place()
    let fine = try place.check()
    #expect(fine.status == .code(0), "\(fine.output)")
    try place.set(0o666, name)
    let refused = try place.check()
    #expect(refused.status == .code(78))
    let path = "\(place.folder.path)/\(name)"
    #expect(
      refused.output.contains("\(path) may be written by others (mode 0666): chmod o-w \(path)"),
      "\(refused.output)")
    let start = try ToolRun(["defangd", "--config", place.config])
    #expect(start.status == .code(78) && start.output.contains("may be written by others"))
  }

  @Test("an image that others may write is refused")
  func refusesImages() throws {
    let place = try Place()
    let image = place.folder.path + "/policy.drc"
    let made = try ToolRun(["defang-rulec", "-o", image, place.folder.path + "/policy.rules"])
    #expect(made.status == .code(0), "\(made.output)")
    #expect(try place.check(["--rules", image]).status == .code(0))
    try place.set(0o664, "policy.drc")
    #expect(try place.check(["--rules", image]).status == .code(0), "root's group may")
    try place.set(0o646, "policy.drc")
    let refused = try place.check(["--rules", image])
    #expect(refused.status == .code(78) && refused.output.contains("the policy is refused"))
  }

  @Test("modules of a policy count")
  func refusesModules() throws {
    let folder = try LabDirectory()
    try folder.write("module.rules", "require [\"defang\"]; define \"late\" false;\n")
    let policy = try folder.write(
      "policy.rules", "require [\"defang\"]; include \"module.rules\";\n")
    let words = ["defang-rulec", "--guarded", "--check", policy]
    let fine = try ToolRun(words)
    #expect(fine.status == .code(0), "\(fine.output)")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o666], ofItemAtPath: folder.path + "/module.rules")
    let refused = try ToolRun(words)
    #expect(refused.status == .code(78))
    #expect(refused.output.contains("module.rules may be written by others"), "\(refused.output)")
  }

  @Test("root stays root only when that is said")
  func rootHasToBeMeant() throws {
    let place = try Place()
    try place.folder.write(
      "defangd.conf",
      "rules \"policy.rules\"; listen \"unix:\(place.folder.path)/sock\"; state \"/run\";")
    for words in [["--check-config"], []] {
      let run = try ToolRun(["defangd", "--config", place.config] + words)
      #expect(run.status == .code(78))
      #expect(run.output.contains("started by root it would stay root: set 'user'"))
    }
    let meant = try place.check(["--user", "root"])
    #expect(meant.status == .code(0), "\(meant.output)")
  }

  @Test("what is planted where it writes ends the start", arguments: ["pid", "sock", "state"])
  func refusesWhatIsPlanted(name: String) throws {
    let place = try Place()
    let path = place.folder.path + "/" + name
    let precious = try place.folder.write("precious", "keep me")
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: precious)
    #expect(try ToolRun(["chown", "-h", "daemon", path]).status == .code(0))
    let link = try ToolRun(["defangd", "--config", place.config])
    #expect(link.status == .code(78), "\(link.output)")
    #expect(place.folder.text("precious") == "keep me")
    try FileManager.default.removeItem(atPath: path)
    #expect(try ToolRun(["mkfifo", path]).status == .code(0))
    let pipe = try ToolRun(["defangd", "--config", place.config])
    #expect(pipe.status == .code(78), "\(pipe.output)")
    #expect(try ToolRun(["test", "-p", path]).status == .code(0), "it is not ours to remove")
  }

  @Test("as it runs nothing is left of root's rights")
  func hasNoRightsLeft() throws {
    let place = try Place()
    var options = DaemonUnderTest.Options(rulesPath: "")
    options.configPath = place.config
    let daemon = try DaemonUnderTest(options, address: "")
    try daemon.start()
    let master = place.folder.text("pid").trimmingCharacters(in: .whitespacesAndNewlines)
    for process in [master] + daemon.workers.map(String.init) {
      let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
      for line in [
        "Uid:\t65534\t65534\t65534\t65534", "Umask:\t0027", "NoNewPrivs:\t1",
        "CapPrm:\t0000000000000000", "CapEff:\t0000000000000000",
      ] {
        #expect(status.contains(line + "\n"), "\(line): \(status)")
      }
      let limits = try String(contentsOfFile: "/proc/\(process)/limits", encoding: .utf8)
      let core = limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") }
      #expect(core?.split(separator: " ").filter { $0 == "0" }.count == 2, "\(limits)")
    }
    #expect(daemon.terminate() == .code(0), "\(daemon.log)")
  }
}
