// What a part's header declares about its content: charset, disposition, parameters. Read when
// asked for, since most rules never ask; keep the answer.

extension Part {
  /// The declared charset, lower-case; nil without one.
  package var charset: String? { charsets.first }

  /// All that is declared as charset, lower-case.
  var charsets: [String] {
    parameterLists(of: .contentType).flatMap { $0.tokens(named: "charset") }
      .map {
        String(decoding: ASCII.lowered($0.span, ASCII.trimmed($0.span, $0.indices)), as: UTF8.self)
      }
      .filter { !$0.isEmpty }
  }

  /// The declared disposition, lower-case, such as `attachment` (RFC 2183 §2); nil without one.
  package var disposition: String? {
    fields(.contentDisposition).lazy.compactMap { disposition($0.value) }.first
  }

  private func disposition(_ value: Range<Int>) -> String? {
    let bytes = bytes.span
    let end = value.upperBound
    var index = ContentTypeReader.skipComments(bytes, value.lowerBound, end)
    if index < end, bytes[index] == ASCII.quote { index += 1 }
    let token = ContentTypeReader.token(bytes, &index, end)
    let next = ContentTypeReader.skipComments(bytes, index, end)
    // `Content-Disposition: filename=a` has a parameter and no disposition.
    guard !token.isEmpty, next == end || bytes[next] != ASCII.equals else { return nil }
    return ContentTypeReader.text(bytes, token)
  }

  /// A parameter of the Content-Type, decoded; `name` is lower-case.
  package func parameter(_ name: String) -> String? {
    for list in parameterLists(of: .contentType) {
      for value in list.tokens(named: name) where !value.isEmpty {
        return String(decoding: value, as: UTF8.self)
      }
    }
    return nil
  }

  /// The parameters of the first Content-Type field, each once and decoded, in their order; those
  /// whose names are no tokens are left out.
  package var typeParameters: [(name: String, value: String)] { parameters(of: .contentType) }

  /// The same of the first Content-Disposition field.
  package var dispositionParameters: [(name: String, value: String)] {
    parameters(of: .contentDisposition)
  }

  private func parameters(of field: FieldName) -> [(name: String, value: String)] {
    guard let list = parameterLists(of: field).first else { return [] }
    var found: [(name: String, value: String)] = []
    for parameter in list.parameters.prefix(parametersMax) {
      let name = String(decoding: parameter.name.base, as: UTF8.self)
      guard parameter.name.base.allSatisfy(ContentTypeReader.isToken),
        !found.contains(where: { $0.name == name }),
        let value = list.tokens(named: name).first(where: { !$0.isEmpty })
      else { continue }
      found.append((name, String(decoding: value, as: UTF8.self)))
    }
    return found
  }

  /// The first Content-Description field.
  package var descriptionField: HeaderField? { fields(.contentDescription).first }

  /// The parameters of each field of this name, in order.
  func parameterLists(of name: FieldName) -> [ParameterList] {
    fields(name).map { ParameterList(bytes.span, $0.value, parametersMax: parametersMax) }
  }

  func fields(_ name: FieldName) -> [HeaderField] {
    source.bytes.fields(source.fields, named: name.utf8Bytes)
  }
}
