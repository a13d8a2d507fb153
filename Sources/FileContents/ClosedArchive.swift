// Archives and disks inside of archives that nothing here can read: they must not pass for files
// that hold nothing.
// Trusts nothing; a look at the first bytes and at the names.
internal import FileTypes

enum ClosedArchive {
  /// Names by which a click opens what is in them. Where the bytes are of no format that is known
  /// here, the program behind the click may know another one, or look further into the file.
  private static let extensions: Set<String> = [
    "7z", "ace", "alz", "arc", "arj", "bz2", "cab", "dmg", "egg", "gz", "img", "iso", "lha", "lzh",
    "rar", "sit", "sitx", "tar", "tgz", "udf", "vhd", "vhdx", "wim", "xz", "zip", "zipx", "zoo",
    "zst",
  ]

  /// - Parameter head: The first bytes of what is of no format that is read here.
  static func isLikely(_ head: Span<UInt8>, _ names: [String]) -> Bool {
    guard head.count > 0 else { return false }
    let kind = SureSignature(of: head)?.kind
    if kind == .archive || kind == .diskImage || isARJ(head) || isACE(head) { return true }
    return names.contains { name in
      MemberName.plainExtension(name).map(extensions.contains) ?? false
    }
  }

  /// ARJ's mark, then the size of a header that is as large as one can be.
  private static func isARJ(_ head: Span<UInt8>) -> Bool {
    guard head.count > 34, head[0] == 0x60, head[1] == 0xEA else { return false }
    return (30...2_600).contains(Int(head[2]) | Int(head[3]) << 8) && head[4] >= 30
  }

  private static func isACE(_ head: Span<UInt8>) -> Bool {
    guard head.count > 13 else { return false }
    for (index, byte) in "**ACE**".utf8.enumerated() where head[7 + index] != byte { return false }
    return true
  }
}
