// Ways past a filter, and what chance makes of them: what comes out is judged by html5lib, and must
// be the same when it is sanitised again.

import ContentEdits
import Foundation
import Testing

@Suite struct EvasionTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Pages")

  /// The lines of the table with their escapes resolved.
  static let pages: [[UInt8]] = {
    let source = try? String(contentsOf: folder.appending(path: "evasions.txt"), encoding: .utf8)
    return (source ?? "").split(separator: "\n").filter { !$0.hasPrefix("#") }.map(unescaped)
  }()

  private static let controls: [Character: UInt8] = [
    "0": 0, "t": 9, "n": 10, "v": 11, "f": 12, "r": 13, "\\": 92, "\"": 34,
  ]

  private static func unescaped(_ line: Substring) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = line
    while let character = rest.popFirst() {
      guard character == "\\", let escape = rest.popFirst() else {
        bytes += Array(String(character).utf8)
        continue
      }
      if escape == "x", let byte = UInt8(rest.prefix(2), radix: 16) {
        bytes.append(byte)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(controls[escape] ?? 63)
      }
    }
    return bytes
  }

  /// What is wrong with these pages, by a parser that is not ours.
  private func judge(_ pages: [[UInt8]]) throws -> String {
    var input: [UInt8] = []
    for page in pages { input += Array("\(page.count)\n".utf8) + page }
    let script = Self.folder.appending(path: "judge.py").path
    return try run(["/usr/bin/python3", script], input: input)
  }

  @Test func table() throws {
    #expect(Self.pages.count >= 200)
    let results = Self.pages.map { HTMLEdit.sanitized($0) }
    let verdict = try judge(results)
    #expect(verdict == "\(results.count) pages\n")
  }

  /// The judge does find what is wrong.
  @Test func judgeSees() throws {
    let verdict = try judge(Self.pages.filter { (try? UTF8Span(validating: $0.span)) != nil })
    let judged = Set(verdict.split(separator: "\n").compactMap { $0.split(separator: " ").first })
    #expect(judged.count > 200)
  }

  @Test(arguments: HTMLEdit.LinkPolicy.allCases)
  func againIsTheSame(_ links: HTMLEdit.LinkPolicy) {
    for page in Self.pages {
      let once = HTMLEdit.sanitized(page, links: links)
      #expect(text(HTMLEdit.sanitized(once, links: links)) == text(once), "\(text(page))")
    }
  }

  /// Each of them, in front of honest content, leaves that content.
  @Test(arguments: ["<img src=x onerror=alert(1)>", "<script>x</script>", "<svg><p>", "<b><i>"])
  func contentBehindStays(_ page: String) {
    #expect(sanitized(page + "<p>honest").contains("honest"))
  }

  @Test func mutations() throws {
    var random = Random(seed: 11)
    var results: [[UInt8]] = []
    for round in 0..<4_000 {
      let page = Self.mutant(&random)
      let once = HTMLEdit.sanitized(page)
      let again = HTMLEdit.sanitized(once)
      #expect(text(again) == text(once), "round \(round): \(text(page))")
      if round % 4 == 0 { results.append(once) }
    }
    let verdict = try judge(results)
    #expect(verdict == "\(results.count) pages\n")
  }

  private static let pieces: [[UInt8]] = [
    "<", ">", "\"", "'", "`", "=", "/", "&", ";", "--", "<!--", "-->", "--!>", "]]>", "<![CDATA[",
    "\0", "\t", "\n", "\u{c}", "</p>", "<p>", "<b>", "</b>", "<a href=https://x.example/>", "</a>",
    "<svg>", "</svg>", "<math>", "<style>", "</style>", "<title>", "</title>", "<table>", "<td>",
    "</table>", "<template>", "<select>", "<li>", "<ul>", "<h1>", "<h2>", " onclick=alert(1) ",
    "&#60;", "&lt", "&quot;", "<img src=cid:a alt=\"", "<i style='color:red", "\u{e9}",
    "<a name=x>",
  ].map { Array($0.utf8) }

  /// Parts of one or two of the table with something put in, taken out or doubled.
  private static func mutant(_ random: inout Random) -> [UInt8] {
    var page = pages.randomElement(using: &random) ?? []
    if Bool.random(using: &random) { page += pages.randomElement(using: &random) ?? [] }
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      let start = Int.random(in: 0...page.count, using: &random)
      let end = Int.random(in: start...min(page.count, start + 12), using: &random)
      switch Int.random(in: 0...3, using: &random) {
      case 0: page.removeSubrange(start..<end)
      case 1: page.insert(contentsOf: Array(page[start..<end]), at: start)
      default:
        page.insert(contentsOf: pieces.randomElement(using: &random) ?? [], at: start)
      }
    }
    return page
  }
}

/// SplitMix64, so that every run makes the same pages.
struct Random: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}
