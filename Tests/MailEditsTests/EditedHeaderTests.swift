// Header edits: what the MTA is told, in which order, and that two kinds of MTA end up with the
// header that `bytes()` writes.

import MailEdits
import MailMessage
import Testing

@Suite struct EditedHeaderTests {
  static let header = """
    Received: one
    Received: two
    Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=
    X-Spam: a
    To: x@example.org,
     y@example.org
    X-Spam: b
    x-spam: c


    """

  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let edits: [HeaderEdit]
    let changes: [HeaderChange]
    init(_ name: String, _ edits: [HeaderEdit], _ changes: [HeaderChange]) {
      testDescription = name
      self.edits = edits
      self.changes = changes
    }
  }

  static func add(_ name: String, _ value: String, last: Bool = false) -> HeaderEdit {
    .add(name: name, value: Array(value.utf8), last: last)
  }

  static func set(_ name: String, _ value: String, _ occurrence: Int? = nil) -> HeaderEdit {
    .set(name: name, value: Array(value.utf8), occurrence: occurrence)
  }

  static let cases: [Case] = [
    Case("no edit", [], []),
    Case("top", [add("A", "1")], [.insert(index: 0, name: "A", value: "1")]),
    Case(
      "two at the top: the later one is above", [add("A", "1"), add("B", "2")],
      [.insert(index: 0, name: "A", value: "1"), .insert(index: 0, name: "B", value: "2")]),
    Case(
      "two at the end", [add("A", "1", last: true), add("B", "2", last: true)],
      [.add(name: "A", value: "1"), .add(name: "B", value: "2")]),
    Case(
      "in the middle", [.insert(name: "A", value: [0x31], at: 2)],
      [.insert(index: 2, name: "A", value: "1")]),
    Case(
      "two at the same place",
      [.insert(name: "A", value: [0x31], at: 2), .insert(name: "B", value: [0x32], at: 2)],
      [.insert(index: 2, name: "B", value: "2"), .insert(index: 3, name: "A", value: "1")]),
    Case(
      "an index beyond the end is the end", [.insert(name: "A", value: [0x31], at: 99)],
      [.add(name: "A", value: "1")]),
    Case(
      "change", [set("X-Spam", "z", 2)], [.change(name: "X-Spam", occurrence: 2, value: "z")]),
    Case(
      "change the last", [set("X-SPAM", "z", -1)],
      [.change(name: "x-spam", occurrence: 3, value: "z")]),
    Case("change to what it is", [set("X-Spam", "b", 2)], []),
    Case("change to what it is, folded", [set("To", "x@example.org, y@example.org")], []),
    Case("change to what it is, decoded", [set("Subject", "Grüße")], []),
    Case("change to what it is, raw", [set("Subject", "=?utf-8?q?Gr=C3=BC=C3=9Fe?=")], []),
    Case("change and back", [set("X-Spam", "z"), set("X-Spam", "a")], []),
    Case("set what is not there", [set("New", "1")], [.add(name: "New", value: "1")]),
    Case("set an occurrence beyond", [set("X-Spam", "d", 4)], [.add(name: "X-Spam", value: "d")]),
    Case(
      "set to nothing deletes", [set("Subject", " \r\n ")],
      [.change(name: "Subject", occurrence: 1, value: nil)]),
    Case("set to nothing what is not there", [set("New", "")], []),
    Case(
      "delete all, highest first", [.delete(name: "X-Spam", occurrences: nil)],
      [
        .change(name: "x-spam", occurrence: 3, value: nil),
        .change(name: "X-Spam", occurrence: 2, value: nil),
        .change(name: "X-Spam", occurrence: 1, value: nil),
      ]),
    Case(
      "delete some", [.delete(name: "x-spam", occurrences: [1, -1, 7, 0, -9])],
      [
        .change(name: "x-spam", occurrence: 3, value: nil),
        .change(name: "X-Spam", occurrence: 1, value: nil),
      ]),
    Case(
      "numbers mean the header as it is then",
      [.delete(name: "X-Spam", occurrences: [1]), set("X-Spam", "z", 1)],
      [
        .change(name: "X-Spam", occurrence: 2, value: "z"),
        .change(name: "X-Spam", occurrence: 1, value: nil),
      ]),
    Case(
      "an added field counts", [add("X-Spam", "0"), set("X-Spam", "z", 1)],
      [.insert(index: 0, name: "X-Spam", value: "z")]),
    Case(
      "added and deleted", [add("New", "1"), .delete(name: "New", occurrences: nil)], []),
    Case(
      "replace: delete all, then add",
      [.delete(name: "X-Spam", occurrences: nil), add("X-Spam", "new", last: true)],
      [
        .change(name: "x-spam", occurrence: 3, value: nil),
        .change(name: "X-Spam", occurrence: 2, value: nil),
        .change(name: "X-Spam", occurrence: 1, value: nil),
        .add(name: "X-Spam", value: "new"),
      ]),
    Case(
      "an insertion of the same name moves the numbers after it",
      [.insert(name: "X-Spam", value: [0x6E], at: 4), set("X-Spam", "z", 3)],
      [
        .insert(index: 4, name: "X-Spam", value: "n"),
        .change(name: "X-Spam", occurrence: 3, value: "z"),
      ]),
    Case("delete what is not there", [.delete(name: "New", occurrences: nil)], []),
  ]

  @Test(arguments: cases)
  func changes(_ one: Case) {
    var plan = EditPlan()
    for edit in one.edits { plan.edit(header: edit) }
    let edited = plan.apply(to: mail(Self.header + "body\n"))
    #expect(edited.headerChanges == one.changes)
    #expect(edited.newBody == nil)
    #expect(edited.refusals.isEmpty)
    expectSameHeader(mail(Self.header + "body\n"), edited)
  }

  @Test func wholeMessage() {
    let plan = EditPlan {
      $0.edit(header: Self.add("X-Top", "1"))
      $0.edit(header: Self.set("X-Spam", "z", 2))
      $0.edit(header: .delete(name: "To", occurrences: nil))
      $0.edit(header: Self.add("X-End", "2", last: true))
      $0.edit(header: .insert(name: "X-Middle", value: [0x33], at: 3))
    }
    #expect(
      text(plan.apply(to: mail(Self.header + "body\n")).bytes()) == """
        X-Top: 1
        Received: one
        Received: two
        X-Middle: 3
        Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=
        X-Spam: a
        X-Spam: z
        x-spam: c
        X-End: 2

        body

        """)
  }

  @Test(arguments: [
    ("", "X: 1\n"), ("\n", "X: 1\n\n"), ("A: b", "A: b\nX: 1\n"), ("A: b\n", "A: b\nX: 1\n"),
    ("\nbody", "X: 1\n\nbody"), ("A: b\n \n\nbody", "A: b\n \nX: 1\n\nbody"),
    ("A: b\nno field\n", "A: b\nX: 1\nno field\n"),
    ("From a@b Mon\nA: b\n\nx", "From a@b Mon\nA: b\nX: 1\n\nx"),
  ])
  func addedLastToOddHeaders(_ message: String, _ expected: String) {
    let plan = EditPlan { $0.edit(header: Self.add("X", "1", last: true)) }
    #expect(text(plan.apply(to: mail(message)).bytes()) == expected)
  }

  @Test(arguments: [
    ("", "X: 1\n"), ("\nbody", "X: 1\n\nbody"), ("A: b\n\n", "X: 1\nA: b\n\n"),
    ("From a@b Mon\nA: b\n\nx", "From a@b Mon\nX: 1\nA: b\n\nx"),
  ])
  func addedAtTheTopOfOddHeaders(_ message: String, _ expected: String) {
    let plan = EditPlan { $0.edit(header: Self.add("X", "1")) }
    #expect(text(plan.apply(to: mail(message)).bytes()) == expected)
  }

  @Test func changedLastLineWithoutEnd() {
    let plan = EditPlan {
      $0.edit(header: Self.set("A", "c"))
      $0.edit(header: Self.add("X", "1", last: true))
    }
    #expect(text(plan.apply(to: mail("A: b")).bytes()) == "A: c\nX: 1\n")
    let removal = EditPlan {
      $0.edit(header: .delete(name: "B", occurrences: nil))
      $0.edit(header: Self.add("X", "1", last: true))
    }
    #expect(text(removal.apply(to: mail("A: b\nB: c")).bytes()) == "A: b\nX: 1\n")
  }

  @Test func laterTestsSeeTheHeaderAsEdited() {
    let message = mail(Self.header)
    let plan = EditPlan {
      $0.edit(header: Self.set("X-Spam", "z", 2))
      $0.edit(header: .delete(name: "Received", occurrences: [1]))
      $0.edit(header: Self.add("A", "1"))
    }
    let fields = plan.header(of: message).fields
    #expect(fields.map(\.name) == ["A", "Received", "Subject", "X-Spam", "To", "X-Spam", "x-spam"])
    #expect(fields.map(\.original) == [nil, 1, 2, 3, 4, 5, 6])
    #expect(
      fields.map { $0.value.map { String(decoding: $0, as: UTF8.self) } } == [
        "1", nil, nil, nil, nil, "z", nil,
      ])
  }

  @Test func randomEditsMeanTheSameToEveryMTA() {
    var random = Random(seed: 11)
    for _ in 0..<400 {
      let message = mail(Self.header + "body\n")
      var plan = EditPlan()
      for number in 0..<Int.random(in: 1...6, using: &random) {
        plan.edit(header: Self.randomEdit(number, &random))
      }
      let edited = plan.apply(to: message)
      #expect(edited.newBody == nil)
      expectSameHeader(message, edited)
    }
  }

  static func randomEdit(_ number: Int, _ random: inout Random) -> HeaderEdit {
    let name = ["X-Spam", "Received", "Subject", "To", "New", "x-NEW"].randomElement(using: &random)
    let value = Array("value \(number)".utf8)
    let count = Int.random(in: -3...4, using: &random)
    switch Int.random(in: 0..<5, using: &random) {
    case 0: return .add(name: name ?? "New", value: value, last: Bool.random(using: &random))
    case 1: return .insert(name: name ?? "New", value: value, at: count)
    case 2: return .set(name: name ?? "New", value: value, occurrence: count == 0 ? nil : count)
    case 3: return .delete(name: name ?? "New", occurrences: [count, count + 1])
    default: return .delete(name: name ?? "New", occurrences: count < 0 ? nil : [count])
    }
  }

  /// Both MTAs, and `bytes()`, come to the same header.
  private func expectSameHeader(_ message: MailMessage, _ edited: EditedMessage) {
    let written = MailMessage(edited.bytes())
    let expected = ToyMTA(written, countsDeleted: false).visible
    for countsDeleted in [false, true] {
      var mta = ToyMTA(message, countsDeleted: countsDeleted)
      for change in edited.headerChanges { mta.apply(change) }
      #expect(mta.visible == expected, "\(edited.headerChanges)")
    }
  }
}

/// An MTA's header list as the milter protocol changes it. Some forget a deleted field at once
/// (Postfix), some keep it in the list (sendmail).
struct ToyMTA {
  private var fields: [(name: String, value: String, isDeleted: Bool)] = []
  let countsDeleted: Bool

  init(_ message: MailMessage, countsDeleted: Bool) {
    self.countsDeleted = countsDeleted
    for field in message.headers {
      var value: [UInt8] = []
      message.appendUnfolded(field, to: &value)
      fields.append(
        (
          String(decoding: message.bytes[field.name], as: UTF8.self),
          String(decoding: value, as: UTF8.self), false
        ))
    }
  }

  var visible: [String] { fields.filter { !$0.isDeleted }.map { "\($0.name): \($0.value)" } }

  mutating func apply(_ change: HeaderChange) {
    switch change {
    case .add(let name, let value): fields.append((name, unfolded(value), false))
    case .insert(let index, let name, let value):
      fields.insert((name, unfolded(value), false), at: index)
    case .change(let name, let occurrence, let value):
      var left = occurrence
      for index in fields.indices
      where fields[index].name.lowercased() == name.lowercased()
        && (countsDeleted || !fields[index].isDeleted)
      {
        left -= 1
        guard left == 0 else { continue }
        if let value {
          fields[index].value = unfolded(value)
        } else {
          fields[index].isDeleted = true
        }
      }
      if !countsDeleted { fields.removeAll { $0.isDeleted } }
    }
  }

  private func unfolded(_ value: String) -> String { value.filter { $0 != "\n" } }
}
