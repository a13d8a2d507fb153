// A question to another mail server, and what is made of its reply. A reply is a stranger's text:
// printable by the reader of replies, here parted, joined to one line and cut.
internal import RuleBytecode
internal import RuleVM
internal import Submission

/// One question: equal ones share a call and an answer.
struct CalloutQuestion: Hashable, Sendable {
  /// As the policy names it, in lower case; empty for the hosts of the address's domain.
  let server: String
  /// The domain in lower case; the local part as it is (RFC 5321 §2.4).
  let address: String

  init(server: String, address: String) {
    self.server = server.lowercased()
    guard let at = address.lastIndex(of: "@") else {
      self.address = address
      return
    }
    self.address = address[..<at] + address[at...].lowercased()
  }

  /// Nil where there is none to look up.
  var domain: String? {
    guard let at = address.lastIndex(of: "@") else { return nil }
    let domain = String(address[address.index(after: at)...])
    return domain.isEmpty || domain.hasPrefix("[") ? nil : domain
  }
}

enum CalloutAnswer: Sendable, Equatable {
  case reply(code: String, enhanced: String, text: String)
  /// - Parameter isOfHost: it was the host's fault, and asking it about another address now would
  ///   fare no better.
  case failed(String, isOfHost: Bool = false)

  init(_ reply: SMTPReply, textBytesMax: Int) {
    var enhanced = ""
    let lines = reply.lines.map { line in
      let (code, rest) = Self.parted(line[...])
      if enhanced.isEmpty { enhanced = code }
      return rest
    }
    let text = lines.filter { !$0.isEmpty }.joined(separator: " ")
    // Printable ASCII: any byte is a character.
    self = .reply(
      code: String(reply.code), enhanced: enhanced, text: String(text.prefix(textBytesMax)))
  }

  /// A line's enhanced code (RFC 2034 §4) and what follows it.
  private static func parted(_ line: Substring) -> (code: String, rest: String) {
    let word = line.prefix { $0 != " " }
    let numbers = word.split(separator: ".", omittingEmptySubsequences: false)
    let isCode =
      numbers.count == 3 && ["2", "4", "5"].contains(numbers[0])
      && numbers.dropFirst().allSatisfy { (1...3).contains($0.count) && UInt16($0) != nil }
    guard isCode else { return ("", String(line.trimmed)) }
    return (String(word), String(line.dropFirst(word.count).trimmed))
  }

  /// As the machine reads it.
  var answer: CheckAnswer {
    switch self {
    case .reply(let code, let enhanced, let text):
      .fields(["code": code, "enhanced": enhanced, "text": text])
    case .failed(let reason, _): .failed(.callout, reason: reason)
    }
  }

  func seconds(_ limits: CalloutLimits) -> Int {
    switch self {
    case .reply(let code, _, _) where code.hasPrefix("2"): limits.knownSeconds
    case .reply(let code, _, _) where code.hasPrefix("5"): limits.unknownSeconds
    case .reply: limits.deferredSeconds
    case .failed: limits.failureSeconds
    }
  }
}

extension Substring {
  fileprivate var trimmed: Substring {
    let start = drop { $0 == " " }
    return start.dropLast(start.reversed().prefix { $0 == " " }.count)
  }
}
