// The names of members: bytes of no certain charset, paths of no certain system.

enum MemberName {
  /// What the bytes may mean. UTF-8 where it is, else the charset of DOS (APPNOTE appendix D); with
  /// a NUL also what is before it, as programs in C read it.
  static func readings(_ bytes: [UInt8]) -> [String] {
    var readings = [text(bytes)]
    if let nul = bytes.firstIndex(of: 0) { readings.append(text(Array(bytes[..<nul]))) }
    return readings
  }

  private static func text(_ bytes: [UInt8]) -> String {
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    var scalars = String.UnicodeScalarView()
    for byte in bytes {
      scalars.append(byte < 0x80 ? Unicode.Scalar(byte) : codePage437[Int(byte) - 0x80])
    }
    return String(scalars)
  }

  private static let codePage437 = Array(
    ("ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐"
      + "└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{A0}").unicodeScalars)

  /// Whether unpacking by this name would leave the folder: a step up, an absolute path, a drive.
  /// Both kinds of slashes separate, as on Windows.
  static func leavesFolder(_ name: String) -> Bool {
    let bytes = Array(name.utf8)
    func isSlash(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\") }
    guard let first = bytes.first else { return false }
    if isSlash(first) { return true }
    // "Q: and A.txt" is a name, "C:\\a" none.
    if bytes.count >= 3, bytes[1] == UInt8(ascii: ":"), isSlash(bytes[2]),
      (first | 0x20) &- UInt8(ascii: "a") < 26
    {
      return true
    }
    return bytes.split(whereSeparator: isSlash).contains { $0.elementsEqual("..".utf8) }
  }

  /// The ASCII letters behind the last dot of the last step, in lower-case.
  static func plainExtension(_ name: String) -> String? {
    let last = name.split { $0 == "/" || $0 == "\\" }.last ?? ""
    guard let dot = last.lastIndex(of: ".") else { return nil }
    let text = last[last.index(after: dot)...].lowercased()
    return text.utf8.allSatisfy { $0 < 0x80 } ? text : nil
  }
}
