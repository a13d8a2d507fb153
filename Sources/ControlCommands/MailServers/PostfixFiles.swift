// What of Postfix's configuration is about filters, read from its files as postconf(5) and
// master(5) describe them: Postfix itself need not be installed where they are. What is not said
// has Postfix's own standard.

struct PostfixFiles {
  struct Service: Equatable {
    let name: String
    /// inet, unix, …
    let kind: String
    let isChrooted: Bool
    let command: String
    /// `-o NAME=VALUE`.
    let overrides: [String: String]
  }

  /// A filter of a list, with what stands in its braces.
  struct Milter: Equatable {
    let address: String
    let options: [String: String]
  }

  private static let bytesMax = 1 << 20

  let folder: String
  private let parameters: [String: String]
  let services: [Service]

  /// Nil when there is no main.cf.
  init?(_ folder: String) {
    guard let main = PlaceFacts.bytes(of: folder + "/main.cf", limit: Self.bytesMax) else {
      return nil
    }
    let master = PlaceFacts.bytes(of: folder + "/master.cf", limit: Self.bytesMax) ?? []
    self.init(folder: folder, main: main, master: master)
  }

  init(folder: String, main: [UInt8], master: [UInt8]) {
    self.folder = folder
    var parameters: [String: String] = [:]
    for line in Self.lines(main) {
      let (name, value) = Self.pair(line)
      parameters[name] = value
    }
    self.parameters = parameters
    services = Self.lines(master).compactMap(Self.service)
  }

  /// Logical lines: one that begins with a blank continues the one before (postconf(5)).
  private static func lines(_ bytes: [UInt8]) -> [String] {
    var result: [String] = []
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      guard let first = line.first(where: { !$0.isWhitespace }), first != "#" else { continue }
      if line.first?.isWhitespace == true, let last = result.popLast() {
        result.append(last + " " + line)
      } else {
        result.append(String(line))
      }
    }
    return result
  }

  private static func pair(_ line: String) -> (String, String) {
    let pieces = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    return (trimmed(pieces[0]), pieces.count > 1 ? trimmed(pieces[1]) : "")
  }

  private static func trimmed(_ text: Substring) -> String {
    let begin = text.drop { $0.isWhitespace }
    let end = begin.reversed().prefix { $0.isWhitespace }.count
    return String(begin.dropLast(end))
  }

  private static func service(_ line: String) -> Service? {
    let words = line.split { $0.isWhitespace }.map(String.init)
    guard words.count >= 8 else { return nil }
    var overrides: [String: String] = [:]
    for (flag, value) in zip(words.dropFirst(8), words.dropFirst(9)) where flag == "-o" {
      let (name, text) = pair(value)
      overrides[name] = text
    }
    // Nothing is said: since 3.0 that means no chroot.
    return Service(
      name: words[0], kind: words[1], isChrooted: words[4] == "y", command: words[7],
      overrides: overrides)
  }

  // MARK: Values

  static let standards = [
    "queue_directory": "/var/spool/postfix", "mail_owner": "postfix",
    "milter_default_action": "tempfail", "milter_protocol": "6", "milter_connect_timeout": "30s",
    "milter_command_timeout": "30s", "milter_content_timeout": "300s",
  ]

  /// With `$name`, `${name}` and `$(name)` put in, some levels deep.
  func value(_ name: String, for service: Service? = nil) -> String {
    var text = service?.overrides[name] ?? parameters[name] ?? Self.standards[name] ?? ""
    for _ in 0..<Self.levelsMax {
      guard let dollar = text.firstIndex(of: "$") else { break }
      let behind = text[text.index(after: dollar)...]
      let opening = behind.first.map { "({".contains($0) } == true
      let word = (opening ? behind.dropFirst() : behind).prefix {
        $0.isLetter || $0.isNumber || $0 == "_"
      }
      var end = word.endIndex
      if opening, end < text.endIndex { end = text.index(after: end) }
      let inner = service?.overrides[String(word)] ?? parameters[String(word)]
      let replacement = inner ?? Self.standards[String(word)] ?? ""
      text = text[..<dollar] + replacement + text[end...]
    }
    return text
  }

  private static let levelsMax = 20

  /// Seconds of `30`, `30s`, `5m`, `2h`, `1d`, `1w`.
  static func seconds(_ text: String) -> Int? {
    let units: [Character: Int] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800]
    guard let last = text.last else { return nil }
    guard let unit = units[last] else { return Int(text) }
    guard let number = Int(text.dropLast()), number < 1_000_000 else { return nil }
    return number * unit
  }

  /// The filters of `smtpd_milters` or `non_smtpd_milters`.
  func milters(_ name: String, for service: Service? = nil) -> [Milter] {
    var result: [Milter] = []
    var rest = value(name, for: service)[...]
    while let first = rest.firstIndex(where: { !$0.isWhitespace && $0 != "," }) {
      rest = rest[first...]
      let isBraced = rest.first == "{"
      let piece = rest.prefix { isBraced ? $0 != "}" : !$0.isWhitespace && $0 != "," }
      rest = rest[piece.endIndex...].drop { $0 == "}" }
      guard isBraced else {
        result.append(Milter(address: String(piece), options: [:]))
        continue
      }
      let words = piece.dropFirst().split(separator: ",").map(Self.trimmed)
      let options = words.dropFirst().map(Self.pair)
      result.append(
        Milter(
          address: words.first ?? "", options: Dictionary(options) { _, last in last }))
    }
    return result
  }

  /// Those who take mail by SMTP.
  var servers: [Service] { services.filter { $0.command == "smtpd" } }
  /// Who takes mail that is handed in on the machine.
  var cleanup: Service? { services.first { $0.command == "cleanup" } }
}
