// gzip (RFC 1952): one file, in one stream or several behind each other.

struct GzipFile {
  /// The name in the header, as it stands there.
  private(set) var name: [UInt8]?
  /// What the end says of its size, modulo 2^32.
  private(set) var statedBytes: UInt64?

  init(_ bytes: Span<UInt8>, nameBytesMax: Int) {
    if bytes.count >= 18, let stated = ByteReader.little32(bytes, at: bytes.count - 4) {
      statedBytes = UInt64(stated)
    }
    guard let flags = ByteReader.byte(bytes, at: 3), flags & 8 != 0 else { return }
    var at = 10
    if flags & 4 != 0 { at += 2 + (ByteReader.little16(bytes, at: 10) ?? 0) }
    var name: [UInt8] = []
    while let byte = ByteReader.byte(bytes, at: at), byte != 0, name.count < nameBytesMax {
      name.append(byte)
      at += 1
    }
    self.name = name
  }

  /// The content, up to a limit; what follows the last stream is left alone, as all programs do.
  static func content(
    _ bytes: Span<UInt8>, limitBytes: Int, streamsMax: Int
  ) -> Inflated {
    var all = Inflated()
    for _ in 0..<streamsMax {
      let rest = bytes.extracting(droppingFirst: all.consumed)
      let next = Inflate.inflate(rest, as: .gzip, limitBytes: limitBytes - all.bytes.count)
      // Padding behind the last stream, such as a tape's blocks.
      if all.consumed > 0, next.end == .damaged, next.bytes.isEmpty { return all }
      all.bytes += next.bytes
      all.consumed += next.consumed
      all.end = next.end
      guard next.end == .whole, all.consumed < bytes.count else { return all }
    }
    all.end = .outputLimit
    return all
  }

  /// What the file is called when its compressed form has this name: `a.tgz` holds `a.tar`.
  static func innerName(of name: String) -> String {
    let endings = [
      (".tgz", ".tar"), (".tbz2", ".tar"), (".tbz", ".tar"), (".txz", ".tar"), (".tzst", ".tar"),
      (".svgz", ".svg"), (".emz", ".emf"), (".wmz", ".wmf"), (".gz", ""), (".bz2", ""),
      (".xz", ""), (".zst", ""), (".lz4", ""), (".lzma", ""), (".lz", ""), (".z", ""),
    ]
    let folded = name.lowercased()
    for (ending, instead) in endings where folded.hasSuffix(ending) {
      return String(name.dropLast(ending.count)) + instead
    }
    return name
  }
}
