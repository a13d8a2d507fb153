// Names as programs differ on them: each construction with every name that some program shows, and
// the oddities that it carries. What is valid carries none.

import MailMessage
import Testing

struct OddNameCase: CustomTestStringConvertible, Sendable {
  let header: String
  /// The first is the standards', all must be there.
  let names: [String]
  var odd: [Anomaly] = []
  var testDescription: String { header }

  /// In a Content-Disposition.
  init(_ parameters: String, _ names: [String], _ odd: [Anomaly] = []) {
    self.init(header: "Content-Disposition: attachment; \(parameters)", names, odd)
  }

  init(header: String, _ names: [String], _ odd: [Anomaly] = []) {
    (self.header, self.names, self.odd) = (header, names, odd)
  }
}

@Suite struct OddNameTests {
  static let ofNames: Set<Anomaly> = [
    .badParameter, .badContinuation, .encodedParameter, .nameConflict, .nameBidi,
    .nameDoubleExtension, .namePadding, .namePath, .nameControl, .nameDisguise,
  ]

  @Test(arguments: valid + values + pieces + encoded + hidden + places)
  func names(_ example: OddNameCase) {
    let part = MailMessage(text: example.header + "\n\n").parts[0]
    #expect(part.names.first == example.names.first)
    #expect(Set(part.names).isSuperset(of: example.names), "\(part.names)")
    #expect(part.names.count == Set(part.names).count && part.names.count <= part.namesMax)
    #expect(Set(part.anomalies).intersection(Self.ofNames) == Set(example.odd), "\(part.names)")
  }

  static let valid: [OddNameCase] = [
    OddNameCase("filename=a.pdf", ["a.pdf"]),
    OddNameCase("filename = \"a.pdf\" ;", ["a.pdf"]),
    OddNameCase("filename=a.pdf (the first)", ["a.pdf", "a.pdf (the first)"]),
    OddNameCase("filename=a.pdf(.png)", ["a.pdf", "a.pdf(.png)"]),
    OddNameCase("(c) filename (d) = (e) \"a.pdf\" (f (g))", ["a.pdf"]),
    OddNameCase(#"filename="a \"b\".pdf""#, [#"a "b".pdf"#]),
    OddNameCase(#"filename="a\b.pdf""#, ["ab.pdf", #"a\b.pdf"#, "b.pdf"]),
    OddNameCase("filename=\"a;b.pdf\"", ["a;b.pdf"]),
    OddNameCase("filename=\"a\n\tb.pdf\"", ["a\tb.pdf"]),
    OddNameCase("filename=ae.pdf; filename*=utf-8''%C3%A4.pdf", ["ä.pdf", "ae.pdf"]),
    OddNameCase("filename*0*=utf-8'en'a%20; filename*1=b.; filename*2=pdf", ["a b.pdf"]),
    OddNameCase("filename*1=pdf; filename*0=a.", ["a.pdf", "pdfa."]),
    OddNameCase("filename=a.tar.gz", ["a.tar.gz"]),
    OddNameCase("filename=report.2024.01.31.txt", ["report.2024.01.31.txt"]),
    OddNameCase("filename=My%20File.pdf", ["My%20File.pdf", "My File.pdf"]),
    OddNameCase("filename=\"100% sure.pdf\"", ["100% sure.pdf"]),
    OddNameCase("filename=per%cent.pdf", ["per%cent.pdf"]),
    OddNameCase("filename=\"Minutes of St. Mary.\"", ["Minutes of St. Mary."]),
    OddNameCase("filename=\"דוח\u{200F}.pdf\"", ["דוח\u{200F}.pdf"]),
    OddNameCase(header: "Content-Disposition: form-data; name=f; filename=a.pdf", ["a.pdf"]),
    OddNameCase(header: "Content-Type: x/y; name=\"\"", []),
    OddNameCase(
      header: "Content-Type: multipart/related; type=text/html; boundary=\"=_x (1)\"", []),
  ]

  static let values: [OddNameCase] = [
    OddNameCase("filename=\"a\".exe", ["a", "a.exe"], [.badParameter, .nameConflict]),
    OddNameCase("filename=\"a\".exe\"", ["a", "a.exe"], [.badParameter, .nameConflict]),
    OddNameCase("filename=a\".exe", ["a\".exe", "a.exe", "a"], [.badParameter, .nameConflict]),
    OddNameCase(
      #"filename=a\".exe"#, [#"a\".exe"#, "a\".exe"], [.badParameter, .nameConflict, .namePath]),
    OddNameCase("filename='a.exe'", ["'a.exe'", "a.exe"], [.badParameter, .nameConflict]),
    OddNameCase("filename=a.e(.png)xe", ["a.e(.png)xe", "a.exe"], [.badParameter, .nameConflict]),
    OddNameCase("filename=a;.exe", ["a", "a;.exe"], [.badParameter, .nameConflict]),
    OddNameCase(
      #"filename=a\;.exe"#, [#"a\"#, "a;.exe"], [.badParameter, .nameConflict, .namePath]),
    OddNameCase("filename=\"a.exe; x=y", ["a.exe; x=y", "a.exe"], [.badParameter, .nameConflict]),
    OddNameCase("filename=a.exe b.txt", ["a.exe b.txt", "a.exe"], [.badParameter, .nameConflict]),
    OddNameCase("filename=a.exe,b.txt", ["a.exe,b.txt", "a.exe"], [.badParameter, .nameConflict]),
    OddNameCase("filename=a.exe?b.txt", ["a.exe?b.txt", "a.exe"], [.nameConflict]),
    OddNameCase(
      "filename=a.exe\u{0}.txt", ["a.exe\u{0}.txt", "a.exe", "a.exe.txt"],
      [.badParameter, .nameControl, .nameConflict]),
    OddNameCase(
      "filename=\"a.e\u{1}xe\"", ["a.e\u{1}xe", "a.exe"],
      [.badParameter, .nameControl, .nameConflict]),
    OddNameCase(
      "filename=a.pdf; filename=b.exe", ["a.pdf", "b.exe"], [.badParameter, .nameConflict]),
    OddNameCase(
      "filename=a; filename=.exe", ["a", ".exe", "a.exe"], [.badParameter, .nameConflict]),
    OddNameCase(
      "filename=\"a\" \".exe\"", ["a", "a.exe"], [.badParameter, .nameConflict]),
    OddNameCase("filename==a.exe", ["=a.exe", "a.exe"], [.badParameter]),
    OddNameCase("filename:a.exe", ["a.exe"], [.badParameter]),
    OddNameCase("filename=a.exe size=3", ["a.exe"], [.badParameter]),
    OddNameCase(header: "Content-Disposition: filename=a.exe", ["a.exe"], [.badParameter]),
    OddNameCase(
      header: "Content-Disposition: attachment filename=a.exe", ["a.exe"], [.badParameter]),
    OddNameCase("filename=;", [], [.badParameter]),
    OddNameCase("filename=a.exe; odd", ["a.exe"], [.badParameter]),
    OddNameCase("filename=c:\\d\\a.exe", [#"c:\d\a.exe"#, "a.exe"], [.badParameter, .namePath]),
  ]

  static let pieces: [OddNameCase] = [
    OddNameCase(
      "filename*0=a.; filename*2=exe", ["a.exe", "a."], [.badContinuation, .nameConflict]),
    OddNameCase("filename*1=a.; filename*2=exe", ["a.exe"], [.badContinuation]),
    OddNameCase(
      "filename*01=a.; filename*2=exe", ["a.exe"], [.badContinuation]),
    OddNameCase(
      "filename*0=a.; filename*1=exe; filename*1=txt", ["a.exe", "a.txt", "a.exetxt"],
      [.badContinuation, .nameConflict]),
    OddNameCase("filename*1=a.; filename*0=exe", ["exea.", "a.exe"]),
    OddNameCase(
      "filename*1*=''a.; filename*0*=exe", ["exe''a.", "a.exe"], [.badContinuation, .nameConflict]),
    OddNameCase(
      "filename=a.; filename*1=exe", ["exe", "a.exe"], [.badContinuation, .nameConflict]),
    OddNameCase(
      "filename*=''b.pdf; filename*0*=''a.exe", ["b.pdf", "a.exe"],
      [.badContinuation, .nameConflict]),
    OddNameCase("filename=a.pdf; filename*0=a.exe", ["a.exe", "a.pdf"], [.nameConflict]),
    OddNameCase(
      "filename*0*=''a%2; filename*1*=Eexe", ["a%2Eexe", "a.exe"],
      [.badParameter, .badContinuation, .nameConflict, .nameDisguise]),
    OddNameCase(
      "filename*0=a.; filename*1*=utf-8''exe", ["a.utf-8''exe", "a.exe"],
      [.badContinuation, .nameConflict]),
    OddNameCase("filename*=a.exe", ["a.exe"], [.badContinuation]),
    OddNameCase("filename**=''a.exe", ["a.exe"], [.badContinuation]),
    OddNameCase("filename*x=a.exe", ["a.exe"], [.badContinuation]),
    OddNameCase("filename*=utf-8''a%zz.exe", ["a%zz.exe"], [.badParameter]),
    OddNameCase("filename*=utf-16''%00a%00.%00e%00x%00e", ["a.exe"], [.nameConflict]),
    OddNameCase(
      "filename*=utf-16''a%00.%00e%00x%00e%00", ["愀⸀攀砀攀", "a.exe"], [.nameConflict]),
    OddNameCase("filename*=utf-16''%FE%FF%00a%00.%00e", ["a.e"]),
    OddNameCase("filename*=utf-7''a+AC4-exe", ["a.exe"]),
    OddNameCase("filename*=''a%C0%AEexe", ["a\u{FFFD}\u{FFFD}exe"]),
    OddNameCase(
      header: "Content-Disposition: attachment; filename*0=a.\nContent-Type: x/y; filename*1=exe",
      ["a.", "a.exe"], [.badContinuation, .nameConflict]),
  ]

  static let encoded: [OddNameCase] = [
    OddNameCase(#"filename="=?utf-8?B?YS5leGU=?=""#, ["a.exe"], [.encodedParameter]),
    OddNameCase(
      #"filename="=?utf-8?q?a.exe?=.txt""#, ["a.exe.txt", "a.exe", "=?utf-8?q?a.exe?=.txt"],
      [.encodedParameter, .nameConflict]),
    OddNameCase(
      "filename==?utf-8?q?a=2E?= =?utf-8?q?exe?=", ["a.exe"], [.encodedParameter]),
    OddNameCase(
      "filename==?utf-8?q?a;b.exe?=", ["=?utf-8?q?a", "a;b.exe"],
      [.badParameter, .nameConflict]),
    OddNameCase(
      "filename==?utf-8?q?a b=2Eexe?=", ["=?utf-8?q?a", "a b.exe"],
      [.badParameter, .nameConflict]),
    OddNameCase(
      #"filename="=?utf-16?B?AGEALgBlAHgAZQ==?=""#, ["a.exe"], [.encodedParameter, .nameConflict]),
    OddNameCase(
      "filename*==?utf-8?q?a=2Eexe?=", ["=?utf-8?q?a=2Eexe?=", "a.exe"],
      [.badContinuation, .encodedParameter, .nameConflict]),
    OddNameCase(
      #"filename*0="=?utf-8?q?a"; filename*1=".exe?=""#, ["a.exe"], [.encodedParameter]),
    OddNameCase("=?utf-8?q?filename?==a.exe", ["a.exe"], [.badParameter]),
    OddNameCase("=?utf-8?q?filename=3Da.exe?=", ["a.exe"], [.badParameter]),
  ]

  static let hidden: [OddNameCase] = [
    OddNameCase("filena(c)me=a.exe", ["a.exe"], [.badParameter]),
    OddNameCase(#"file\name=a.exe"#, ["a.exe"], [.badParameter]),
    OddNameCase("file name=a.exe", ["a.exe"], [.badParameter]),
    OddNameCase("\"filename\"=a.exe", ["a.exe"], [.badParameter]),
    OddNameCase("file\u{1}name=a.exe", ["a.exe"], [.badParameter]),
    OddNameCase("file\u{200B}name=a.exe", ["a.exe"], [.badParameter]),
    OddNameCase("filename *0 *=''a.exe", ["a.exe"], [.badParameter]),
    OddNameCase("x=\"a; filename=a.exe", ["a.exe"], [.badParameter]),
    OddNameCase("(x; filename=a.exe", ["a.exe"], [.badParameter]),
    OddNameCase(
      "x=\"; filename=a.exe\"; filename=a.pdf", ["a.pdf", "a.exe"]),
    OddNameCase(header: "Content-Disposition: attachment; name=a.exe", ["a.exe"]),
    OddNameCase(header: "Content-Type: x/y; filename=a.exe", ["a.exe"]),
  ]

  static let places: [OddNameCase] = [
    OddNameCase(header: "Content-Description: a.exe", ["a.exe"]),
    OddNameCase(header: "Content-Description: a small file", []),
    OddNameCase(header: "Content-Description: a.exe\nContent-Type: x/y; name=b.txt", ["b.txt"]),
    OddNameCase(header: "Content-Location: http://h.test/d/a%2Eexe?b.png", ["a.exe"]),
    OddNameCase(header: "content-DISPOSITION : attachment; FILENAME=a.exe", ["a.exe"]),
  ]

  @Test(arguments: [
    ("a.pdf.exe", Anomaly.nameDoubleExtension, true), ("a.pdf   .exe", .nameDoubleExtension, true),
    ("a.exe.pdf", .nameDoubleExtension, false), ("a.tar.gz", .nameDoubleExtension, false),
    ("jquery.min.js", .nameDoubleExtension, false), ("pdf.exe", .nameDoubleExtension, false),
    ("a\u{202E}fdp.exe", .nameBidi, true), ("a\u{2066}.pdf", .nameBidi, true),
    ("a\u{200E}.pdf", .nameBidi, false), ("a.exe.", .namePadding, true),
    ("a.exe ", .namePadding, true), ("a.exe\u{A0}", .namePadding, true),
    ("a.pdf____.exe", .nameDoubleExtension, true), ("a.\u{200F}exe", .nameBidi, true),
    ("a.exe/", .namePath, true), ("a.pdf        .exe", .namePadding, true),
    ("a.pdf       .exe", .namePadding, false), ("v1.2.", .namePadding, false),
    ("../a.pdf", .namePath, true), ("a/b.pdf", .namePath, true), ("c:a.pdf", .namePath, true),
    ("a.pdf", .namePath, false), ("a\u{7F}.pdf", .nameControl, true),
    ("a\u{85}.pdf", .nameControl, true), ("a%2Eexe", .nameDisguise, true),
    ("a%252Eexe", .nameDisguise, true), ("a\u{FF0E}exe", .nameDisguise, true),
    ("a.\u{FF45}\u{FF58}\u{FF45}", .nameDisguise, true), ("a.e\u{200B}xe", .nameDisguise, true),
    ("\u{AD}a.exe", .nameDisguise, false), ("a\u{3002}5", .nameDisguise, false),
  ])
  func faults(_ name: String, _ anomaly: Anomaly, _ isThere: Bool) {
    let message = MailMessage(
      text: "Content-Disposition: attachment; filename=\"\(name)\"\n\n")
    #expect(message.parts[0].anomalies.contains(anomaly) == isThere)
  }

  @Test(arguments: [
    ("a.exe", ["exe"]), ("a", [""]), ("a.pdf.exe", ["exe"]), ("a.exe\u{0}.txt", ["exe", "txt"]),
    ("a.exe/", ["", "exe"]), ("a.exe::$DATA", ["exe::$data", "exe"]),
    ("a.exe:b", ["exe:b", "exe"]),
    ("c:a.exe", ["exe"]), ("Re: a.pdf", ["pdf"]), ("a.exe\"", ["exe\"", "exe"]),
    ("a.exe; ", ["exe;", "exe"]), ("a. exe", [" exe", "exe"]), ("a.e\txe", ["e\txe", "exe"]),
    ("a%2Eexe", ["", "exe"]), ("a%252Eexe", ["", "exe"]),
    ("a\u{FF0E}\u{FF25}xe", ["", "exe"]), ("a\u{2024}exe", ["", "exe"]),
    ("a\u{3002}exe", ["", "exe"]), ("a\u{FF61}exe", ["", "exe"]),
    ("a.\u{1D41E}\u{1D431}\u{1D41E}", ["\u{1D41E}\u{1D431}\u{1D41E}", "exe"]),
    ("a.e\u{FE0F}xe", ["e\u{FE0F}xe", "exe"]), ("a.exe\u{A0}", ["exe\u{A0}", "exe"]),
    ("a.\u{202E}exe", ["\u{202E}exe", "exe"]), ("a.exe          .txt", ["txt", "exe"]),
    ("a.exe. . .", ["exe"]), ("日本。語", [""]), ("", [""]),
  ])
  func extensions(_ name: String, _ expected: [String]) {
    #expect(FileName.extensions(of: name) == expected)
    #expect(FileName.extension(of: name) == expected[0])
  }

  @Test func namesLimit() {
    var limits = MailLimits()
    limits.namesMax = 2
    let head = "Content-Disposition: attachment; filename=a.exe; filename=b.exe"
    let fitting = MailMessage(text: head + "\n\n", limits: limits).parts[0]
    #expect(fitting.names.count == 2)
    #expect(MailMessage(text: head + "\n\n", limits: limits).limitsHit.isEmpty)
    let hit = MailMessage(text: head + "; filename=c.exe\n\n", limits: limits).limitsHit
    #expect(hit == [.names])
    let past = MailMessage(text: head + "; filename=c; filename=d\n\n", limits: limits).parts[0]
    #expect(past.names.count == 3)
  }

  private static let charsets = ["koi8-r", "iso-8859-2", "cp1251", "big5", "euc-jp", "utf-16be"]

  /// Many parameters of one kind; described by its beginning.
  struct Flood: CustomTestStringConvertible, Sendable {
    let parameters: String
    var testDescription: String { "\(parameters.prefix(40)) \(parameters.utf8.count)" }

    init(_ parameters: String...) { self.parameters = parameters.joined() }
    init(_ count: Int, _ parameter: (Int) -> String) {
      parameters = (0..<count).map(parameter).joined()
    }
    init(_ count: Int, _ parameter: String) {
      parameters = String(repeating: parameter, count: count)
    }
  }

  /// Ends in time, or the run does not.
  @Test(arguments: [
    Flood(10_000) { "; filename*\($0)=a" }, Flood(10_000) { "; filename*\(9_999 - $0)*=%41" },
    Flood(10_000) { "; filename=\"a\($0).b" }, Flood(10_000, "; (filename="),
    Flood(18_000, "; filename=(a"),
    Flood(
      String(repeating: "; filename=(a", count: 9_000), String(repeating: ")", count: 9_000)),
    Flood(10_000, "=?utf-8?q?"), Flood(20_000, "\\\"'("),
    // Opening a converter costs half a millisecond.
    Flood(8_000) { "; filename=\"=?\(charsets[$0 % charsets.count])?q?a?=\\z\($0)" },
    Flood(8_000) { "; =?\(charsets[$0 % charsets.count])?q?name?==\($0)" },
    Flood("; filename=", String(repeating: "a ", count: 60_000)),
    Flood("; filename=", String(repeating: "%25", count: 40_000), "2Eexe"),
  ])
  func exhaustion(_ flood: Flood) {
    let message = MailMessage(text: "Content-Disposition: attachment\(flood.parameters)\n\n")
    let part = message.parts[0]
    #expect(part.names.count <= part.namesMax + 1)
    for name in part.names { #expect(!FileName.extensions(of: name).isEmpty) }
  }
}
