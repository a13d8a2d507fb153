// What a server offers in its answer to EHLO (RFC 5321 §4.1.1.1).

struct SMTPOffer: Sendable, Equatable {
  /// Keywords in upper case, each with its parameters.
  private(set) var keywords: [String: [String]] = [:]
  /// What the server calls itself, in lower case: in its greeting, and in its answer to EHLO.
  private(set) var hostNames: [String] = []

  static let none = SMTPOffer(lines: [])

  /// - Parameter lines: Of the reply, its first (the greeting) aside.
  init(lines: some Sequence<String>) {
    for line in lines {
      let words = line.split(separator: " ").map { $0.uppercased() }
      guard let keyword = words.first else { continue }
      // "AUTH=PLAIN LOGIN" is how servers before RFC 2554 wrote it, beside the right line.
      keywords[keyword] = Array(words.dropFirst())
    }
  }

  /// By the first word of a reply.
  mutating func noteName(in reply: SMTPReply) {
    guard let word = reply.lines.first?.split(separator: " ").first else { return }
    hostNames.append(word.lowercased())
  }

  mutating func noteNames(of former: SMTPOffer) { hostNames += former.hostNames }

  func has(_ keyword: String) -> Bool { keywords[keyword] != nil }

  /// Nil where none is named; 0 says that there is none (RFC 1870 §4).
  var bytesMax: Int? { keywords["SIZE"]?.first.flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil } }

  var loginMechanisms: [String] { keywords["AUTH"] ?? [] }
}
