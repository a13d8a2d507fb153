// The door to iconv of the C library: bytes in some charset to UTF-8.
// Trusts glibc's converters with hostile bytes, and never lets a charset name of the mail pick
// anything but a converter: only letters, digits and a few marks pass, so no path and no option.

internal import Glibc

/// One open converter. The handle has one owner, which closes it (iconv_close(3)).
@safe
struct Iconv: ~Copyable {
  private let handle: iconv_t
  /// How many bytes are converted at once.
  private static let chunkBytes = 4_096
  /// A call that converts nothing costs about 50 ns: what fails more often is not this charset.
  private static let failuresMax = 100_000

  /// Opens the converter from `charset` to UTF-8; nil when there is none.
  init?(charset: String) {
    guard Self.isHarmless(charset) else { return nil }
    // iconv_open(3): (iconv_t) -1 says that the conversion is not supported.
    guard let opened = unsafe iconv_open("UTF-8", charset),
      Int(bitPattern: opened) != -1
    else { return nil }
    unsafe handle = opened
  }

  deinit { unsafe iconv_close(handle) }

  /// iconv_open(3) gives "", "char" and "wchar_t" a meaning of the machine, "//" one of its own.
  static func isHarmless(_ name: String) -> Bool {
    guard 2...40 ~= name.utf8.count, name != "char", name != "wchar_t" else { return false }
    return name.utf8.allSatisfy { byte in
      switch byte {
      case 48...57, 65...90, 97...122, 45, 95, 46, 58, 43: true
      default: false
      }
    }
  }

  /// Appends `bytes` as UTF-8; what cannot be converted becomes U+FFFD, a byte at a time.
  ///
  /// Returns how many bytes were converted: all, or those before the limit was reached or too much
  /// was not text of this charset.
  mutating func append(_ bytes: Span<UInt8>, to text: inout [UInt8], limitBytes: Int) -> Int {
    // Back to the initial state (iconv(3)): the handle may have been used before.
    _ = unsafe iconv(handle, nil, nil, nil, nil)
    var position = 0
    var failures = 0
    while position < bytes.count, text.count < limitBytes, failures < Self.failuresMax {
      let step = convert(bytes, from: position, to: &text)
      position += step.consumed
      if step.isStuck {
        failures += 1
        text += [0xEF, 0xBF, 0xBD]
        position += 1
      }
    }
    flush(to: &text)
    return min(position, bytes.count)
  }

  /// One call of iconv. It is stuck where the next byte begins nothing that can be converted.
  private func convert(
    _ bytes: Span<UInt8>, from start: Int, to text: inout [UInt8]
  ) -> (consumed: Int, isStuck: Bool) {
    var left = bytes.count - start
    var isStuck = false
    unsafe bytes.withUnsafeBytes { input in
      unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Self.chunkBytes) { output in
        // iconv(3) takes a pointer to mutable input and does not write to it.
        var from = unsafe UnsafeMutablePointer<CChar>(
          mutating: input.baseAddress?.advanced(by: start).assumingMemoryBound(to: CChar.self))
        var into = output.baseAddress
        var room = output.count
        let result = unsafe iconv(handle, &from, &left, &into, &room)
        isStuck = result == -1 && errno != E2BIG
        for index in 0..<(output.count - room) {
          unsafe text.append(UInt8(bitPattern: output[index]))
        }
      }
    }
    return (bytes.count - start - left, isStuck)
  }

  /// Some converters hold a character back until they have seen whether a mark combines with it.
  private func flush(to text: inout [UInt8]) {
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { output in
      var into = output.baseAddress
      var room = output.count
      _ = unsafe iconv(handle, nil, nil, &into, &room)
      for index in 0..<(output.count - room) {
        unsafe text.append(UInt8(bitPattern: output[index]))
      }
    }
  }
}

/// An open converter from UTF-8. The handle has one owner, which closes it.
@safe
struct IconvEncoder: ~Copyable {
  private let handle: iconv_t
  private static let chunkBytes = 4_096

  /// Opens the converter from UTF-8 to `charset`; nil when there is none.
  init?(charset: String) {
    guard Iconv.isHarmless(charset) else { return nil }
    guard let opened = unsafe iconv_open(charset, "UTF-8"), Int(bitPattern: opened) != -1 else {
      return nil
    }
    unsafe handle = opened
  }

  deinit { unsafe iconv_close(handle) }

  /// Appends `text` in the charset; false where a character of it has no exact one there.
  mutating func append(_ text: Span<UInt8>, to bytes: inout [UInt8]) -> Bool {
    _ = unsafe iconv(handle, nil, nil, nil, nil)
    var left = text.count
    return unsafe text.withUnsafeBytes { input in
      unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Self.chunkBytes) { output in
        // iconv(3) takes a pointer to mutable input and does not write to it.
        var from = unsafe UnsafeMutablePointer<CChar>(
          mutating: input.baseAddress?.assumingMemoryBound(to: CChar.self))
        var isFlushed = false
        while !isFlushed {
          var into = output.baseAddress
          var room = output.count
          // Behind the text, back to the initial state of the charset.
          isFlushed = left == 0
          let result =
            isFlushed
            ? unsafe iconv(handle, nil, nil, &into, &room)
            : unsafe iconv(handle, &from, &left, &into, &room)
          for index in 0..<(output.count - room) {
            unsafe bytes.append(UInt8(bitPattern: output[index]))
          }
          // More than 0: so many characters were replaced by others.
          if result == -1 ? errno != E2BIG : result > 0 { return false }
          // No charset needs more for a character than the room has.
          if result == -1, room == output.count { return false }
        }
        return true
      }
    }
  }
}
