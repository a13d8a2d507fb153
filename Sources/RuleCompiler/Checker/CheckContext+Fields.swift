// Which header fields a test asks for: their names, `:index` (RFC 5260 §6) and `:mime` (RFC 5703
// §4).

import RuleBytecode

/// Names of header fields; those with variables in them only in plain Sieve.
struct FieldNames: Sendable {
  var constants: [String] = []
  var texts: [TextValue] = []
}

extension Signature {
  static let indexTags = [
    TagSignature("index", .number, needs: "index"), TagSignature("last", needs: "index"),
  ]

  static let mimeTags = [
    TagSignature("mime", needs: "mime"), TagSignature("anychild", needs: "mime"),
  ]

  /// What `header :mime` looks at in a field.
  static let mimeAspectTags = MIMEAspect.allCases.dropFirst().map {
    TagSignature($0.name, $0 == .param ? .strings : nil, group: "MIME option", needs: "mime")
  }
}

extension CheckContext {
  /// The field names of a test. In plain Sieve they may hold variables, and what no field can be
  /// called matches none (RFC 5228 §2.4.2.2).
  mutating func fieldNames(_ call: Call, _ index: Int) -> FieldNames? {
    if file.isPolicy { return headerNames(call, index).map { FieldNames(constants: $0) } }
    var names = FieldNames()
    for literal in call.strings(index) {
      let name = text(literal)
      if let constant = name.constant {
        names.constants.append(constant)
      } else {
        names.texts.append(name)
      }
    }
    return names
  }

  /// Gives a query the fields that a call names, and which of them.
  mutating func addFields(_ names: FieldNames, of call: Call, to query: inout Query) {
    query.names = names.constants
    query.texts = names.texts
    query.index = index(of: call)
    if let last = call.tag("last") {
      if !call.has("index") {
        report(
          .argument(.tagNeeds("last", needs: "index", of: call.name.text)), at: last.range)
      }
      query.flags.insert(.last)
    }
    addParts(of: call, to: &query)
  }

  private mutating func addParts(of call: Call, to query: inout Query) {
    guard call.has("mime") else {
      let options = Signature.mimeTags + Signature.mimeAspectTags
      for option in options {
        guard let tag = call.tag(option.name) else { continue }
        report(
          .argument(.tagNeeds(tag.name, needs: "mime", of: call.name.text)), at: tag.range)
      }
      return
    }
    query.flags.insert(.mime)
    query.loop = partLoop
    if call.has("anychild") { query.flags.insert(.anyChild) }
    guard let aspect = MIMEAspect.allCases.dropFirst().first(where: { call.has($0.name) }) else {
      return
    }
    query.detail = aspect.rawValue
    if let literals = call.tag(MIMEAspect.param.name)?.value?.strings {
      query.word = parameterNames(literals, of: call).joined(separator: " ")
    }
  }

  /// Names of MIME parameters, in lower case.
  private mutating func parameterNames(_ literals: [StringLiteral], of call: Call) -> [String] {
    var names: [String] = []
    for literal in literals {
      guard let name = constant(literal, ":param", of: call.name.text) else { continue }
      if Literals.isToken(name) {
        names.append(name.lowercasedASCII)
      } else {
        report(.literal(.parameterName(name)), at: literal.range)
      }
    }
    return names
  }
}
