// `:dns`: a table that is a zone, as block lists are: the key stands as a name under it, an address
// with its parts turned round (RFC 5782 §2.1). Its value is the text of its TXT records, else the
// addresses of its A records. The resolver keeps answers as long as they say, so nobody else does.
internal import NIOCore
internal import Resolver
internal import RuleBytecode

struct ZoneTable: TableSourceClient {
  private let zone: DNSName
  private let resolver: any Resolving
  private let types: [DNSType]

  var keepMilliseconds: Int? { 0 }

  init(_ table: TableDeclaration, _ services: LiveServices) throws(LiveFailure) {
    guard let zone = try? DNSName(table.address) else {
      throw LiveFailure("table '\(table.name)': '\(table.address)' is no name of a zone")
    }
    self.zone = zone
    resolver = try services.resolver()
    // Who only wants to know whether it is there is answered by the record that lists have.
    types = table.type == .map ? [.txt, .a] : [.a, .txt]
  }

  func look(
    up key: String, scope: String, until deadline: NIODeadline
  ) async throws(TableTrouble) -> String? {
    // What is no name cannot be in a zone.
    guard let name = name(of: key) else { return nil }
    for type in types {
      let left = (deadline - NIODeadline.now()).nanoseconds / 1_000_000
      guard left > 0 else { throw .timeout }
      switch await resolver.ask(DNSQuestion(name, type), timeoutMilliseconds: Int(left)) {
      case .records(let records, _): return try Self.value(records)
      case .none(.noName, _): return nil
      case .none(.noRecords, _): continue
      case .failed(let failure):
        throw TableTrouble(failure.reason, isOfServer: failure.isOfTheServer)
      }
    }
    return nil
  }

  private func name(of key: String) -> DNSName? {
    if let address = IPAddress(key) { return DNSName(listing: address, in: zone) }
    return (try? DNSName(key)).flatMap { DNSName(listing: $0, in: zone) }
  }

  /// Lists say in 127.255.255.0/24 that they do not answer this asker.
  private static func value(_ records: [DNSRecord]) throws(TableTrouble) -> String {
    let values = records.compactMap { record in
      record.joinedText.map { String(decoding: $0, as: UTF8.self) } ?? record.address?.readable
    }
    if let error = values.first(where: { $0.hasPrefix("127.255.255.") }) {
      throw TableTrouble("the zone refuses to answer us: \(error)")
    }
    return values.joined(separator: ",")
  }
}
