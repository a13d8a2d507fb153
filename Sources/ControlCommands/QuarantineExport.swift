// `defangctl quarantine export`.
internal import ArgumentParser
internal import Stores

struct QuarantineExport: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Take copies of entries out, as files, as one mailbox or to standard output.",
    discussion: """
      Messages become ID.eml, parts ID.bin: names that mail gave are not used. A file \
      that is there already is not overwritten. The record of the entry says who took it.

      Examples:
        defangctl quarantine export ID --to - > mail.eml
        defangctl quarantine export ID ID --to /tmp/evidence
        defangctl quarantine export ID ID --mbox --to - > evidence.mbox
      """)

  @OptionGroup var state: StateOptions
  @ArgumentParser.Argument(help: "Ids of entries.")
  var ids: [String]
  @Option(help: "A folder; '-' is standard output.")
  var to: String
  @Flag(help: "One mailbox file (mboxrd): quarantine.mbox in the folder.")
  var mbox = false

  func validate() throws {
    if to == "-", !mbox, ids.count > 1 {
      throw ValidationError("one entry at a time goes to standard output; or say --mbox")
    }
  }

  func carryOut(_ output: inout ControlOutput) throws(ControlFailure) {
    let store = try state.quarantine()
    var box: [UInt8] = []
    for id in ids {
      let found = try asking { () throws(StoreFailure) in try store.entry(id) }
      guard let entry = found else { throw ControlFailure(.missing(id)) }
      let content = try asking { () throws(StoreFailure) in try store.content(of: id) }
      if mbox {
        guard entry.part == nil else {
          throw ControlFailure(ControlFailure.usage, "\(id) is a part, a mailbox holds messages")
        }
        box += Mailbox.message(content, from: entry.envelope.sender, entry.receivedSeconds)
      } else if to == "-" {
        output.raw(content)
      } else {
        let name = entry.part == nil ? "\(entry.id).eml" : "\(entry.id).bin"
        try write(content, to: "\(to)/\(name)", &output)
      }
    }
    if mbox, to == "-" { output.raw(box) }
    if mbox, to != "-" { try write(box, to: "\(to)/quarantine.mbox", &output) }
    let now = UTC.nowSeconds
    for id in ids {
      try asking { () throws(StoreFailure) in
        try store.noteExport(id, by: .current, nowSeconds: now)
      }
    }
  }

  private func write(
    _ bytes: [UInt8], to path: String, _ output: inout ControlOutput
  ) throws(ControlFailure) {
    do throws(StoreFailure) {
      try NewFile.write(bytes, to: path)
    } catch {
      throw ControlFailure(ControlFailure.cannotCreate, error.message)
    }
    output.line(path)
  }
}

/// A mailbox file in the way of mboxrd: every line that could be taken for a separator gets one
/// `>`, which a reader takes off.
enum Mailbox {
  private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
  private static let separator = Array("From ".utf8)

  static func message(_ bytes: [UInt8], from sender: String, _ seconds: Int64) -> [UInt8] {
    let name = sender.isEmpty ? "MAILER-DAEMON" : sender
    let plain = String(name.unicodeScalars.map { $0.isASCII && $0 > " " ? Character($0) : "_" })
    var result = Array("From \(plain) \(date(seconds))\n".utf8)
    var lines = bytes.split(separator: 10, omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    for line in lines {
      if line.drop(while: { $0 == 62 }).starts(with: separator) { result.append(62) }
      result += line.last == 13 ? line.dropLast() : line
      result.append(10)
    }
    return result + [10]
  }

  /// As asctime(3) writes it.
  private static func date(_ seconds: Int64) -> String {
    let text = UTC.text(seconds)
    let numbers = text.split { !$0.isNumber }.map(String.init)
    // A text of UTC has six numbers, its month from 1 to 12.
    let month = months[(Int(numbers[1]) ?? 1) - 1]
    let day = numbers[2].first == "0" ? " " + numbers[2].dropFirst() : numbers[2]
    let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    let weekday = weekdays[Int(((days % 7) + 7) % 7)]
    return "\(weekday) \(month) \(day) \(numbers[3...5].joined(separator: ":")) \(numbers[0])"
  }
}
