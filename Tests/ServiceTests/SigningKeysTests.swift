// Keys of a policy: which files are taken and which refuse it, and what is made with them.

import Foundation
import RuleBytecode
import RuleCompiler
import RuleVM
import Testing

@testable import Service

@Suite struct SigningKeysTests {
  // RFC 8032 §7.1, test 1.
  private static let pem = """
    -----BEGIN PRIVATE KEY-----
    MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
    -----END PRIVATE KEY-----

    """
  private static let identity = SigningIdentity(domain: "a.example", selector: "s", key: "k")

  private static func program(
    _ path: String, action: String = #"dkim_sign :domain "a.example" :selector "s" :key "k";"#
  ) throws -> Program {
    var sources = SourceSet()
    let text =
      "require \"defang\"; key :file \"\(path)\" \"k\"; phase eom { rule \"r\" { \(action) } }"
    _ = sources.add(SourceFile(name: "test.rules", bytes: Array(text.utf8)))
    return try #require(Compiler.compile(sources).program)
  }

  /// Writes a key file and loads it; the complaint without the path, or "".
  private static func complaint(_ content: String?, mode: Int = 0o600) throws -> String {
    let path = FileManager.default.temporaryDirectory.path + "/defang-key-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: path) }
    if let content {
      try content.write(toFile: path, atomically: false, encoding: .utf8)
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }
    let program = try program(path)
    do throws(StartFailure) {
      _ = try SigningKeys.load(for: program)
      return ""
    } catch {
      #expect(error.code == 78 && error.message.hasPrefix("key 'k' (\(path)): "))
      return error.message.replacing("key 'k' (\(path)): ", with: "")
    }
  }

  @Test(arguments: [0o600, 0o640, 0o400]) func taken(mode: Int) throws {
    #expect(try Self.complaint(Self.pem, mode: mode) == "")
  }

  @Test(arguments: [0o604, 0o644, 0o602]) func open(mode: Int) throws {
    #expect(
      try Self.complaint(Self.pem, mode: mode)
        == "everybody may read or write it (mode \(String(mode, radix: 8))): take that away, as by"
        + " chmod 0640 and the daemon's group")
  }

  @Test func unusable() throws {
    #expect(try Self.complaint(nil) == "it cannot be read: No such file or directory")
    for text in ["", "no key", Self.pem.replacing("MC4C", with: "MC4D")] {
      #expect(try Self.complaint(text).hasPrefix("it holds no RSA key"))
    }
    let limit = SigningKeys.fileBytesMax
    let padding = String(repeating: "\n", count: limit - Self.pem.utf8.count)
    #expect(try Self.complaint(Self.pem + padding) == "")
    #expect(try Self.complaint(Self.pem + padding + "\n") == "it is too large for one")
    let program = try Self.program("/tmp")
    do throws(StartFailure) {
      _ = try SigningKeys.load(for: program)
      Issue.record("a folder was taken for a key")
    } catch {
      #expect(error.message.hasSuffix("it is no file"))
    }
  }

  /// A key that nothing signs with is not looked at.
  @Test func onlyWhereSomethingIsSigned() throws {
    _ = try SigningKeys.load(for: Self.program("/no/such/key", action: "hold;"))
  }

  private static func keys() throws -> SigningKeys {
    let path = FileManager.default.temporaryDirectory.path + "/defang-key-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: path) }
    try pem.write(toFile: path, atomically: false, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    return try SigningKeys.load(for: program(path))
  }

  private static let message = Array("From: a@a.example\r\nSubject: s\r\n\r\nbody\r\n".utf8)

  private static func sign(
    _ method: SigningErrand.Method, _ message: [UInt8] = message, key: String = "k"
  ) throws -> ErrandResult {
    let identity = SigningIdentity(domain: "a.example", selector: "s", key: key)
    return try keys().sign(
      SigningErrand(method, identity, message: message), now: 1_700_000_000)
  }

  @Test func aSignature() throws {
    guard case .fields(let fields) = try Self.sign(.dkim) else {
      Issue.record("nothing was signed")
      return
    }
    #expect(fields.map(\.name) == ["DKIM-Signature"])
    let value = String(decoding: fields[0].value, as: UTF8.self)
    #expect(value.hasPrefix("v=1; a=ed25519-sha256; ") && value.contains("t=1700000000;"))
  }

  @Test(arguments: [SigningErrand.ChainState.none, .fail, .pass, .unknown(reason: "SERVFAIL")])
  func aSeal(state: SigningErrand.ChainState) throws {
    let result = try Self.sign(.arc(chain: state, results: "mx.example; none"))
    switch state {
    case .none:
      guard case .fields(let fields) = result else {
        Issue.record("\(result)")
        return
      }
      #expect(
        fields.map(\.name) == [
          "ARC-Seal", "ARC-Message-Signature", "ARC-Authentication-Results",
        ])
    case .fail: #expect(result == .fields([]))
    // There are no sets that could have passed.
    case .pass: #expect(result == .failed(reason: "the ARC chain has ended, or was changed"))
    case .unknown:
      #expect(result == .failed(reason: "how the ARC chain stands is not known: SERVFAIL"))
    }
  }

  @Test func whatCannotBeSigned() throws {
    #expect(try Self.sign(.dkim, Array("Subject: s\r\n\r\nx\r\n".utf8)) == .fields([]))
    #expect(try Self.sign(.dkim, key: "other") == .failed(reason: "key 'other' was not loaded"))
  }
}
