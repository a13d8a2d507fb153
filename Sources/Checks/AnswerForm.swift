// What one answer of an answers file looks like, by the kind of its check, and what it becomes.
internal import RuleBytecode
internal import RuleVM

struct AnswerForm {
  typealias Mistake = StandInAnswers.Mistake

  private let kind: CheckKind
  private let path: String

  init(_ kind: CheckKind, _ path: String) {
    self.kind = kind
    self.path = path
  }

  func entry(_ value: JSONValue) throws(Mistake) -> StandInAnswers.Entry {
    if case .string(let word) = value, word == "error" || word == "timeout" {
      return .init(.failed(kind.failure, reason: word == "timeout" ? word : ""))
    }
    guard case .object(var fields) = value else { return .init(try answer(value)) }
    let delay = try milliseconds(fields.removeValue(forKey: "delay"))
    return .init(try answer(.object(fields)), delayMilliseconds: delay)
  }

  private func answer(_ value: JSONValue) throws(Mistake) -> CheckAnswer {
    switch kind {
    case .dnsbl, .hashbl: try listing(value)
    case .mx: try exchanger(value)
    case .scan: try scan(value)
    case .callout: try reply(value)
    case .spf: try result(value, ["none", "neutral", "pass", "fail", "softfail", "permerror"], [])
    case .dmarc: try result(value, ["none", "pass", "fail", "permerror"], ["policy"])
    case .arc: try result(value, ["none", "pass", "fail"], ["sealer"])
    case .dkim: try signatures(value)
    case .rdns: try reverseName(value)
    case .greylist: try wait(value)
    case .rate, .duplicate: try truth(value)
    case .knownSender: try sender(value)
    case .table, .suite, .unpack, .errands: throw wrong("it cannot be answered here")
    }
  }

  // MARK: Kinds

  private func listing(_ value: JSONValue) throws(Mistake) -> CheckAnswer {
    let shape = "a list of addresses, an object with 'codes', \"error\" or \"timeout\""
    guard case .object(let object) = value else { return .values(try addresses(value, shape)) }
    let fields = try known(object, ["codes", "text"])
    let codes = try addresses(fields["codes"] ?? .truth(false), shape)
    guard let text = fields["text"] else { return .values(codes) }
    return .fields(["codes": codes.joined(separator: " "), "text": try self.text(text, "text")])
  }

  private func addresses(_ value: JSONValue, _ shape: String) throws(Mistake) -> [String] {
    guard case .list(let items) = value else { throw wrong("an answer is \(shape)") }
    var addresses: [String] = []
    for item in items {
      guard case .string(let text) = item, IPAddress(text) != nil else {
        throw wrong("'\(item.shown)' is no address")
      }
      addresses.append(text)
    }
    return addresses
  }

  private func exchanger(_ value: JSONValue) throws(Mistake) -> CheckAnswer {
    var items = [value]
    if case .list(let several) = value { items = several }
    var states: [String] = []
    for item in items { states.append(try word(item, ["ok"] + MXQuestion.allCases.map(\.name))) }
    return .values(states.isEmpty ? ["ok"] : states)
  }

  private func scan(_ value: JSONValue) throws(Mistake) -> CheckAnswer {
    let object = try object(value, "a 'result' and what else the scanner said")
    let given = try known(
      object, ["result", "name", "score", "threshold", "symbols", "report", "action"])
    var fields = try texts(given)
    let results = ["clean", "infected", "spam", "ham", "suspicious", "too-big"]
    fields["result"] = try word(given["result"] ?? .string(""), results)
    for number in ["score", "threshold"] {
      guard let text = fields[number], Decimal.parse(Array(text.utf8)) == nil else { continue }
      throw wrong("'\(text)' is no number", in: number)
    }
    return .fields(fields)
  }

  private func reply(_ value: JSONValue) throws(Mistake) -> CheckAnswer {
    let object = try object(value, "a 'code' and a 'text'")
    let fields = try texts(try known(object, ["code", "enhanced", "text"]))
    let code = fields["code"] ?? ""
    guard code.utf8.count == 3, Int(code).map({ (200...599).contains($0) }) == true else {
      throw wrong("'\(code)' is no code of a reply", in: "code")
    }
    return .fields(fields)
  }

  private func result(
    _ value: JSONValue, _ results: [String], _ others: [String]
  ) throws(Mistake) -> CheckAnswer {
    guard case .object(let object) = value else {
      return .fields(["result": try word(value, results + ["temperror"])])
    }
    let given = try known(object, ["result"] + others)
    var fields = try texts(given)
    fields["result"] = try word(given["result"] ?? .string(""), results + ["temperror"])
    return .fields(fields)
  }

  private func signatures(_ value: JSONValue) throws(Mistake) -> CheckAnswer {
    var items = [value]
    if case .list(let several) = value { items = several }
    if case .object(let object) = value, let several = object["signatures"] {
      _ = try known(object, ["signatures"])
      guard case .list(let list) = several else { throw wrong("a list is wanted") }
      items = list
    }
    var lines: [String] = []
    let forms = AnswerForm(.dkim, path)
    for item in items {
      let results = ["none", "pass", "fail", "policy", "neutral", "permerror"]
      let answer = try forms.result(item, results, ["domain", "selector"])
      guard case .fields(let fields) = answer else { continue }
      let words = [fields["result"], fields["domain"], fields["selector"]].map { $0 ?? "" }
      if let odd = words.first(where: { $0.contains(" ") }) {
        throw wrong("'\(odd)' has a blank")
      }
      lines.append(words.joined(separator: " "))
    }
    return .values(lines)
  }

  private func reverseName(_ value: JSONValue) throws(Mistake) -> CheckAnswer {
    let object = try object(value, "'confirmed' and 'dynamic', true or false")
    var fields: [String: String] = [:]
    for (name, value) in try known(object, ["confirmed", "dynamic", "name"]) {
      if name == "name" {
        fields[name] = try text(value, name)
      } else {
        guard case .truth(let isTrue) = value else {
          throw wrong("true or false is wanted", in: name)
        }
        fields[name] = isTrue ? "yes" : "no"
      }
    }
    return .fields(fields)
  }

  private func wait(_ value: JSONValue) throws(Mistake) -> CheckAnswer {
    if case .truth(let isTrue) = value { return .truth(isTrue) }
    let shape = "true, false or an object with 'wait', in seconds"
    guard case .object(let object) = value,
      case .number(let seconds) = try known(object, ["wait"])["wait"]
    else { throw wrong("an answer is \(shape)") }
    guard seconds >= 0, seconds <= 31_536_000 else {
      throw wrong("seconds from 0 to 31536000", in: "wait")
    }
    return .fields(["wait": String(Int(seconds))])
  }

  /// Days become seconds: what is answered are ages.
  private func sender(_ value: JSONValue) throws(Mistake) -> CheckAnswer {
    if case .truth(let isKnown) = value { return .truth(isKnown) }
    let shape = "'count', 'days' since the first message and days since we 'wrote'"
    var fields: [String: String] = [:]
    for (name, value) in try known(try object(value, shape), ["count", "days", "wrote"]) {
      guard case .number(let number) = value, number >= 0, number <= 1_000_000 else {
        throw wrong("a number from 0 to 1000000 is wanted", in: name)
      }
      let isCount = name == "count"
      fields[name == "days" ? "first" : name] = String(Int(number * (isCount ? 1 : 86_400)))
    }
    return .fields(fields)
  }

  private func truth(_ value: JSONValue) throws(Mistake) -> CheckAnswer {
    guard case .truth(let isTrue) = value else {
      throw wrong("an answer is true, false, \"error\" or \"timeout\"")
    }
    return .truth(isTrue)
  }
}

// MARK: Pieces

extension AnswerForm {
  private func milliseconds(_ value: JSONValue?) throws(Mistake) -> Int {
    guard let value else { return 0 }
    guard case .number(let seconds) = value, seconds >= 0, seconds <= 3_600 else {
      throw wrong("seconds from 0 to 3600", in: "delay")
    }
    return Int(seconds * 1_000)
  }

  private func object(
    _ value: JSONValue, _ shape: String
  ) throws(Mistake) -> [String: JSONValue] {
    guard case .object(let object) = value else {
      throw wrong("an answer is an object with \(shape), \"error\" or \"timeout\"")
    }
    return object
  }

  /// The same object, all of whose keys are known.
  private func known(
    _ object: [String: JSONValue], _ names: [String]
  ) throws(Mistake) -> [String: JSONValue] {
    if let odd = object.keys.sorted().first(where: { !names.contains($0) }) {
      let all = names + ["delay"]
      throw wrong("there is no '\(odd)' here; there are \(all.joined(separator: ", "))")
    }
    return object
  }

  private func word(_ value: JSONValue, _ words: [String]) throws(Mistake) -> String {
    if case .string(let word) = value, words.contains(word) { return word }
    throw wrong("'\(value.shown)' is none of \(words.joined(separator: ", "))")
  }

  private func texts(_ object: [String: JSONValue]) throws(Mistake) -> [String: String] {
    var texts: [String: String] = [:]
    for (name, value) in object { texts[name] = try text(value, name) }
    return texts
  }

  /// A text, a number, or several texts joined by commas.
  private func text(_ value: JSONValue, _ name: String) throws(Mistake) -> String {
    switch value {
    case .string, .number: return value.shown
    case .list(let items):
      return try items.map { (item) throws(Mistake) in try text(item, name) }.joined(separator: ",")
    case .truth, .object: throw wrong("a text is wanted", in: name)
    }
  }

  private func wrong(_ text: String, in field: String? = nil) -> Mistake {
    Mistake(message: "\(path)\(field.map { "." + $0 } ?? ""): \(text)")
  }
}
