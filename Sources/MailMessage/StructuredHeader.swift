// Header fields with a type and parameters, as the `:mime` options of RFC 5703 §4.2 read them:
// Content-Type, Content-Disposition, and whatever else is built like them.

/// A field's value taken apart; what costs something is read when asked for.
package struct StructuredHeader {
  /// Lower-case; "" where none can be read. Of a disposition, the disposition.
  package let type: String
  /// Lower-case; "" where there is none.
  package let subtype: String
  let hasSecondSlash: Bool
  private let list: ParameterList

  init(_ bytes: Span<UInt8>, _ value: Range<Int>, parametersMax: Int) {
    let end = value.upperBound
    var index = ContentTypeReader.skipComments(bytes, value.lowerBound, end)
    type = ContentTypeReader.text(bytes, ContentTypeReader.token(bytes, &index, end))
    index = ContentTypeReader.skipComments(bytes, index, end)
    var subtype = ""
    if index < end, bytes[index] == ASCII.slash {
      index = ContentTypeReader.skipComments(bytes, index + 1, end)
      subtype = ContentTypeReader.text(bytes, ContentTypeReader.token(bytes, &index, end))
    }
    self.subtype = subtype
    hasSecondSlash = index < end && bytes[index] == ASCII.slash
    list = ParameterList(bytes, value, parametersMax: parametersMax)
  }

  /// As `:contenttype` has it: without a subtype the type alone.
  package var contentType: String { subtype.isEmpty ? type : "\(type)/\(subtype)" }

  /// Every value of a parameter, decoded (RFC 2231), each once; `name` is lower-case.
  package func parameter(_ name: String) -> [String] {
    var values: [String] = []
    for value in list.values(named: name) where !values.contains(value) { values.append(value) }
    return values
  }
}

extension MailMessage {
  /// The field taken apart as a type with parameters.
  package func structured(_ field: HeaderField) -> StructuredHeader {
    StructuredHeader(bytes.span, field.value, parametersMax: limits.parametersMax)
  }

  /// The same of a value that does not stand in the message, such as one that a rule has set.
  package func structured(_ value: Span<UInt8>) -> StructuredHeader {
    StructuredHeader(value, 0..<value.count, parametersMax: limits.parametersMax)
  }

  /// Indices in `parts` of a part and all inside it, in order. Those of alternative readings do not
  /// stand beside the others, but behind their parent as all do; the message has all of them.
  package func family(of part: Int) -> [Int] {
    guard part > 0 else { return Array(parts.indices) }
    var isInside = [Bool](repeating: false, count: parts.count)
    isInside[part] = true
    var family = [part]
    for index in part + 1..<parts.count {
      guard let parent = parts[index].parent, isInside[parent] else { continue }
      isInside[index] = true
      family.append(index)
    }
    return family
  }
}
