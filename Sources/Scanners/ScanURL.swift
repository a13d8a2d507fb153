// Where an ICAP service is: `icap://host[:port],…/service`, several hosts in the order in which
// they are tried.

package struct ScanURL: Sendable {
  private let text: String

  package init(_ text: String) { self.text = text }

  private var rest: Substring { text.dropFirst("icap://".count) }

  /// What stands behind the hosts, without the first `/`.
  package var service: String {
    String(rest.drop { $0 != "/" && $0 != "?" }.drop { $0 == "/" })
  }

  package func hosts() throws(ScannerHost.BadAddress) -> [ScannerHost] {
    guard text.hasPrefix("icap://") else { throw .init(text: text) }
    let places = rest.prefix { $0 != "/" && $0 != "?" }
      .split(separator: ",", omittingEmptySubsequences: false)
    guard (1...ScannerHost.hostsMax).contains(places.count) else { throw .init(text: text) }
    var hosts: [ScannerHost] = []
    for place in places {
      // The port stands behind the last colon that is in no brackets.
      let closed = place.lastIndex(of: "]") ?? place.startIndex
      let colon = place[closed...].lastIndex(of: ":")
      let port = colon.map { String(place[place.index(after: $0)...]) }
      let name = place[..<(colon ?? place.endIndex)].filter { $0 != "[" && $0 != "]" }
      hosts.append(try ScannerHost("inet:\(port ?? String(ICAPDialect.defaultPort))@\(name)"))
    }
    return hosts
  }
}
