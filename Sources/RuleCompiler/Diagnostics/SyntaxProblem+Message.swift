// The words of family S.

extension SyntaxProblem {
  var wording: Wording {
    switch self {
    case .unknownCharacter(let text): Wording("\(quoted(text)) has no meaning in a policy")
    case .oddBlank(let value) where OddBlank.takesNoPlace(value):
      Wording("the invisible character \(codePoint(value)) stands here")
    case .oddBlank(let value): Wording("this blank is \(codePoint(value)), not the plain one")
    case .foreignLetter(let word, let letter):
      Wording("\(quoted(word)) holds \(codePoint(letter))", "letters of names are A to Z")
    case .unterminatedString: Wording("this string is never closed", "it starts here")
    case .unterminatedComment: Wording("this comment is never closed", "it starts here")
    case .unterminatedText: Wording("this text is never closed", "it starts here")
    case .controlCharacter(let value):
      Wording("the control character \(codePoint(value)) must not stand in a policy")
    case .bidirectionalMark(let value):
      Wording(
        "the mark \(codePoint(value)) must not stand in a policy",
        "it changes the order in which this line is shown")
    case .invalidUTF8: Wording("these bytes are not UTF-8")
    case .nulByte: Wording("this is no text: it holds a NUL byte")
    case .isUTF16: Wording("this file is UTF-16, not UTF-8")
    case .numberTooBig(let text, let max):
      Wording("the number \(quoted(text)) is too big", "at most \(max)")
    case .badNumber(let text):
      Wording("\(quoted(text)) is not a number", "digits, then K, M or G or nothing")
    case .stringTooLong(let bytes, let max):
      Wording("this string is too long: \(counted(bytes, "byte"))", "at most \(max)")
    case .nameTooLong(let bytes, let max):
      Wording("this name is too long: \(counted(bytes, "byte"))", "at most \(max)")
    case .wordsAfterTextOpening:
      Wording("found words behind 'text:', expected the end of the line")
    case .emptyTag: Wording("found ':' without a name, expected a tag")
    case .expectedCommand(let found): Wording("found \(found.phrase), expected a command")
    case .missingSemicolon(let name): Wording("';' is missing at the end of \(quoted(name))")
    case .missingOpenBrace(let name, let found):
      Wording("found \(found.phrase), expected '{' of \(quoted(name))")
    case .missingCloseBrace: Wording("'}' is missing at the end of the file")
    case .strayCloseBrace: Wording("this '}' closes nothing")
    case .straySemicolon: Wording("found ';' without a command before it")
    case .semicolonBeforeBlock(let name):
      Wording("found ';' between \(quoted(name)) and its block")
    case .missingTest(let name, let found):
      Wording("found \(found.phrase), expected a test after \(quoted(name))")
    case .emptyTestList(let name): Wording("the list of tests of \(quoted(name)) is empty")
    case .emptyStringList: Wording("this list is empty", "expected one string at least")
    case .trailingComma: Wording("found ',' behind the last entry of a list")
    case .missingComma: Wording("',' is missing between two entries of a list")
    case .expectedString(let found): Wording("found \(found.phrase), expected a string")
    case .expectedTest(let found): Wording("found \(found.phrase), expected a test")
    case .missingCloseBracket(let found): Wording("found \(found.phrase), expected ',' or ']'")
    case .missingCloseParenthesis(let found): Wording("found \(found.phrase), expected ',' or ')'")
    case .behindString(let word):
      Wording("found \(quoted(word)) right behind a string", "the string ended before it")
    case .unexpected(let found, let name):
      Wording("found \(found.phrase), expected the end of \(quoted(name))", "expected ';' or '{'")
    case .elseIf: Wording("'else if' is written 'elsif'")
    default: limitWording
    }
  }

  /// Limits, and what is left.
  private var limitWording: Wording {
    switch self {
    case .blocksTooDeep(let max):
      Wording("blocks are nested too deep", "at most \(max) inside each other")
    case .testsTooDeep(let max):
      Wording("tests are nested too deep", "at most \(max) inside each other")
    case .tooManyListEntries(let max): Wording("this list is too long", "at most \(max) entries")
    case .tooManyArguments(let name, let max):
      Wording("\(quoted(name)) has too many arguments", "at most \(max)")
    case .tooManyTokens(let max): Wording("this file is too long: over \(max) words and signs")
    case .tooManyCommands(let max): Wording("this file has over \(max) commands and tests")
    case .sourceTooLarge(let max):
      Wording("this file is too large", "at most \(counted(max, "byte"))")
    case .unreadable(let reason): Wording("cannot be read: \(reason)")
    case .uselessEscape(let text):
      Wording("the backslash before \(quoted(text)) says nothing", "it is just \(quoted(text))")
    default: Wording("the text does not follow the grammar")
    }
  }

  var help: String? {
    switch self {
    case .badNumber(let text) where Self.isDuration(text): "times are seconds, a bare number"
    case .unknownCharacter(let text): Self.helpForCharacters(text)
    case .oddBlank(let value):
      OddBlank.takesNoPlace(value) ? "remove it" : "type a plain blank there"
    case .foreignLetter(let word, _) where word.utf8.count > 100: "texts stand in quotes"
    case .foreignLetter(let word, _):
      OddBlank.plain(word).map { "write \($0)" } ?? "texts stand in quotes: \"\(word)\""
    case .unterminatedString: "add '\"' where it ends; inside a string a quote is '\\\"'"
    case .unterminatedComment: "add '*/' where it ends"
    case .unterminatedText: "end it with a line that holds nothing but a dot"
    case .controlCharacter(0x0D): "end lines with LF or with CR LF"
    case .controlCharacter, .bidirectionalMark: "remove it, or retype this line"
    case .invalidUTF8, .isUTF16: "save the file as UTF-8"
    case .nulByte: "name a rules file; images (.drc) are for 'dump', 'run' and 'trace'"
    case .numberTooBig: "K, M and G multiply by 1024, 1024² and 1024³"
    case .badNumber(let text) where Self.unit(text) != nil:
      "K, M and G are bytes already: write \(Self.unit(text) ?? "")"
    case .badNumber: "write decimals and signed numbers as strings: \"4.5\", \"-2\""
    case .sourceTooLarge: "several files can be one policy: name them all, in their order"
    case .stringTooLong, .tooManyListEntries: "divide it into several"
    case .wordsAfterTextOpening: "begin the text on the next line, and end it with a line '.'"
    case .emptyTag: "write a tag without a blank, as in ':is'; before '{' stands no ':'"
    case .expectedCommand: "a command begins with a name and ends with ';' or a block"
    case .missingSemicolon: "add ';' here"
    case .missingOpenBrace: "put what belongs to it into '{' and '}'"
    case .missingCloseBrace: "add '}' where the block ends"
    case .strayCloseBrace: "remove it, or add the '{' it belongs to"
    case .straySemicolon: "remove it; there is none behind '}'"
    case .semicolonBeforeBlock: "remove it"
    case .missingTest("if", .string), .missingTest("elsif", .string):
      "texts are compared by a test: string :is \"${helo}\" \"name\""
    case .missingTest(let name, _): Self.helpForMissingTest(name)
    case .emptyTestList(let name) where name != "anyof" && name != "allof": "leave '()' out"
    case .emptyTestList: "write 'true' or 'false' for a test that is always so"
    case .trailingComma: "remove it"
    case .missingComma: "add ',' here"
    case .expectedString(.number(let text)): "write it as a string: \"\(text)\""
    case .expectedString(.word(let text)): "strings stand in quotes: \"\(text)\""
    case .expectedTest(.symbol("[")), .expectedTest(.symbol("{")):
      "a list of tests stands in parentheses: anyof (a, b)"
    case .expectedTest(.string):
      "arguments have no parentheses; a list of strings stands in brackets: [\"a\", \"b\"]"
    case .expectedTest: "a test begins with its name, as in header or not"
    case .missingCloseBracket: "add ']' where the list ends"
    case .missingCloseParenthesis: "add ')' where the list of tests ends"
    case .unexpected(.word("and"), _): "for 'and' write allof (a, b)"
    case .unexpected(.word("or"), _): "for 'or' write anyof (a, b)"
    case .unexpected(.word("not"), _): "put 'not' before the whole test: not header …"
    case .unexpected(.word("then"), _): "leave it out: a block stands in '{' and '}'"
    case .unexpected(.symbol(","), _): "arguments stand side by side, without commas"
    case .unexpected(.word(let text), _) where Self.isUnit(text):
      "a unit stands at its number, without a blank: 10\(text.uppercased().prefix(1))"
    case .unexpected(.word(let text), _): "strings stand in quotes: \"\(text)\""
    case .behindString: "inside a string a quote is '\\\"'"
    case .elseIf: "write 'elsif'"
    case .blocksTooDeep, .testsTooDeep: "give an inner part a name with 'define'"
    case .tooManyTokens, .tooManyCommands: "split the policy into several files"
    case .unreadable: "name a rules file that can be read, or '-' for standard input"
    case .uselessEscape: "for a backslash in the string write '\\\\'"
    default: nil
    }
  }

  private static func isUnit(_ word: String) -> Bool {
    ["k", "m", "g", "kb", "mb", "gb"].contains(word.lowercasedASCII)
  }

  /// `60s`, `1h`, `500ms`.
  private static func isDuration(_ text: String) -> Bool {
    let letters = text.utf8.drop { (48...57).contains($0) || $0 == UInt8(ascii: ".") }
    let unit = String(decoding: letters, as: UTF8.self).lowercasedASCII
    return unit.utf8.count < text.utf8.count
      && ["s", "sec", "secs", "min", "h", "hr", "d", "ms"].contains(unit)
  }

  /// `10M` for `10MB`.
  static func unit(_ text: String) -> String? {
    let bytes = Array(text.utf8)
    guard let last = bytes.last, last | 0x20 == UInt8(ascii: "b"), bytes.count > 2,
      bytes.dropLast(2).allSatisfy({ (48...57).contains($0) }),
      "kmgKMG".utf8.contains(bytes[bytes.count - 2])
    else { return nil }
    return String(decoding: bytes.dropLast(), as: UTF8.self).uppercased()
  }

  private static func helpForCharacters(_ text: String) -> String? {
    if text.hasPrefix("--") { return "comments begin with '#', or stand in '/*' and '*/'" }
    if let first = text.utf8.first, first.startsName {
      return text.contains { "-:/".contains($0) }
        ? "strings stand in quotes: \"\(text)\""
        : "facts stand inside strings, as in string :is \"${\(text)}\" \"value\""
    }
    if let word = PatternProblem.slashed(text) {
      return "a pattern stands in quotes, without slashes: :regex \"\(word)\""
    }
    if text.hasPrefix("/"), text.utf8.dropFirst().first?.startsName == true {
      return "paths stand in quotes: \"\(text)\""
    }
    return switch text.unicodeScalars.first {
    case "/": "comments begin with '#', or stand in '/*' and '*/'"
    case "'", "`", "“", "”", "‘", "’", "„", "«": "strings stand in straight double quotes"
    case "&": "for 'and' write allof (a, b)"
    case "|": "for 'or' write anyof (a, b)"
    case "!": "for 'not' write not TEST"
    case "<", ">": "compare with a tag: size :over 10M, score :under \"5\", :value \"ge\""
    case "=", "~": "there are no operators: compare with a test and a tag like ':is'"
    case "$": "variables stand inside strings: \"${name}\""
    case "*", "?": "patterns stand inside strings, with ':matches'"
    default: nil
    }
  }

  private static func helpForMissingTest(_ name: String) -> String {
    switch name {
    case "anyof", "allof": "write \(name) (a, b)"
    case "group": "for all mail write group true { … }"
    default: "write a test, as in \(name) header :is \"X-Test\" \"yes\""
    }
  }
}
