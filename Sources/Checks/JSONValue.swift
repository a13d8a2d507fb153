// JSON as a value: answers of outside checks are read from it, and put together from several
// commands.
internal import FoundationEssentials

package enum JSONValue: Codable, Equatable, Sendable {
  case string(String)
  case number(Double)
  case truth(Bool)
  case list([JSONValue])
  case object([String: JSONValue])

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Bool.self) {
      self = .truth(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .list(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .string(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .truth(let value): try container.encode(value)
    case .list(let value): try container.encode(value)
    case .object(let value): try container.encode(value)
    }
  }

  package init?(text: String) {
    guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)) else {
      return nil
    }
    self = value
  }

  /// Nil only for a number that JSON does not have.
  package var bytes: [UInt8]? {
    guard let data = try? JSONEncoder().encode(self) else { return nil }
    return Array(data)
  }

  /// Objects are joined, of anything else the later one holds. Depth is that of JSON text, which
  /// the decoder bounds.
  package func merged(with other: JSONValue) -> JSONValue {
    guard case .object(let mine) = self, case .object(let others) = other else { return other }
    return .object(mine.merging(others) { $0.merged(with: $1) })
  }

  /// As a message shows it: texts bare, whole numbers without a point.
  package var shown: String {
    switch self {
    case .string(let text): text
    case .number(let value):
      value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
    default: bytes.map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
  }

  /// Reads a whole file; what is no JSON is a mistake that says where.
  static func read(_ bytes: [UInt8]) throws(StandInAnswers.Mistake) -> JSONValue {
    do {
      return try JSONDecoder().decode(JSONValue.self, from: Data(bytes))
    } catch {
      throw StandInAnswers.Mistake(message: describe(error))
    }
  }

  private static func describe(_ error: any Error) -> String {
    guard let error = error as? DecodingError else { return "\(error)" }
    let context: DecodingError.Context =
      switch error {
      case .dataCorrupted(let context), .keyNotFound(_, let context),
        .typeMismatch(_, let context), .valueNotFound(_, let context):
        context
      @unknown default: .init(codingPath: [], debugDescription: "\(error)")
      }
    let path = context.codingPath.map(\.stringValue).joined(separator: ".")
    if !path.isEmpty { return "\(path): what stands here is no answer" }
    let reason = context.underlyingError.map { ": \($0)" } ?? ""
    return "this is no JSON" + reason
  }
}
