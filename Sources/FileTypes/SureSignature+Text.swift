// Signatures of text formats: scripts and HTML by their first line. libmagic compares these only
// where the content looks like text, so that is checked in the same way.

extension SureSignature {
  /// Bytes that libmagic looks at to tell text from data (FILE_ENCODING_MAX).
  private static let textBytesMax = 65_536

  private static let interpreters: [(String, String)] = [
    ("/bin/sh", "text/x-shellscript"), ("/bin/bash", "text/x-shellscript"),
    ("/usr/bin/bash", "text/x-shellscript"), ("/usr/bin/env bash", "text/x-shellscript"),
    ("/bin/ksh", "text/x-shellscript"), ("/bin/csh", "text/x-shellscript"),
    ("/bin/zsh", "text/x-shellscript"), ("/usr/bin/perl", "text/x-perl"),
    ("/usr/bin/env perl", "text/x-perl"), ("/usr/bin/env python3", "text/x-script.python"),
    ("/usr/bin/python3", "text/x-script.python"), ("/usr/bin/python", "text/x-script.python"),
    ("/usr/bin/env python", "text/x-script.python"), ("/usr/bin/ruby", "text/x-ruby"),
  ]

  /// "#!" and a path. The kind is sure; the name where the whole first line is a known interpreter
  /// and the rest is plain text.
  static func script(_ bytes: Span<UInt8>) -> SureSignature? {
    guard bytes[1] == UInt8(ascii: "!") else { return nil }
    let path = bytes[2] == UInt8(ascii: " ") ? 3 : 2
    guard bytes[path] == UInt8(ascii: "/") else { return nil }
    guard path == 2, isText(bytes) else { return SureSignature(nil, .script) }
    for (interpreter, name) in interpreters
    where matches(bytes, interpreter, at: 2)
      && matches(bytes, "\n", at: 2 + interpreter.utf8.count)
    {
      return SureSignature(name, .script)
    }
    return SureSignature(nil, .script)
  }

  /// A document type or an `html` tag at the very start, and text throughout.
  static func html(_ bytes: Span<UInt8>) -> SureSignature? {
    let isDocument = matchesIgnoringCase(bytes, "<!doctype html")
    guard isDocument || matchesIgnoringCase(bytes, "<html>"), isText(bytes) else { return nil }
    // libmagic asks these before "<html>"; where one is found, it decides.
    if !isDocument {
      for rival in ["%PDF-", "\n--- ", "\nmsgid", "export "] where contains(bytes, rival) {
        return nil
      }
    }
    return SureSignature("text/html", .html)
  }

  /// True when `lowercase` begins the content, ASCII letters of either case being equal.
  static func matchesIgnoringCase(_ bytes: Span<UInt8>, _ lowercase: String) -> Bool {
    guard bytes.count >= lowercase.utf8.count else { return false }
    var index = 0
    for byte in lowercase.utf8 {
      let have = bytes[index]
      let folded = have &- UInt8(ascii: "A") < 26 ? have | 0x20 : have
      if folded != byte { return false }
      index += 1
    }
    return true
  }

  /// True when the ASCII text occurs in the first 8,200 bytes, which is as far as libmagic
  /// searches.
  static func contains(_ bytes: Span<UInt8>, _ text: String) -> Bool {
    guard let first = text.utf8.first else { return true }
    for offset in 0..<min(bytes.count, 8200)
    where bytes[offset] == first && matches(bytes, text, at: offset) {
      return true
    }
    return false
  }

  /// libmagic's "looks like text" for one-byte encodings and UTF-8: none of the control characters
  /// that text never has. (src/encoding.c of file 5.44: the class F of its table.)
  static func isText(_ bytes: Span<UInt8>) -> Bool {
    ByteSearch.hasOnlyText(bytes, count: min(bytes.count, textBytesMax))
  }
}
