// Shortcuts of Windows (MS-SHLLINK): what they start, with which words, and whether it is on
// another host.
// Trusts nothing: flags say which records follow, and each is cut to the file.
internal import RuleBytecode

enum LinkFile {
  private enum Flag {
    static let targets = 1
    static let info = 2
    static let name = 4
    static let relativePath = 8
    static let folder = 16
    static let arguments = 32
    static let wide = 128
  }

  private static let headerBytes = 76
  /// §2.3: the link goes to a path of the network.
  private static let isOnNetwork = 2

  static func read(_ bytes: Span<UInt8>, _ work: inout DocumentWork) {
    guard work.budget.take(bytes: bytes.count), let flags = ByteReader.little32(bytes, at: 20)
    else {
      return
    }
    var index = headerBytes
    if flags & Flag.targets != 0 { index += 2 + (ByteReader.little16(bytes, at: index) ?? 0) }
    if flags & Flag.info != 0 {
      let kinds = ByteReader.little32(bytes, at: index + 8) ?? 0
      if kinds & isOnNetwork != 0 { work.findings.traits.insert(.remoteShortcut) }
      index += ByteReader.little32(bytes, at: index) ?? 0
    }
    for flag in [Flag.name, Flag.relativePath, Flag.folder, Flag.arguments]
    where flags & flag != 0 {
      let length = ByteReader.little16(bytes, at: index) ?? 0
      if flag == Flag.arguments, length > 0 { work.findings.traits.insert(.shortcutCommand) }
      index += 2 + length * (flags & Flag.wide == 0 ? 1 : 2)
    }
    words(bytes, &work)
  }

  /// What is started stands in lists of shell items, in paths, in blocks behind them, in one byte a
  /// character or two: it is looked for everywhere.
  private static func words(_ bytes: Span<UInt8>, _ work: inout DocumentWork) {
    let plain = work.shortcut(bytes)
    if Commands.isNamed(in: plain.span) { work.findings.traits.insert(.shortcutCommand) }
    if Commands.isRemote(plain.span) { work.findings.traits.insert(.remoteShortcut) }
  }
}

/// Programs that do what they are told, and addresses of other hosts, anywhere in a text.
enum Commands {
  private static let programs = [
    "powershell", "pwsh", "cmd.exe", "mshta", "rundll32", "wscript", "cscript", "regsvr32",
    "msiexec", "certutil", "bitsadmin", "forfiles", "conhost", "pcalua", "wmic", "schtasks",
    "installutil", "msbuild", "regasm", "curl.exe", "ftp.exe", "ssh.exe", "scp.exe", "hh.exe",
    "%comspec%", "python", "autohotkey", "/bin/sh", "bash",
  ].map { Array($0.utf8) }

  static func isNamed(in text: Span<UInt8>) -> Bool {
    programs.contains { ByteSearch.contains($0, in: text) }
  }

  private static let addresses = ["http://", "https://", "ftp://", "file://", "search-ms:"].map {
    Array($0.utf8)
  }

  static func isRemote(_ text: Span<UInt8>) -> Bool {
    if addresses.contains(where: { ByteSearch.contains($0, in: text) }) { return true }
    var index = 0
    while index + 2 < text.count {
      let next = text[index + 2]
      if text[index] == 92, text[index + 1] == 92, (next | 0x20) &- 97 < 26 || next &- 48 < 10 {
        return true
      }
      index += 1
    }
    return false
  }
}
