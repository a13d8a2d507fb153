// What a part's header declares about its content: names, charset, disposition. Read when asked
// for, since most rules never ask; keep the answer.

extension Part {
  /// Every name declared for the part, decoded, most trusted first: those of Content-Disposition
  /// (RFC 2183 §2.3), then those of Content-Type; no duplicates, and one past the limit at most.
  package var names: [String] {
    var names: [String] = []
    let places: [(FieldName, String)] = [(.contentDisposition, "filename"), (.contentType, "name")]
    for (field, parameter) in places {
      for list in parameterLists(of: field) {
        for name in list.values(named: parameter) where !name.isEmpty && !names.contains(name) {
          names.append(name)
          if names.count > namesMax { return names }
        }
      }
    }
    return names
  }

  /// The declared charset, lower-case; nil without one.
  package var charset: String? {
    parameter("charset").map { String(decoding: $0.utf8.map(ASCII.lower), as: UTF8.self) }
  }

  /// The declared disposition, lower-case, such as `attachment` (RFC 2183 §2); nil without one.
  package var disposition: String? {
    guard let field = firstField(.contentDisposition) else { return nil }
    let bytes = bytes.span
    var index = ContentTypeReader.skipComments(
      bytes, field.value.lowerBound, field.value.upperBound)
    let token = ContentTypeReader.token(bytes, &index, field.value.upperBound)
    return token.isEmpty ? nil : ContentTypeReader.text(bytes, token)
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

  /// The parameters of each field of this name, in order.
  func parameterLists(of name: FieldName) -> [ParameterList] {
    fields(name).map { ParameterList(bytes.span, $0.value, parametersMax: parametersMax) }
  }

  func fields(_ name: FieldName) -> [HeaderField] {
    let wanted = name.utf8Bytes
    return fields.filter {
      $0.name.count == wanted.count
        && ASCII.isEqual(bytes.span.extracting($0.name), wanted.span)
    }
  }

  private func firstField(_ name: FieldName) -> HeaderField? { fields(name).first }
}
