// The door to OpenLDAP's libldap: the one file that imports it. Its calls block, for a bounded
// time.
//
// ldap(3), "THREAD-SAFETY": a handle may be used by one thread at a time; the shelf sees to it.
internal import CLDAP
internal import NIOCore

@safe final class DirectoryConnection: @unchecked Sendable {
  private let handle: OpaquePointer
  private(set) var isUsable = true

  /// How a connection begins.
  struct Settings: Sendable {
    let url: String
    /// A name and a password; nobody when nil.
    let login: (name: String, password: String)?
    let startsTLS: StartTLS
    /// PEM file of authorities; those of ldap.conf(5) when nil.
    var authorities: String?
  }

  enum StartTLS: Sendable, Equatable { case never, ifOffered, always }

  init(_ settings: Settings, until deadline: NIODeadline) throws(TableTrouble) {
    var made: OpaquePointer?
    let status = unsafe ldap_initialize(&made, settings.url)
    guard status == LDAP_SUCCESS, let handle = unsafe made else { throw Self.trouble(status) }
    unsafe self.handle = handle
    let milliseconds = try Self.left(deadline)
    try Self.check(unsafe defang_ldap_prepare(handle, milliseconds, settings.authorities))
    if settings.startsTLS != .never { try startTLS(settings.startsTLS) }
    if let login = settings.login {
      try Self.check(unsafe defang_ldap_bind(handle, login.name, login.password))
    }
  }

  deinit { unsafe ldap_unbind_ext_s(handle, nil, nil) }

  private func startTLS(_ wish: StartTLS) throws(TableTrouble) {
    let status = unsafe ldap_start_tls_s(handle, nil, nil)
    if status == LDAP_SUCCESS { return }
    let isMissing = [LDAP_PROTOCOL_ERROR, LDAP_UNAVAILABLE].contains(status)
    if isMissing, wish == .ifOffered { return }
    if isMissing {
      throw TableTrouble("it offers no encryption, and the password is not sent without")
    }
    throw TableTrouble("no encryption: \(Self.words(status))\(detail)")
  }

  private var detail: String {
    var text: UnsafeMutablePointer<CChar>?
    guard unsafe ldap_get_option(handle, LDAP_OPT_DIAGNOSTIC_MESSAGE, &text) == 0,
      let text = unsafe text
    else { return "" }
    defer { unsafe ldap_memfree(text) }
    let words = TableWords.shown(unsafe String(cString: text))
    return words.isEmpty ? "" : " (\(words))"
  }

  /// All values of the attribute in all entries that the filter finds, in the server's order.
  /// Without an attribute an empty one for each entry.
  func search(
    base: String, filter: String, attribute: String?, entriesMax: Int, until deadline: NIODeadline,
    _ each: (String) throws(TableTrouble) -> Void
  ) throws(TableTrouble) {
    let milliseconds = try Self.left(deadline)
    var found: OpaquePointer?
    let status = unsafe defang_ldap_search(
      handle, base, filter, attribute, milliseconds, Int32(clamping: entriesMax), &found)
    defer { if let found = unsafe found { unsafe ldap_msgfree(found) } }
    guard status == LDAP_SUCCESS else {
      // Negative: the library's own, of the connection.
      isUsable = status > 0
      throw Self.trouble(status)
    }
    var entry = unsafe ldap_first_entry(handle, found)
    while let current = unsafe entry {
      if let attribute {
        try unsafe values(of: attribute, in: current, each)
      } else {
        try each("")
      }
      unsafe entry = ldap_next_entry(handle, current)
    }
  }

  private func values(
    of attribute: String, in entry: OpaquePointer, _ each: (String) throws(TableTrouble) -> Void
  ) throws(TableTrouble) {
    guard let values = unsafe ldap_get_values_len(handle, entry, attribute) else { return }
    defer { unsafe ldap_value_free_len(values) }
    var index = 0
    while let value = unsafe values[index] {
      let bytes = unsafe UnsafeRawBufferPointer(
        start: value.pointee.bv_val, count: Int(value.pointee.bv_len))
      try each(unsafe String(decoding: bytes, as: UTF8.self))
      index += 1
    }
  }

  // MARK: Failures

  private static func left(_ deadline: NIODeadline) throws(TableTrouble) -> Int32 {
    let left = (deadline - NIODeadline.now()).nanoseconds / 1_000_000
    guard left > 0 else { throw .timeout }
    return Int32(clamping: left)
  }

  private static func check(_ status: Int32) throws(TableTrouble) {
    guard status == LDAP_SUCCESS else { throw trouble(status) }
  }

  private static func trouble(_ status: Int32) -> TableTrouble {
    switch status {
    case LDAP_TIMEOUT, LDAP_TIMELIMIT_EXCEEDED: .timeout
    case LDAP_SIZELIMIT_EXCEEDED:
      TableTrouble("the filter finds too many entries", isOfServer: false)
    // Of this filter, and so of this key.
    case LDAP_FILTER_ERROR, LDAP_NO_SUCH_OBJECT, LDAP_INVALID_SYNTAX, LDAP_UNDEFINED_TYPE:
      TableTrouble(words(status), isOfServer: false)
    default: TableTrouble(words(status))
    }
  }

  private static func words(_ status: Int32) -> String {
    unsafe String(cString: ldap_err2string(status))
  }
}
