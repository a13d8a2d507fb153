// The door to libarchive, and to the cell that the process locks itself into before it opens it.
// The archive is a sender's; so is, after that, every word of the library.
//
// archive_read(3): a handle belongs to one thread; an entry lives until the next header is read;
// memory given to archive_read_open_memory must outlive the handle, so both stay inside one call.

internal import CArchive
internal import Glibc

/// What the process may use.
struct CellLimits {
  /// Of the address space: an archive of 128 MB, what it is copied to, libraries.
  var memoryBytes = 1 << 30
  var processorSeconds = 10
}

enum Cell {
  /// Locks the process in: memory and time bounded, no files, no processes, no other system calls.
  /// False when it does not hold.
  static func lock(_ limits: CellLimits) -> Bool {
    guard defang_close_others() == 0 else { return false }
    let bounds: [(__rlimit_resource, Int)] = [
      (RLIMIT_AS, limits.memoryBytes), (RLIMIT_CPU, limits.processorSeconds), (RLIMIT_CORE, 0),
      (RLIMIT_FSIZE, 0), (RLIMIT_NOFILE, 0), (__RLIMIT_NPROC, 0),
    ]
    for (resource, most) in bounds {
      var bound = rlimit(rlim_cur: rlim_t(most), rlim_max: rlim_t(most))
      guard unsafe setrlimit(__rlimit_resource_t(resource.rawValue), &bound) == 0 else { return false }
    }
    return defang_confine() == 0
  }
}

/// The process's own streams, and its end.
enum Streams {
  /// All of standard input; nil when there is more than `limitBytes`, or it cannot be read.
  static func readAll(limitBytes: Int) -> [UInt8]? {
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe read(0, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0, all.count + count <= limitBytes else { return nil }
      if count == 0 { return all }
      all += buffer[..<count]
    }
  }

  static func leave(_ code: Int32) -> Never { exit(code) }

  static func write(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(1, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }
}

/// One entry's header.
struct LibraryEntry {
  var names: [[UInt8]] = []
  var size: UInt64?
  var isEncrypted = false
  var isFolder = false
}

/// An archive that is being read. `@safe`: the pointers never leave, the handle is freed when the
/// value ends, and the bytes outlive it (`read`).
@safe struct LibraryArchive: ~Copyable {
  enum Format { case container, compressed, zip }

  enum Header {
    case entry(LibraryEntry)
    case end
    case damaged
  }

  private let handle: OpaquePointer

  /// Opens an archive in memory for as long as `body` runs; nil when it cannot be opened.
  static func read<Result>(
    _ bytes: Span<UInt8>, as format: Format, _ body: (borrowing LibraryArchive) -> Result
  ) -> Result? {
    unsafe bytes.withUnsafeBytes { raw in
      guard let handle = unsafe archive_read_new() else { return nil }
      let archive = unsafe LibraryArchive(handle: handle)
      archive.support(format)
      guard unsafe archive_read_open_memory(handle, raw.baseAddress, raw.count) == ARCHIVE_OK else {
        return nil
      }
      return body(archive)
    }
  }

  deinit { unsafe archive_read_free(handle) }

  /// Only what is read here: no filter that runs a program, no format that is a list of paths.
  private func support(_ format: Format) {
    switch format {
    case .zip: unsafe archive_read_support_format_zip_seekable(handle)
    case .compressed:
      unsafe archive_read_support_format_raw(handle)
      unsafe archive_read_support_filter_bzip2(handle)
      unsafe archive_read_support_filter_xz(handle)
      unsafe archive_read_support_filter_zstd(handle)
      unsafe archive_read_support_filter_lz4(handle)
      unsafe archive_read_support_filter_lzip(handle)
      unsafe archive_read_support_filter_compress(handle)
    case .container:
      unsafe archive_read_support_format_tar(handle)
      unsafe archive_read_support_format_7zip(handle)
      unsafe archive_read_support_format_rar(handle)
      unsafe archive_read_support_format_rar5(handle)
      unsafe archive_read_support_format_cab(handle)
      unsafe archive_read_support_format_iso9660(handle)
      unsafe archive_read_support_format_cpio(handle)
      unsafe archive_read_support_format_ar(handle)
      unsafe archive_read_support_format_lha(handle)
      unsafe archive_read_support_format_xar(handle)
    }
  }

  /// The next entry. A warning is an entry all the same.
  func next() -> Header {
    var entry: OpaquePointer?
    let status = unsafe archive_read_next_header(handle, &entry)
    guard status != ARCHIVE_EOF else { return .end }
    guard status >= ARCHIVE_WARN, let entry = unsafe entry else { return .damaged }
    var found = LibraryEntry()
    found.names = unsafe Self.bytes(archive_entry_pathname_utf8(entry)).map { [$0] } ?? []
    if let name = unsafe Self.bytes(archive_entry_pathname(entry)), !found.names.contains(name) {
      found.names.append(name)
    }
    if unsafe archive_entry_size_is_set(entry) != 0 {
      found.size = UInt64(max(0, unsafe archive_entry_size(entry)))
    }
    found.isEncrypted = unsafe archive_entry_is_encrypted(entry) == 1
    found.isFolder = unsafe archive_entry_filetype(entry) & S_IFMT == S_IFDIR
    return .entry(found)
  }

  private static func bytes(_ text: UnsafePointer<CChar>?) -> [UInt8]? {
    guard let text = unsafe text else { return nil }
    return unsafe UnsafeBufferPointer(start: text, count: strlen(text)).map {
      UInt8(bitPattern: $0)
    }
  }

  /// Something in it is encrypted, as far as was read.
  var hasEncrypted: Bool { unsafe archive_read_has_encrypted_entries(handle) == 1 }

  /// More content of the entry: how much of the buffer was filled, 0 at its end, nil when it is
  /// damaged.
  func content(into buffer: inout [UInt8]) -> Int? {
    let count = unsafe buffer.withUnsafeMutableBytes {
      unsafe archive_read_data(handle, $0.baseAddress, $0.count)
    }
    return count < 0 ? nil : count
  }
}
