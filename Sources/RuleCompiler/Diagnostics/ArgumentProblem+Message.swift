// The words of family A.

extension ArgumentProblem {
  var wording: Wording {
    switch self {
    case .missing(let argument, let kind, let name):
      Wording("\(quoted(name)) lacks its \(argument)", "expected \(kind.phrase)")
    case .extra(let name):
      Wording("\(quoted(name)) takes no further argument", "one argument too many")
    case .wrongKind(let argument, let expected, let found, let name):
      Wording(
        "the \(argument) of \(quoted(name)) is \(expected.phrase), found \(found.phrase)",
        "expected \(expected.phrase)")
    case .conflictingTags(let tag, let other, let name):
      Wording("\(quoted(name)) cannot have both ':\(other)' and ':\(tag)'", "one of them only")
    case .duplicateTag(let tag, let name): Wording("\(quoted(name)) has ':\(tag)' twice")
    case .tagAfterPositional(let tag, let name):
      Wording("the tag ':\(tag)' stands behind the other arguments of \(quoted(name))")
    case .tagWantsValue(let tag, let kind, let name):
      Wording("':\(tag)' of \(quoted(name)) lacks its value", "expected \(kind.phrase) behind it")
    case .tagNeeds(let tag, let other, let name):
      Wording("':\(tag)' of \(quoted(name)) needs ':\(other)' too")
    case .unexpectedTest(let test, let name):
      Wording(
        "\(quoted(name)) takes no test, found \(quoted(test))", "expected ';' or an argument")
    case .missingTest(let name): Wording("\(quoted(name)) lacks its test")
    case .testListNotAllowed(let name):
      Wording("\(quoted(name)) takes one test, found a list of tests", "expected one test")
    case .testListWanted(let name):
      Wording("\(quoted(name)) takes a list of tests, found one test", "expected (a, b)")
    case .missingBlock(let name): Wording("\(quoted(name)) lacks its block", "expected '{'")
    case .unexpectedBlock(let name):
      Wording("\(quoted(name)) has no block", "expected ';' before it")
    case .matchTypeNotPossible(let type, let name, let possible):
      Wording(
        "\(quoted(name)) cannot match with ':\(type)'",
        "possible: \(listed(possible.map { ":" + $0 }))")
    case .comparatorNotPossible(let comparator, let type):
      Wording("the comparator \(quoted(comparator)) cannot do ':\(type)'")
    case .notConstant(let argument, let name):
      Wording(
        "the \(argument) of \(quoted(name)) must not hold a variable", "mail must not choose it")
    case .mailChooses(let argument, let name):
      Wording(
        "the \(argument) of \(quoted(name)) can hold text of mail", "mail must not choose it")
    case .outOfRange(let argument, let value, let allowed, let name):
      Wording(
        "the \(argument) of \(quoted(name)) cannot be \(value)",
        "from \(allowed.lowerBound) to \(allowed.upperBound)")
    case .tableAsText(let key, let name):
      Wording("\(quoted(name)) compares with the text \(quoted(key))", "not with the table")
    case .emptyValue(let argument, let name):
      Wording("the \(argument) of \(quoted(name)) is empty", "expected some text")
    }
  }

  var help: String? {
    switch self {
    case .missing(_, _, let name): Signature.usage(of: name)
    case .extra(let name): Signature.usage(of: name)
    case .wrongKind(_, _, .number, let name) where ["reject", "ereject", "tempfail"].contains(name):
      Signature.usage(of: name)
    case .wrongKind(_, .number, .string, _): "write the number without quotes"
    case .wrongKind(_, .string, .number, _): "write it as a string, in quotes"
    case .wrongKind(_, .string, .list, "table"): Signature.usage(of: "table")
    case .wrongKind(_, .string, .list, _): "write one string, without '[' and ']'"
    case .conflictingTags(_, let other, _): "remove one; ':\(other)' came first"
    case .duplicateTag: "remove one of the two"
    case .tagWantsValue(let tag, let kind, _):
      switch kind {
      case .number: "write :\(tag) 5, with the number without quotes"
      case .list: "write :\(tag) [\"a\", \"b\"]"
      default: "write :\(tag) \"value\", in quotes"
      }
    case .tagAfterPositional: "tags go before the other arguments"
    case .tagNeeds(_, let other, _): "add ':\(other)'"
    case .tableAsText(_, let name): "to look it up in the table write \(name) :list"
    case .comparatorNotPossible("i;ascii-numeric", _):
      "it compares with ':is', ':value' and ':count' only"
    case .comparatorNotPossible: "use \"i;octet\" or \"i;ascii-casemap\""
    case .unexpectedTest(_, "on_error"): Signature.usage(of: "on_error")
    case .unexpectedTest(let test, _): "if \(quoted(test)) is text, put it in quotes"
    case .missingTest(let name), .testListNotAllowed(let name):
      "write \(name) TEST, or \(name) anyof (a, b), or \(name) allof (a, b)"
    case .testListWanted(let name): "write \(name) (a, b)"
    case .missingBlock(let name): "write \(name) … { … }"
    case .notConstant: "write the text itself, without \"${…}\""
    case .mailChooses:
      "take it from a table: lookup :set \"host\" \"table:inside\" \"${rcpt.domain}\";"
    default: nil
    }
  }
}
