// Texts that compile and mean something else than they do elsewhere: a star in a text that is
// compared as it stands, a network among texts, a number in the order of letters.

/// What a text of the policy was most likely meant to be.
package enum OtherMeaning: Equatable, Sendable {
  /// `*` where it stands for itself.
  case star(String, in: Place)
  /// `ann@example.com` with `:localpart`.
  case addressAsLocalPart(String, tag: String)
  /// `10.0.0.0/8` in a comparison of texts.
  case networkAsText(String)
  /// `"5"` with `:value`, without a comparator that knows numbers.
  case numberAsText(String, test: String)
  /// `client.ip` without `${…}`.
  case factAsText(String, name: String)
  /// An entry that no extension of a name can be.
  case entryOfExtensions(String, table: String)
  /// `reject "550 5.7.1 No"`.
  case codeInReply(String, command: String)

  /// `bücher.example`, which most mail has as `xn--bcher-kva.example`.
  case unicodeDomain(String, ascii: String, table: String?)
  /// `currentdate "hour" "8"`.
  case noDatePart(MissedDate)

  package enum Place: Equatable, Sendable {
    /// With the match type.
    case key(type: String)
    case table(String, type: String)
    case fieldName
  }
}

extension OtherMeaning {
  var wording: Wording {
    switch self {
    case .star(let text, .key(let type)):
      Wording("the '*' in \(quoted(text)) stands for itself", "':\(type)' has no wildcards")
    case .star(let text, .table(let name, let type)):
      Wording(
        "the '*' in \(quoted(text)) stands for itself",
        "an entry of the table \(quoted(name)) of type \(quoted(type))")
    case .star(let text, .fieldName):
      Wording(
        "the '*' in \(quoted(text)) stands for itself", "names of fields have no wildcards")
    case .addressAsLocalPart(let text, let tag):
      Wording("no ':\(tag)' is \(quoted(text))", "it is what stands before the '@'")
    case .networkAsText(let text):
      Wording("\(quoted(text)) is compared as a text here", "not as a network")
    case .numberAsText(let text, let test):
      Wording(
        "\(quoted(test)) compares with \(quoted(text)) letter by letter here",
        "as a text 10 is less than 5")
    case .factAsText(let text, let name):
      Wording("\(quoted(text)) is a plain text here", "not the fact \(quoted(name))")
    case .entryOfExtensions(let entry, let table):
      Wording(
        "no extension is \(quoted(entry)), an entry of the table \(quoted(table))",
        "it is what stands behind the last dot")
    case .codeInReply(let text, _):
      Wording("the code in \(quoted(text)) is only text", "the reply has a code of its own")
    case .unicodeDomain(let text, let ascii, let table):
      Wording(
        "most mail has \(quoted(text)) as \(quoted(ascii))",
        table.map { "an entry of the table \(quoted($0)); they are compared as they stand" }
          ?? "the two are compared as they stand")
    case .noDatePart(let missed):
      Wording("no \(quoted(missed.part)) is \(quoted(missed.key))", "it is \(missed.form)")
    }
  }

  var help: String {
    switch self {
    case .star(let text, .key): "for a wildcard write :matches \"\(text)\""
    case .star(_, .fieldName): "name each field"
    case .star(let text, .table): Self.entryHelp(text)
    case .addressAsLocalPart(_, let tag): "leave ':\(tag)' out to compare whole addresses"
    case .networkAsText(let text): "write ip \"client\" \"\(text)\""
    case .numberAsText(let text, "string"):
      "write number :value \"ge\" \"${…}\" \"\(text)\""
    case .numberAsText: "add :comparator \"i;ascii-numeric\", which knows whole numbers"
    case .factAsText(_, let name): "write \"${\(name)}\""
    case .entryOfExtensions: "write it without the dot and without wildcards, as in \"exe\""
    case .codeInReply(let text, let command): Self.replyHelp(text, command)
    case .unicodeDomain(let text, let ascii, nil): "name both: [\"\(text)\", \"\(ascii)\"]"
    case .unicodeDomain(_, let ascii, _): "add \"\(ascii)\" to the table"
    case .noDatePart(let missed):
      missed.meant.map { "write \"\($0)\"" } ?? "write it in that form"
    }
  }

  /// `reject "550 5.7.1 No"` with its parts where they belong.
  private static func replyHelp(_ text: String, _ command: String) -> String {
    let code = text.prefix(3)
    var rest = text.dropFirst(4).drop { $0 == " " }
    var call = command
    if command == "reject", code.hasPrefix("4") { call = "tempfail" }
    if command == "tempfail", code.hasPrefix("5") { call = "reject" }
    call += " :code \"\(code)\""
    let enhanced = rest.prefix { $0 != " " }
    let numbers = enhanced.split(separator: ".", omittingEmptySubsequences: false)
    if numbers.count == 3, numbers.allSatisfy({ (1...3).contains($0.count) && Int($0) != nil }) {
      call += " :enhanced \"\(enhanced)\""
      rest = rest.dropFirst(enhanced.count).drop { $0 == " " }
    }
    return "write \(call) \"\(rest.isEmpty ? "text" : String(rest))\""
  }

  private static func entryHelp(_ text: String) -> String {
    let rest = String(text.drop { $0 == "*" })
    if rest.hasPrefix("@") { return "write \"\(rest)\" in a table :type \"address\"" }
    if rest.hasPrefix("."), rest.dropFirst().contains(".") {
      return "write \"\(rest.dropFirst())\" in a table :type \"domain\", which holds all below it"
    }
    return "patterns stand in a table :file of :type \"regex\", or in the test, with ':matches'"
  }
}
