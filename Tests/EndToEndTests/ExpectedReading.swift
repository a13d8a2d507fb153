// What another reader, Python's email package, must make of a delivered message: its parts, their
// names and texts as a case says, no defect, and nothing else than our own reader makes of it.
import MailLab
import MailMessage

struct ExpectedReading: Sendable {
  struct PartText: Sendable {
    let path: String
    var text: String
    let isThere: Bool
  }

  /// `PATH TYPE [NAME]`; with any of them these are all parts.
  var parts: [String] = []
  var texts: [PartText] = []
  /// `Name: value`, decoded.
  var fields: [String] = []

  var isEmpty: Bool { parts.isEmpty && texts.isEmpty && fields.isEmpty }

  mutating func read(_ word: String, _ rest: String, at place: String) throws {
    switch word {
    case "reads": fields.append(rest)
    case "part": parts.append(rest)
    default:
      let pieces = rest.split(separator: " ", maxSplits: 1).map(String.init)
      guard pieces.count == 2 else { throw LabError("\(place): a path and a text are wanted") }
      texts.append(PartText(path: pieces[0], text: pieces[1], isThere: word == "text"))
    }
  }

  func filled(_ words: [String: String]) -> ExpectedReading {
    var copy = self
    for index in copy.texts.indices { copy.texts[index].text = texts[index].text.filled(words) }
    copy.fields = fields.map { $0.filled(words) }
    return copy
  }

  func problems(_ reading: PythonMail, of message: [UInt8]) -> [String] {
    var problems = reading.defects.map { "Python finds a defect: \($0)" }
    let found = reading.parts.map { part in
      [part.path, part.type, part.name].compactMap { $0 }.joined(separator: " ")
    }
    if !parts.isEmpty, found != parts {
      problems.append("Python reads the parts \(found), expected \(parts)")
    }
    for text in texts {
      let content = reading.part(text.path)?.text ?? ""
      if content.contains(text.text) != text.isThere {
        let verb = text.isThere ? "lacks" : "has"
        problems.append("to Python \(text.path) \(verb) \"\(text.text)\"; it is:\n\(content)")
      }
    }
    let values = reading.fields.map { $0.joined(separator: ": ") }
    for field in fields where !values.contains(field) {
      problems.append("to Python no field is \"\(field)\": \(values)")
    }
    return problems + Self.disagreements(reading, MailMessage(message))
  }

  /// Where Python and our own reader differ.
  private static func disagreements(_ python: PythonMail, _ ours: MailMessage) -> [String] {
    let own = ours.parts.indices.filter {
      ours.parts[$0].isInMessage && ours.parts[$0].reading == 0
    }
    let shown = own.map { index in
      let part = ours.parts[index]
      return [part.path, part.contentType.name, part.names.first].compactMap { $0 }
        .joined(separator: " ")
    }
    let theirs = python.parts.map { part in
      [part.path, part.type, part.name].compactMap { $0 }.joined(separator: " ")
    }
    guard shown == theirs else { return ["we read the parts \(shown), Python \(theirs)"] }
    return zip(own, python.parts).compactMap { index, part in
      guard let content = part.content else { return nil }
      var decoded: [UInt8] = []
      _ = ours.appendDecodedBody(of: index, to: &decoded)
      return decoded == Array(content) ? nil : "we decode \(part.path) otherwise than Python"
    }
  }
}
