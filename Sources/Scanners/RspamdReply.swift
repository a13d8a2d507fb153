// The JSON of rspamd's /checkv2, as far as policies can use it. Fields that are not named here are
// not read.

struct RspamdReply: Decodable {
  struct Symbol: Decodable {
    let score: Double?
    let description: String?
  }

  struct Milter: Decodable {
    let added: [String: OneOrMore<AddedField>]?
    let removed: [String: OneOrMore<Occurrence>]?

    private enum CodingKeys: String, CodingKey {
      case added = "add_headers"
      case removed = "remove_headers"
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      added = try Self.table(container, .added)
      removed = try Self.table(container, .removed)
    }

    /// An empty table of Lua's is an empty list as well.
    private static func table<Value: Decodable>(
      _ container: KeyedDecodingContainer<CodingKeys>, _ key: CodingKeys
    ) throws -> [String: Value]? {
      if let list = try? container.decode([String].self, forKey: key), list.isEmpty { return nil }
      return try container.decodeIfPresent([String: Value].self, forKey: key)
    }
  }

  /// What plug-ins tell; one of them is for the SMTP client.
  struct Messages: Decodable {
    let client: String?

    private enum CodingKeys: String, CodingKey {
      case client = "smtp_message"
    }
  }

  /// A value alone, or with a place.
  struct AddedField: Decodable {
    let value: String
    let order: Int?

    private enum CodingKeys: String, CodingKey { case value, order }

    init(from decoder: any Decoder) throws {
      if let text = try? decoder.singleValueContainer().decode(String.self) {
        (value, order) = (text, nil)
        return
      }
      let container = try decoder.container(keyedBy: CodingKeys.self)
      value = try container.decode(String.self, forKey: .value)
      order = try container.decodeIfPresent(Int.self, forKey: .order)
    }
  }

  /// A number, or an empty text for all.
  struct Occurrence: Decodable {
    let number: Int

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Int.self) {
        self.number = number
      } else {
        _ = try container.decode(String.self)
        number = 0
      }
    }
  }

  struct OneOrMore<Element: Decodable>: Decodable {
    let elements: [Element]

    init(from decoder: any Decoder) throws {
      if let several = try? [Element](from: decoder) {
        elements = several
      } else {
        elements = [try Element(from: decoder)]
      }
    }
  }

  let score: Double?
  let threshold: Double?
  let action: String?
  let symbols: [String: Symbol]?
  let messages: Messages?
  let milter: Milter?
  let error: String?

  private enum CodingKeys: String, CodingKey {
    case score, action, symbols, messages, milter, error
    case threshold = "required_score"
  }
}
