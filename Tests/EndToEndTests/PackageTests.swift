// What an administrator gets: what `make install` puts where, a unit that gives little away, and
// the Debian package, installed into a copy of this machine beside both mail servers.
import Foundation
import MailLab
import Testing

@Suite("Installation and package", .serialized)
struct PackageTests {
  private static let make = [
    "make", "--no-print-directory", "-C", Laboratory.checkout, "PRODUCTS=\(Laboratory.products)",
    "CONFIG=debug",
  ]

  /// Files below a folder, as paths from there.
  private static func files(_ folder: String) -> Set<String> {
    let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return Set(
      names.filter {
        let facts = try? FileManager.default.attributesOfItem(atPath: "\(folder)/\($0)")
        return facts?[.type] as? FileAttributeType == .typeRegular
      })
  }

  @Test("what is installed is taken away again, but for the configuration")
  func installsAndUninstalls() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "defang-install-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let words = Self.make + ["DESTDIR=\(folder)", "PREFIX=/usr", "COMPLETIONS=\(folder).made"]
    defer { try? FileManager.default.removeItem(atPath: folder + ".made") }
    let install = try ToolRun(words + ["install"], timeoutSeconds: 300)
    #expect(install.status == .code(0), "\(install.output)")
    let installed = Self.files(folder)
    for name in [
      "usr/sbin/defangd", "usr/sbin/defangctl", "usr/bin/defang-rulec",
      "usr/libexec/defang/defang-unpack", "usr/share/man/man1/defang-rulec.1",
      "usr/share/man/man5/defangd.conf.5", "usr/share/man/man5/defang-rules.5",
      "usr/share/man/man7/defang.7", "usr/share/man/man8/defangd.8",
      "usr/share/man/man8/defangctl.8", "usr/share/bash-completion/completions/defangctl",
      "usr/share/zsh/site-functions/_defangd",
      "usr/share/fish/vendor_completions.d/defang-rulec.fish",
      "usr/lib/systemd/system/defangd.service", "usr/lib/sysusers.d/defang.conf",
      "usr/lib/tmpfiles.d/defang.conf", "usr/share/defang/rules/starter.rules",
      "usr/share/doc/defang/OPERATIONS.md", "etc/defang/defangd.conf", "etc/defang/policy.rules",
    ] { #expect(installed.contains(name), "\(name)") }
    // The programs find each other where they were put.
    let check = try ToolRun([
      "\(folder)/usr/sbin/defangd", "--check-config", "--config",
      "\(folder)/etc/defang/defangd.conf", "--rules", "\(folder)/etc/defang/policy.rules",
      "--socket", "unix:\(folder)/sock", "--control", "unix:\(folder)/control", "--user", "nobody",
      "--state", "\(folder)/state",
    ])
    #expect(check.status == .code(0), "\(check.output)")
    // What somebody has written there is not written over.
    try Data("# mine\n".utf8).write(to: URL(filePath: folder + "/etc/defang/defangd.conf"))
    #expect(try ToolRun(words + ["install"], timeoutSeconds: 300).status == .code(0))
    let removed = try ToolRun(words + ["uninstall"], timeoutSeconds: 60)
    #expect(removed.status == .code(0), "\(removed.output)")
    #expect(Self.files(folder) == ["etc/defang/defangd.conf", "etc/defang/policy.rules"])
    let kept = try String(contentsOfFile: folder + "/etc/defang/defangd.conf", encoding: .utf8)
    #expect(kept == "# mine\n")
  }

  /// As `systemd-analyze security` counts: 0 is locked in, 10 not at all. 2.0 is the goal.
  @Test("the unit gives little away")
  func unitIsLockedIn() throws {
    let folder = try LabDirectory()
    let source = try String(
      contentsOfFile: Laboratory.checkout + "/packaging/defangd.service.in", encoding: .utf8)
    let unit = try folder.write(
      "defangd.service", source.replacing("@SBINDIR@", with: Laboratory.products))
    let run = try ToolRun([
      "systemd-analyze", "security", "--offline=true", "--threshold=20", unit,
    ])
    #expect(run.status == .code(0), "\(run.output)")
    #expect(run.output.contains("Overall exposure level for defangd.service: 1."), "\(run.output)")
  }

  @Test("the package's configuration is fine, and observes")
  func configurationIsFine() throws {
    let run = try ToolRun([
      "defang-rulec", "settings", Laboratory.checkout + "/packaging/defangd.conf",
    ])
    #expect(run.status == .code(0), "\(run.output)")
    #expect(run.output.contains("\"observe\":{\"at\"") && run.output.contains("\"on\":true"))
  }

  @Test("the package works with Debian's mail servers", arguments: MTAKind.allCases)
  func packageWorks(kind: MTAKind) throws {
    let folder = Laboratory.checkout + "/.build/deb-debug"
    let made = try ToolRun(Self.make + ["deb"], timeoutSeconds: 600)
    #expect(made.status == .code(0), "\(made.output)")
    let name = try FileManager.default.contentsOfDirectory(atPath: folder)
      .first { $0.hasSuffix(".deb") }
    let run = try ToolRun(
      [
        Laboratory.checkout + "/tools/try-package.sh", "\(folder)/\(try #require(name))",
        kind.rawValue,
      ], timeoutSeconds: 900)
    #expect(run.status == .code(0), "\(run.output)")
    #expect(run.output.hasSuffix("\(kind): upgraded, removed, purged\n"), "\(run.output)")
  }
}
