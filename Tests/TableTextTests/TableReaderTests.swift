// List files as text, and the tables they become.

import RuleBytecode
import Testing

@testable import TableText

struct TableReaderTests {
  private func table(
    _ type: TableType, _ text: String, limits: TableLimits = TableLimits()
  ) -> TableReading {
    TableReader.read(Array(text.utf8), as: type, limits: limits)
  }

  private func value(
    _ reading: TableReading, _ key: String, scope: String = "", isExact: Bool = false
  ) -> String? {
    reading.table.value(
      for: Array(key.utf8)[...], scope: Array(scope.utf8)[...], isExact: isExact
    ).map { String(decoding: $0, as: UTF8.self) }
  }

  private static let texts: [(TableType, String)] = [
    (.set, "One\nTwo words\n# three\n  four  \r\none\n"),
    (.map, "Ann gold\nbob\tsilver medal\n  and more\nann lead\n"),
    (.domain, "Example.com\nsub.example.org # ours\n"),
    (.address, "Ann@Example.com\n@example.org\nabuse@\n"),
    (.cidr, "10.0.0.0/8\n10.1.0.0/16\n192.0.2.7\n2001:db8::/32\n"),
  ]

  @Test(
    arguments: [
      (.set, "one", ""), (.set, "ONE", ""), (.set, "two words", ""), (.set, "four", ""),
      (.set, "three", nil), (.set, "# three", nil), (.set, "", nil), (.set, "on", nil),
      (.map, "ann", "gold"), (.map, "ANN", "gold"), (.map, "bob", "silver medal and more"),
      (.map, "cid", nil),
      (.domain, "example.com", ""), (.domain, "a.b.EXAMPLE.com", ""), (.domain, "com", nil),
      (.domain, "badexample.com", nil), (.domain, "example.org", nil),
      (.domain, "x.sub.example.org", ""), (.domain, "ann@example.com", ""),
      (.address, "ann@example.com", ""), (.address, "bob@example.com", nil),
      (.address, "bob@example.org", ""), (.address, "ABUSE@anywhere.example", ""),
      (.address, "abuse", nil),
      (.cidr, "10.255.0.1", ""), (.cidr, "11.0.0.0", nil), (.cidr, "192.0.2.7", ""),
      (.cidr, "192.0.2.8", nil), (.cidr, "2001:db8::9", ""), (.cidr, "x", nil),
    ] as [(TableType, String, String?)])
  func lookups(_ type: TableType, _ key: String, _ expected: String?) throws {
    let text = try #require(Self.texts.first { $0.0 == type }).1
    #expect(value(table(type, text), key) == expected)
  }

  @Test func setsKeepTheirCaseForThoseWhoAsk() {
    let reading = table(.set, "Ann\nann\nBob\n")
    #expect(reading.problems == [])
    #expect(value(reading, "Ann", isExact: true) == "")
    #expect(value(reading, "aNN", isExact: true) == nil)
    #expect(value(reading, "bob", isExact: true) == nil)
    #expect(value(reading, "bob") == "")
  }

  @Test func scopesAreSections() {
    let text =
      "all yes\n[Ann@example.com]\nnews 1\n[@example.com]\nnews 2\nold 3\n[other]\nnews 4\n"
    let reading = table(.map, text)
    #expect(value(reading, "all") == "yes")
    #expect(value(reading, "news") == nil)
    #expect(value(reading, "news", scope: "ann@EXAMPLE.com") == "1")
    #expect(value(reading, "old", scope: "ann@example.com") == "3")
    #expect(value(reading, "news", scope: "bob@example.com") == "2")
    #expect(value(reading, "news", scope: "other") == "4")
    #expect(value(reading, "all", scope: "other") == nil)
  }

  @Test func networksOfSections() {
    let reading = table(.cidr, "10.0.0.0/8\n[ann@example.com]\n192.0.2.0/24\n")
    #expect(value(reading, "192.0.2.1") == nil)
    #expect(value(reading, "192.0.2.1", scope: "ann@example.com") == "")
    #expect(reading.table.entryCount == 2)
  }

  @Test func patternsKeepTheOrderOfTheFile() {
    let reading = table(.regex, "^b\n# no\n[a-c]x  its value \n")
    #expect(reading.table.patterns.map(\.source) == ["^b", "[a-c]x"])
    #expect(reading.table.patterns.map(\.line) == [1, 3])
    #expect(reading.table.patterns.map(\.value) == [[], Array("its value".utf8)])
  }

  @Test(arguments: [
    ("a(b", TableMistake.pattern("a(b", "missing closing parenthesis")),
    ("/^ann@/i REJECT", .slashes("/^ann@/i")), ("/x/", .slashes("/x/")),
    ("(a+)+$", .explosive("(a+)+$", attack: "")), ("(.)\\1", .unjudged("(.)\\1", feature: "")),
  ]) func badPatternsAreLeftOut(_ line: String, _ mistake: TableMistake) throws {
    let reading = table(.regex, "good\n\(line)\n")
    let problem = try #require(reading.problems.first)
    #expect(reading.table.patterns.map(\.source) == ["good"] && problem.line == 2)
    switch (problem.mistake, mistake) {
    case (.explosive(let found, let attack), .explosive(let wanted, _)):
      #expect(found == wanted && !attack.isEmpty)
    case (.unjudged(let found, _), .unjudged(let wanted, _)): #expect(found == wanted)
    default: #expect(problem.mistake == mistake)
    }
    #expect(!problem.mistake.message(.regex).isEmpty && !problem.mistake.isWarning)
  }

  @Test func patternsAreBoundedInNumberAndCost() {
    var limits = TableLimits()
    limits.patternsMax = 2
    #expect(table(.regex, "a\nb", limits: limits).problems == [])
    #expect(
      table(.regex, "a\nb\nc\nd", limits: limits).problems
        == [TableProblem(line: 3, mistake: .tooManyEntries(max: 2))])
    limits.patternsMax = 10
    let weight = table(.regex, "a").table.patterns.reduce(0) { $0 + $1.weight }
    limits.patternWeightMax = 2 * weight
    #expect(table(.regex, "a\nb", limits: limits).problems == [])
    #expect(
      table(.regex, "a\nb\nc\nd", limits: limits).problems
        == [TableProblem(line: 3, mistake: .patternsTooCostly(max: 2 * weight))])
  }

  // MARK: Limits

  @Test func limitsHoldAtTheLimitAndOnePast() {
    var limits = TableLimits()
    limits.entriesMax = 2
    #expect(table(.set, "a\nb", limits: limits).problems == [])
    #expect(
      table(.set, "a\nb\nc\nd", limits: limits).problems
        == [TableProblem(line: 3, mistake: .tooManyEntries(max: 2))])
    limits = TableLimits()
    limits.lineBytesMax = 3
    #expect(table(.set, "abc", limits: limits).problems == [])
    #expect(
      table(.set, "x\nabcd", limits: limits).problems
        == [TableProblem(line: 2, mistake: .lineTooLong(max: 3))])
    limits = TableLimits()
    limits.fileBytesMax = 4
    #expect(table(.set, "abcd", limits: limits).problems == [])
    #expect(
      table(.set, "abcde", limits: limits).problems
        == [TableProblem(line: 1, mistake: .fileTooLarge(max: 4))])
    limits = TableLimits()
    limits.sectionsMax = 1
    #expect(table(.set, "[a]\n[A]\n", limits: limits).problems == [])
    #expect(
      table(.set, "[a]\n[b]\n", limits: limits).problems
        == [TableProblem(line: 2, mistake: .tooManySections(max: 1))])
    limits = TableLimits()
    limits.problemsMax = 2
    let many = table(.domain, "-\n-\n-\n", limits: limits)
    #expect(many.problems.count == 2 && many.omittedCount == 1)
  }

  /// Any bytes: no crash, and what is not reported is in the table.
  @Test func anyBytes() {
    var state: UInt64 = 7
    for _ in 0..<300 {
      let bytes = (0..<200).map { _ -> UInt8 in
        state = state &* 6_364_136_223_846_793_005 &+ 1
        let alphabet = Array("ab.@[]# \t\n\r/:1\u{1}é".utf8)
        return alphabet[Int(state >> 33) % alphabet.count]
      }
      for type in TableType.allCases {
        let reading = TableReader.read(bytes, as: type)
        #expect(reading.table.entryCount <= 200)
        #expect(reading.problems.map(\.line) == reading.problems.map(\.line).sorted())
      }
    }
  }
}
