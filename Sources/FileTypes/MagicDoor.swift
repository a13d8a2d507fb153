// The door to libmagic: the one file that imports it. Everybody else sees a move-only value that
// answers a question about bytes with a MIME name. The bytes are a sender's and are not trusted;
// the database is the administrator's and is.
//
// libmagic(3) promises nothing for a cookie used by two threads at once, and each question writes
// into the cookie: "magic_buffer() ... return a string on success" whose storage is the cookie's
// own. So a cookie has one owner (`~Copyable`), and an answer is copied before the next question.
// The database is mapped read-only (8 MB, shared by all processes), so a cookie more costs little.

internal import CMagic

/// Why libmagic cannot answer. The text is libmagic's own and holds nothing of a message.
package enum FileTypeError: Error, Equatable, Sendable {
  /// No cookie could be made.
  case noCookie
  /// The database is missing, damaged or of another version.
  case database(String)
  /// A limit could not be set.
  case limit(String)
  /// A question failed inside libmagic (memory, or a damaged database).
  case question(String)
}

/// What a question may cost; the names are libmagic's (libmagic(3), magic_setparam).
package struct FileTypeLimits: Sendable, Equatable {
  /// Bytes of the content that are looked at, from its start.
  package var bytesMax = 1_048_576
  /// Bytes that one regular expression of the database may search.
  package var regexBytesMax = 8192

  package init() {}
}

/// One libmagic cookie, opened when it is made and closed when it ends. `@safe`: the pointer never
/// leaves, and lives exactly as long as the value.
@safe struct MagicCookie: ~Copyable {
  private let cookie: magic_t
  private let bytesMax: Int

  private init(taking made: magic_t, bytesMax: Int) {
    unsafe cookie = made
    self.bytesMax = bytesMax
  }

  /// - Parameter database: Path of a database; nil takes libmagic's default.
  static func open(
    database: String?, limits: FileTypeLimits
  ) throws(FileTypeError) -> MagicCookie {
    // MAGIC_NO_CHECK_COMPRESS: never start a decompressor on a sender's bytes.
    guard let made = unsafe magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS) else {
      throw .noCookie
    }
    let opened = unsafe MagicCookie(taking: made, bytesMax: max(1, limits.bytesMax))
    let status =
      if let database { unsafe magic_load(made, database) } else { unsafe magic_load(made, nil) }
    guard status == 0 else { throw .database(opened.reason()) }
    try opened.set(MAGIC_PARAM_BYTES_MAX, opened.bytesMax)
    try opened.set(MAGIC_PARAM_REGEX_MAX, max(1, limits.regexBytesMax))
    return opened
  }

  deinit { unsafe magic_close(cookie) }

  /// The MIME name of these bytes.
  func mimeType(of bytes: Span<UInt8>) throws(FileTypeError) -> String {
    let head = bytes.extracting(first: bytesMax)
    let answer = unsafe head.withUnsafeBytes { raw -> String? in
      // libmagic may read its buffer pointer even for a count of zero.
      guard let base = raw.baseAddress, unsafe !raw.isEmpty else { return "inode/x-empty" }
      guard let name = unsafe magic_buffer(cookie, base, raw.count) else { return nil }
      return unsafe String(cString: name)
    }
    guard let answer else { throw .question(reason()) }
    return answer
  }

  private func set(_ parameter: Int32, _ value: Int) throws(FileTypeError) {
    var size = value
    guard unsafe magic_setparam(cookie, parameter, &size) == 0 else { throw .limit(reason()) }
  }

  private func reason() -> String {
    guard let text = unsafe magic_error(cookie) else { return "no reason given" }
    return unsafe String(cString: text)
  }
}
