// A signature in words, for the help of messages: what there is, and how a call is written.

extension Signature {
  /// `its tags are :over and :under`; nil for one with many, which nobody would read.
  var tagsInWords: String? {
    let names = tags.map { ":" + $0.name }
    switch names.count {
    case 0: return "leave it out: '\(name)' takes no tags"
    case 1: return "its only tag is \(names[0])"
    case 2...Self.tagsShownMax: return "its tags are \(listed(names))"
    default: return nil
    }
  }

  private static let tagsShownMax = 8

  /// `write setheader "header name" "value"`; nil where arguments alone do not make a call.
  var usage: String? {
    let wanted = positional.filter { !$0.isOptional }
    guard !wanted.isEmpty, !Self.ownUsages.contains(name) else { return Self.examples[name] }
    let words = wanted.map { argument in
      switch argument.kind {
      case .number: "N"
      case .string, .strings, .any: "\"\(argument.label)\""
      }
    }
    return "write \(name) \(words.joined(separator: " "))"
  }

  private static let ownUsages: Set = [
    "size", "score", "number", "part", "reject", "tempfail", "ip", "exists", "spf", "dkim", "dmarc",
    "dnsbl",
  ]
  private static let examples = [
    "size": "write size :over 10M, or size :under 1K",
    "number": "write number :value \"ge\" \"${scan.spam.score}\" \"8.0\"",
    "part": "write part :is \"extension\" \"exe\", or part :over \"size\" 10M",
    "reject": "write reject :code \"550\" :enhanced \"5.7.1\" \"text\"",
    "ereject": "write ereject :code \"550\" :enhanced \"5.7.1\" \"text\"",
    "tempfail": "write tempfail :code \"451\" :enhanced \"4.7.1\" \"text\"",
    "ip": "write ip \"client\" \"192.0.2.0/24\"",
    "exists": "write exists \"X-A\", or of several exists [\"X-A\", \"X-B\"]",
    "spf": "write spf \"pass\", or spf [\"fail\", \"softfail\"]",
    "dkim": "write dkim \"pass\", or dkim :domain \"example.com\"",
    "dmarc": "write dmarc \"fail\"",
    "dnsbl": "write dnsbl \"zone.example\", or dnsbl :code \"127.0.0.2\" \"zone.example\"",
    "on_error": "write on_error :dns \"tempfail\";",
    "observe": "write observe; alone",
    "rules": "several files are one list: rules [\"a.rules\", \"b.rules\"];",
    "phase": "the name stands without quotes: phase eom { … }",
    "rule": "write rule \"name\" { … }",
    "table": "write table :inline [\"a\", \"b\"] \"name\"",
  ]

  /// The usage of a name that has no signature in the registry.
  static func usage(of name: String) -> String? {
    Registry.signature(of: name).map { $0.usage } ?? examples[name]
  }
}

extension Registry {
  static func signature(of name: String) -> Signature? {
    tests[name]?.signature ?? actions[name]?.signature ?? declarations[name]?.signature
  }
}
