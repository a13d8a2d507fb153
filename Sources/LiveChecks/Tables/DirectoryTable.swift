// `:ldap`: a search in a directory. The key stands in the filter, escaped as RFC 4515 §3 says, so
// that a sender's word is never part of it. All values of the attribute are one value with commas
// between them. A password is never sent in clear to another host.
internal import NIOCore
internal import TableFiles

struct DirectoryTable: TableSourceClient {
  private let url: String
  private let base: String
  private let filter: String
  private let attribute: String?
  private let login: (name: String, secretPath: String)?
  /// Authorities for the tests' own certificates.
  private let authorities: String?
  private let startsTLS: DirectoryConnection.StartTLS
  private let services: LiveServices
  private let limits: TableCallLimits
  private let idle = HandleShelf<DirectoryConnection>()

  var callsMax: Int { 4 }

  init(
    _ table: TableDeclaration, _ services: LiveServices, _ limits: TableCallLimits
  ) throws(LiveFailure) {
    url = Self.url(table.address)
    base = table.arguments["base"] ?? ""
    filter = table.arguments["filter"] ?? ""
    attribute = table.arguments["attribute"]
    authorities = table.arguments["authorities"]
    switch (table.arguments["bind"], table.arguments["secret"]) {
    case (let name?, let path?): login = (name, path)
    case (nil, nil): login = nil
    // A name without a password is taken as nobody's (RFC 4513 §5.1.2).
    default: throw LiveFailure("table '\(table.name)': :bind and :secret go together")
    }
    startsTLS =
      login == nil || !url.hasPrefix("ldap://")
      ? .never : Self.isOurHost(url) && authorities == nil ? .ifOffered : .always
    self.services = services
    self.limits = limits
  }

  /// libldap takes what follows the third slash for a base: a socket's path is the host, with its
  /// slashes as `%2F`.
  static func url(_ address: String) -> String {
    let local = "ldapi:///"
    guard address.hasPrefix(local), address.count > local.count else { return address }
    return "ldapi://" + address.dropFirst(local.count - 1).replacing("/", with: "%2F")
  }

  /// Whether what is sent there stays on this machine.
  static func isOurHost(_ url: String) -> Bool {
    let host = url.dropFirst("ldap://".count).prefix { $0 != "/" }
    return ["127.0.0.1", "localhost", "[::1]"].contains { name in
      host == name || host.hasPrefix(name + ":")
    }
  }

  /// RFC 4515 §3.
  static func escaped(_ key: String) -> String {
    key.unicodeScalars.map { scalar in
      switch scalar {
      case "*": "\\2a"
      case "(": "\\28"
      case ")": "\\29"
      case "\\": "\\5c"
      case "\0": "\\00"
      default: String(scalar)
      }
    }.joined()
  }

  func look(
    up key: String, scope: String, until deadline: NIODeadline
  ) async throws(TableTrouble) -> String? {
    try await services.block(orThrow: .stopped) { [self] () throws(TableTrouble) in
      try ask(key, deadline)
    }
  }

  private func ask(_ key: String, _ deadline: NIODeadline) throws(TableTrouble) -> String? {
    let filter = self.filter.replacing("%s", with: Self.escaped(key))
    if let kept = idle.take(if: \.isUsable) {
      do throws(TableTrouble) {
        return try ask(kept, filter, deadline)
      } catch {
        // A server that was restarted, or tired of us, has closed it meanwhile.
        guard !kept.isUsable, error != .timeout else { throw error }
      }
    }
    return try ask(connection(deadline), filter, deadline)
  }

  private func connection(
    _ deadline: NIODeadline
  ) throws(TableTrouble) -> DirectoryConnection {
    var password: (name: String, password: String)?
    if let login {
      do throws(TableFileFailure) {
        password = (login.name, try SecretFile.read(login.secretPath))
      } catch {
        throw TableTrouble(error.message)
      }
    }
    let settings = DirectoryConnection.Settings(
      url: url, login: password, startsTLS: startsTLS, authorities: authorities)
    return try DirectoryConnection(settings, until: deadline)
  }

  private func ask(
    _ connection: DirectoryConnection, _ filter: String, _ deadline: NIODeadline
  ) throws(TableTrouble) -> String? {
    var values = JoinedValues(limits)
    var isThere = false
    try connection.search(
      base: base, filter: filter, attribute: attribute, entriesMax: limits.valuesMax,
      until: deadline
    ) { (text) throws(TableTrouble) in
      isThere = true
      if attribute != nil { try values.add(text) }
    }
    idle.giveBack(connection)
    // An entry without the attribute has no value: it is not in the table.
    return attribute == nil && isThere ? "" : values.text
  }
}
