// Values on their way into a header: folding, encoded-words, and that nothing injects a field.

import MailEdits
import MailMessage
import Testing

@Suite struct HeaderFolderTests {
  /// The value as `addheader X-Test` writes it.
  private func written(_ value: [UInt8], name: String = "X-Test") -> String {
    var plan = EditPlan()
    plan.edit(header: .add(name: name, value: value, last: true))
    let changes = plan.apply(to: mail("A: b\n\nbody\n")).headerChanges
    guard case .add(_, let value)? = changes.first, changes.count == 1 else {
      return "not one added field: \(changes)"
    }
    return value
  }

  private func written(_ value: String) -> String { written(Array(value.utf8)) }

  @Test(arguments: [
    ("plain value", "plain value"), ("", ""), ("  both ends  ", "both ends"),
    ("two  blanks", "two  blanks"), ("tab\there", "tab here"),
    ("a\r\nBcc: x@example.org", "a Bcc: x@example.org"),
    ("a\nb", "a b"), ("a\rb", "a b"), ("a\r\n b", "a b"), ("a\0b\u{1}c\u{7F}d", "abcd"),
    ("a\u{85}b\u{9F}c", "abc"), ("a\u{2028}b", "a b"), ("\r\n\r\nbody", "body"),
    ("=?utf-8?q?kept?=", "=?utf-8?q?kept?="),
    ("Grüße", "=?utf-8?b?R3LDvMOfZQ==?="), ("Schöne", "=?utf-8?q?Sch=C3=B6ne?="),
    (
      "Die Größe der beiden Dateien in Köln am",
      "Die =?utf-8?q?Gr=C3=B6=C3=9Fe_der_beiden_Dateien_in_K=C3=B6ln?= am"
    ),
    ("日本語", "=?utf-8?b?5pel5pys6Kqe?="),
    // A word that looks encoded, beside one that is, would lose the blank between them.
    ("=?x?= ü", "=?utf-8?b?PT94Pz0gw7w=?="),
    ("x_y? ü_schriebenwiralleimmer?", "x_y? =?utf-8?q?=C3=BC=5Fschriebenwiralleimmer=3F?="),
  ])
  func exactly(_ value: String, _ expected: String) {
    #expect(written(value) == expected)
  }

  @Test(arguments: [(9, " "), (10, "\n ")])
  func aLineWithAnEncodedWordHas76Characters(_ count: Int, _ before: String) {
    let encoded = "=?utf-8?q?Sch=C3=B6ne_lange_Ferien_w=C3=BCnscht_Ev=C3=A4?="
    // "X-Test: " and a blank take 9 of 76 characters.
    #expect(encoded.utf8.count == 58)
    let next = String(repeating: "n", count: count)
    let value = written("Schöne lange Ferien wünscht Evä " + next)
    #expect(value == encoded + before + next)
  }

  @Test func invalidUTF8IsRepaired() {
    #expect(written([0x61, 0xFF, 0x62]) == "=?utf-8?b?Ye+/vWI=?=")
  }

  @Test func foldsBeforeTheBlankThatWouldExceedTheLine() {
    // "X-Test: " takes 8 of 78 characters.
    let word = String(repeating: "w", count: 69)
    #expect(written("\(word) 1") == "\(word)\n 1")
    #expect(written("\(word.dropLast()) 1") == "\(word.dropLast()) 1")
    #expect(written("\(word)w  1 2") == "\(word)w\n  1 2")
  }

  @Test(arguments: [
    String(repeating: "a", count: 512), String(repeating: "a", count: 513),
    String(repeating: "a", count: 5000), String(repeating: "word ", count: 700),
    String(repeating: "ü", count: 300), String(repeating: "日本", count: 300),
    String(repeating: "🙂", count: 100), String(repeating: "aü ", count: 200),
    "x" + String(repeating: " ", count: 3000) + "y", String(repeating: "é日 a", count: 99),
    "a ü b " + String(repeating: "z", count: 600), String(repeating: "=?a?=", count: 150) + " ü",
  ])
  func longValuesStayWithinTheirLinesAndReadBack(_ value: String) throws {
    let folded = written(value)
    for (index, line) in folded.split(separator: "\n", omittingEmptySubsequences: false)
      .enumerated()
    {
      let length = line.utf8.count + (index == 0 ? 8 : 0)
      #expect(length <= 998)
      #expect(index == 0 || line.first == " ")
      #expect(line.contains { $0 != " " })
      if line.contains("=?utf-8?") { #expect(length <= 76, "\(line)") }
    }
    for word in folded.split(whereSeparator: { $0 == " " || $0 == "\n" })
    where word.hasPrefix("=?utf-8?") {
      #expect(word.utf8.count <= 75)
    }
    let read = MailMessage(crlf("X-Test: \(folded)\n\n"))
    // Long runs of blanks are written as one.
    let collapsed = value.split(separator: " ").joined(separator: " ")
    #expect(read.value("X-Test")?.split(separator: " ").joined(separator: " ") == collapsed)
  }

  @Test func noCharacterIsParted() {
    for text in ["äöü🙂日本語", "aé", "🙂🙂🙂🙂"] {
      let value = String(repeating: text, count: 40)
      for word in written(value).split(whereSeparator: { $0 == " " || $0 == "\n" }) {
        let read = MailMessage(crlf("X: \(word)\n\n"))
        #expect(read.value("X")?.contains("\u{FFFD}") == false)
      }
    }
  }

  @Test(arguments: [
    "", "Sub ject", "Subject:", "Sub\r\nject", "Sübject", String(repeating: "n", count: 257),
  ])
  func namesThatAreNoneAreRefused(_ name: String) {
    let plan = EditPlan {
      $0.edit(header: .add(name: name, value: [0x61], last: true))
      $0.edit(header: .set(name: name, value: [0x61], occurrence: nil))
      $0.edit(header: .delete(name: name, occurrences: nil))
      $0.edit(header: .insert(name: name, value: [0x61], at: 1))
    }
    let edited = plan.apply(to: mail("A: b\n\nbody\n"))
    #expect(edited.isUnchanged)
    #expect(edited.refusals == Array(repeating: .headerName(name), count: 4))
  }

  @Test func longestNameIsAccepted() {
    let name = String(repeating: "n", count: 256)
    #expect(written(Array("v".utf8), name: name) == "v")
  }

  @Test func valueIsCutAtItsLimit() {
    var limits = EditLimits()
    limits.headerValueBytesMax = 10
    for (value, expected) in [
      ("0123456789", "0123456789"), ("01234567890", "0123456789"), ("012345678ü", "012345678"),
      ("01234567 ü", "01234567"), ("0123456 ü", "0123456 =?utf-8?b?w7w=?="),
    ] {
      var plan = EditPlan(limits: limits)
      plan.edit(header: .add(name: "X", value: Array(value.utf8), last: true))
      let changes = plan.apply(to: mail("A: b\n\n")).headerChanges
      #expect(changes == [.add(name: "X", value: expected)])
    }
  }
}
