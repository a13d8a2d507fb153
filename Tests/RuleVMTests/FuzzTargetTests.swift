// What the fuzzers of Fuzz/ do with bytes: everything that they found once, and damage that is
// the same in each run.

import Foundation
import Harness
import Testing

struct FuzzTargetTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private static func files(_ folder: String) throws -> [URL] {
    try FileManager.default.contentsOfDirectory(
      at: root.appending(path: folder), includingPropertiesForKeys: nil
    ).sorted { $0.path < $1.path }
  }

  private static func bytes(_ file: URL) throws -> [UInt8] {
    let data = [UInt8](try Data(contentsOf: file))
    guard file.pathExtension == "hex" else { return data }
    let digits = data.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
    return stride(from: 0, to: digits.count - 1, by: 2).map {
      UInt8(digits[$0] << 4 | digits[$0 + 1])
    }
  }

  @Test func whatWasFoundOnceIsMended() throws {
    let files = try Self.files("Fuzz/Crashes")
    #expect(files.contains { $0.lastPathComponent == "README.md" })
    for file in files {
      let bytes = try Self.bytes(file)
      let faults =
        FuzzTargets.compile(bytes) + FuzzTargets.format(bytes) + FuzzTargets.load(bytes)
        + FuzzTargets.mail(bytes) + FuzzTargets.archive(bytes) + FuzzTargets.document(bytes)
        + FuzzTargets.embedded(bytes) + FuzzTargets.sanitize(bytes)
        + FuzzTargets.edits(bytes)
      #expect(faults == [], "\(file.lastPathComponent)")
    }
  }

  /// Every policy of the repository whole, cut short and with bytes taken out.
  @Test(arguments: try files("rules").filter { $0.pathExtension == "rules" })
  func damagedPolicies(_ file: URL) throws {
    let bytes = try Self.bytes(file)
    var sources = [bytes]
    for piece in 1..<12 {
      let at = piece * bytes.count / 12
      let end = min(bytes.count, at + 2 * piece)
      sources += [Array(bytes[..<at]), Array(bytes[..<at] + bytes[end...])]
    }
    for source in sources {
      let faults = FuzzTargets.compile(source) + FuzzTargets.format(source)
      #expect(faults == [], "\(String(decoding: source, as: UTF8.self))")
    }
  }

  /// Mail with a bit turned, a piece taken out, a piece doubled, and cut short.
  @Test(arguments: try mails())
  func damagedMail(_ file: URL) throws {
    let bytes = try Self.bytes(file)
    for seed in 0..<40 as Range<UInt64> {
      let damaged = FuzzTargets.damaged(bytes, seed: seed)
      let faults = FuzzTargets.mail(damaged) + FuzzTargets.edits(damaged)
      #expect(faults == [], "\(file.lastPathComponent), seed \(seed)")
    }
    guard let attachment = FuzzTargets.attachment(of: bytes) else { return }
    for seed in 0..<20 as Range<UInt64> {
      let damaged = FuzzTargets.damaged(attachment, seed: seed)
      let faults =
        FuzzTargets.archive(damaged) + FuzzTargets.document(damaged) + FuzzTargets.embedded(damaged)
        + FuzzTargets.sanitize(damaged)
      #expect(faults == [], "file in \(file.lastPathComponent), seed \(seed)")
    }
  }

  /// Every tenth: this is a sample, the fuzzer sees them all.
  private static func mails() throws -> [URL] {
    let all = try files("Tests/OddMail/evasive").filter { $0.pathExtension == "eml" }
    return stride(from: 0, to: all.count, by: 10).map { all[$0] }
  }

  /// Magic, version, length and digest are put right, so that changes come past them.
  @Test func anImagesEnvelopeIsMended() throws {
    let image = try Policy(source: "require \"defang\"; phase eom { rule \"r\" { stop; } }").image
    #expect(FuzzTargets.load(image) == [])
    let others = (0..<40).compactMap {
      FuzzTargets.mutant(of: [UInt8](repeating: 0, count: 8) + image[8...], max: 1 << 20, seed: $0)
    }
    #expect(others.count == 20)
    #expect(others.contains { $0 != image })
    #expect(others.allSatisfy { FuzzTargets.load($0) == [] })
    #expect(FuzzTargets.mutant(of: image, max: 1 << 20, seed: 1) == nil)
    #expect(FuzzTargets.mutant(of: image, max: 10, seed: 2) == nil)
  }
}
