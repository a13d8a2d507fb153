// The case files in Cases/: a policy, what an SMTP client says, what it must be answered, and what
// must arrive. README.md beside them tells the format.
import Foundation
import MailLab

struct CaseFile: Sendable {
  /// What one step does; those that an SMTP reply follows can have expectations.
  enum Action: Equatable, Sendable {
    case connect(source: String)
    case say(String)
    case login
    case message(String)
    case sendWithoutWaiting(String)
    case sendUnfinished(String)
    case reply
    case close
    case killDaemon, startDaemon
    case stopServer(String)
    case startServer(String)
    case waitForLog(String)
    case pause(milliseconds: Int)
    case submit(message: String, sender: String, recipients: [String])
    /// The mail server holds one message in its queue; it is thrown away then.
    case held
    /// One of the commands that were built.
    case run([String])
  }

  struct Step: Sendable {
    let action: Action
    var expected: [Expectation] = []
    /// Of a command: texts that its output must hold, each in a line.
    var output: [String] = []
    var exitCode: Int32 = 0
  }

  /// The lines of one reply; a bare code stands for any text.
  struct Expectation: Sendable {
    /// Nil for both.
    let server: MTAKind?
    var lines: [String]
  }

  var name = ""
  var onlyServer: MTAKind?
  var policy = ""
  var answers: String?
  /// Further words of the daemon's command line.
  var daemonArguments: [String] = []
  /// What a name server of the case's own knows; nil for none.
  var zone: DNSZone?
  /// Scanners that it asks, by name.
  var servers: [String] = []
  /// Signing keys of the case's folder: file name and algorithm.
  var keys: [(file: String, algorithm: String)] = []
  var messages: [String: [UInt8]] = [:]
  var steps: [Step] = []
  var deliveries: [ExpectedDelivery] = []
  /// What must lie in the case's folder.
  var files: [ExpectedFiles] = []
  /// Texts that the daemon's log must hold.
  var logTexts: [String] = []
}

extension CaseFile {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Cases")

  /// Every case of the folder by name; one that cannot be read is an error with its line.
  static func loadAll() throws -> [CaseFile] {
    let files = try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    return try files.filter { $0.pathExtension == "case" }
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
      .map { file in
        let name = file.deletingPathExtension().lastPathComponent
        return try CaseFile(name: name, text: String(contentsOf: file, encoding: .utf8))
      }
  }

  init(name: String, text: String) throws {
    self.name = name
    var section: (title: [String], lines: [String], lineNumber: Int) = ([], [], 1)
    let lines = text.components(separatedBy: "\n")
    for (index, line) in lines.enumerated() {
      if line.hasPrefix("--- ") {
        try finish(section.title, section.lines, firstLine: section.lineNumber)
        section = (line.dropFirst(4).split(separator: " ").map(String.init), [], index + 2)
      } else {
        section.lines.append(line)
      }
    }
    try finish(section.title, section.lines, firstLine: section.lineNumber)
    guard !policy.isEmpty, !steps.isEmpty else {
      throw LabError("\(name).case has no policy or no dialogue")
    }
  }

  private mutating func finish(_ title: [String], _ lines: [String], firstLine: Int) throws {
    var lines = lines
    while lines.last?.isEmpty == true { lines.removeLast() }
    let text = lines.map { $0 + "\n" }.joined()
    switch title.first {
    case nil:
      for line in lines where line.hasPrefix("only: ") {
        onlyServer = MTAKind(rawValue: String(line.dropFirst(6)))
      }
    case "policy": policy = text
    case "answers": answers = text
    case "daemon": daemonArguments = lines.flatMap { $0.split(separator: " ").map(String.init) }
    case "servers": servers = lines
    case "keys":
      for line in lines {
        let words = line.split(separator: " ").map(String.init)
        guard words.count == 2 else { throw LabError("\(name).case:\(firstLine): FILE ALGORITHM") }
        keys.append((words[0], words[1]))
      }
    case "dns": zone = try DNSZone(lines: lines)
    case "message":
      let crlf = text.filled(SharedScanners.samples).replacing("\n", with: "\r\n")
      let isLatin1 = title.count == 3 && title[2] == "latin1"
      messages[title[1]] =
        isLatin1
        ? crlf.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) } : Array(crlf.utf8)
    case "dialogue":
      for (index, line) in lines.enumerated() where !line.isEmpty {
        try readDialogue(line, at: "\(name).case:\(firstLine + index)")
      }
    case "delivered":
      var expected = ExpectedDelivery()
      for (index, line) in lines.enumerated() where !line.isEmpty {
        try expected.read(line, at: "\(name).case:\(firstLine + index)")
      }
      deliveries.append(expected)
    case "files":
      for (index, line) in lines.enumerated() where !line.isEmpty {
        files.append(try ExpectedFiles(line, at: "\(name).case:\(firstLine + index)"))
      }
    case "log": logTexts = lines
    default: throw LabError("\(name).case:\(firstLine - 1): unknown section \(title)")
    }
  }

  private mutating func readDialogue(_ line: String, at place: String) throws {
    if let said = line.dropping("C: ") {
      steps.append(Step(action: .say(said)))
    } else if let reply = line.dropping("S: ") {
      try expect(reply, from: nil, at: place)
    } else if let reply = line.dropping("S[sendmail]: ") {
      try expect(reply, from: .sendmail, at: place)
    } else if let reply = line.dropping("S[postfix]: ") {
      try expect(reply, from: .postfix, at: place)
    } else if let text = line.dropping("O: "), let last = steps.indices.last {
      steps[last].output.append(text)
    } else if let code = line.dropping("X: "), let last = steps.indices.last {
      steps[last].exitCode = Int32(code) ?? -1
    } else if line.hasPrefix("@") {
      steps.append(Step(action: try Self.directive(line, at: place)))
    } else {
      throw LabError("\(place): neither C:, S: nor a directive")
    }
  }

  /// A line of a reply; a `-` after the code says that another one follows.
  private mutating func expect(_ line: String, from server: MTAKind?, at place: String) throws {
    guard let last = steps.indices.last else { throw LabError("\(place): a reply to nothing") }
    let open = steps[last].expected.lastIndex { expectation in
      expectation.server == server && expectation.lines.last?.dropFirst(3).first == "-"
    }
    if let open {
      steps[last].expected[open].lines.append(line)
    } else {
      steps[last].expected.append(Expectation(server: server, lines: [line]))
    }
  }

  private static func directive(_ line: String, at place: String) throws -> Action {
    let words = line.split(separator: " ").map(String.init)
    switch (words[0], words.count) {
    case ("@connect", 1): return .connect(source: "127.0.0.1")
    case ("@connect", 2): return .connect(source: words[1])
    case ("@login", 1): return .login
    case ("@message", 2): return .message(words[1])
    case ("@send", 2): return .sendWithoutWaiting(words[1])
    case ("@send-unfinished", 2): return .sendUnfinished(words[1])
    case ("@reply", 1): return .reply
    case ("@close", 1): return .close
    case ("@kill-daemon", 1): return .killDaemon
    case ("@start-daemon", 1): return .startDaemon
    case ("@stop-server", 2): return .stopServer(words[1])
    case ("@start-server", 2): return .startServer(words[1])
    case ("@wait-for-log", 2...): return .waitForLog(words.dropFirst().joined(separator: " "))
    case ("@pause", 2): return .pause(milliseconds: Int(words[1]) ?? 0)
    case ("@submit", 4...):
      return .submit(message: words[1], sender: words[2], recipients: Array(words[3...]))
    case ("@held", 1): return .held
    case ("@run", 2...): return .run(Array(words[1...]))
    default: throw LabError("\(place): unknown directive \(line)")
    }
  }
}

extension String {
  /// The rest after a prefix, nil without it.
  func dropping(_ prefix: String) -> String? {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
  }
}
