// The door to memchr, memcmp and memcpy. A safe loop finds line ends at 2 GB/s, memchr at 7.5.
// Trusts its callers for nothing: every range is checked against the span before a pointer is made.

internal import Glibc

/// Searches in bytes, as fast as the C library does them.
package enum ByteScan {
  /// The offset of the first `byte` in `bytes[from..<to]`.
  package static func firstIndex(
    of byte: UInt8, in bytes: Span<UInt8>, from: Int, to: Int
  ) -> Int? {
    precondition(from >= 0 && to <= bytes.count, "a search leaves its bytes")
    guard from < to else { return nil }
    return unsafe bytes.withUnsafeBufferPointer { buffer -> Int? in
      guard let base = buffer.baseAddress else { return nil }
      guard let hit = unsafe memchr(base + from, Int32(byte), to - from) else { return nil }
      return unsafe UnsafeRawPointer(hit) - UnsafeRawPointer(base)
    }
  }

  /// The offset of the first CR in `bytes[from..<to]` that no LF follows. Ordinary mail has a CR in
  /// every line, so 32 bytes are looked at in one step.
  static func firstBareReturn(in bytes: Span<UInt8>, from: Int, to: Int) -> Int? {
    precondition(from >= 0 && to <= bytes.count, "a search leaves its bytes")
    return unsafe bytes.withUnsafeBytes { buffer -> Int? in
      var index = from
      let returns = SIMD32<UInt8>(repeating: ASCII.carriageReturn)
      let lineFeeds = SIMD32<UInt8>(repeating: ASCII.lineFeed)
      while index + 33 <= to {
        let these = unsafe buffer.loadUnaligned(fromByteOffset: index, as: SIMD32<UInt8>.self)
        let next = unsafe buffer.loadUnaligned(fromByteOffset: index + 1, as: SIMD32<UInt8>.self)
        // `any` would be a call.
        let found = unsafe unsafeBitCast(
          (these .== returns) .& (next .!= lineFeeds), to: SIMD4<UInt64>.self)
        if found[0] | found[1] | found[2] | found[3] != 0 { break }
        index += 32
      }
      while index < to {
        let isBare = unsafe index + 1 == to || buffer[index + 1] != ASCII.lineFeed
        if unsafe buffer[index] == ASCII.carriageReturn, isBare { return index }
        index += 1
      }
      return nil
    }
  }

  /// Decodes base64 from `from` on, as long as groups of four characters stand one behind the
  /// other, or with CR LF between them, and there is room; returns where it stopped. Four look-ups
  /// a group and one store for two: twice as fast as bytes one by one.
  ///
  /// - Parameter words: By place in the group, then by character: its share of the group's three
  ///   bytes, the first lowest; with bit 24 for what is no character.
  static func appendBase64Groups(
    _ bytes: Span<UInt8>, from: Int, _ words: Span<UInt32>, to output: inout OutputSpan<UInt8>
  ) -> Int {
    precondition(from >= 0 && words.count == 4 * 256, "each place has a word for each byte")
    return unsafe output.withUnsafeMutableBufferPointer { room, count -> Int in
      unsafe bytes.withUnsafeBufferPointer { bytes -> Int in
        unsafe words.withUnsafeBufferPointer { words -> Int in
          guard let sink = UnsafeMutableRawPointer(room.baseAddress) else { return from }
          func group(_ index: Int) -> UInt32 {
            // In range: whoever asks has looked that four characters are left.
            unsafe words[Int(bytes[index])] | words[256 &+ Int(bytes[index &+ 1])]
              | words[512 &+ Int(bytes[index &+ 2])] | words[768 &+ Int(bytes[index &+ 3])]
          }
          var index = from
          while true {
            while index &+ 8 <= bytes.count, count &+ 8 <= room.count {
              let (one, two) = (group(index), group(index &+ 4))
              guard (one | two) >> 24 == 0 else { break }
              let six = UInt64(one) | UInt64(two) << 24
              unsafe sink.storeBytes(of: six.littleEndian, toByteOffset: count, as: UInt64.self)
              index &+= 8
              count &+= 6
            }
            guard index &+ 4 <= bytes.count, count &+ 4 <= room.count else { return index }
            let isLineEnd =
              unsafe bytes[index] == ASCII.carriageReturn
              && bytes[index &+ 1] == ASCII.lineFeed
            if isLineEnd {
              index &+= 2
              continue
            }
            let one = group(index)
            guard one >> 24 == 0 else { return index }
            unsafe sink.storeBytes(of: one.littleEndian, toByteOffset: count, as: UInt32.self)
            index &+= 4
            count &+= 3
          }
        }
      }
    }
  }

  /// Up to eight bytes from `start` on as a number, with zeros for those that are not there.
  package static func word(in bytes: Span<UInt8>, at start: Int) -> UInt64 {
    precondition(start >= 0 && start <= bytes.count, "a word leaves its bytes")
    return unsafe bytes.withUnsafeBytes { buffer -> UInt64 in
      if start &+ 8 <= buffer.count {
        return unsafe buffer.loadUnaligned(fromByteOffset: start, as: UInt64.self)
      }
      var word: UInt64 = 0
      for index in start..<buffer.count {
        word |= unsafe UInt64(buffer[index]) << (UInt64(index &- start) &* 8)
      }
      return word
    }
  }

  /// Whether both hold the same bytes.
  package static func isEqual(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    guard left.count > 0 else { return true }
    return unsafe left.withUnsafeBufferPointer { left in
      unsafe right.withUnsafeBufferPointer { right in
        guard let one = left.baseAddress, let two = right.baseAddress else {
          return true
        }
        return unsafe memcmp(one, two, left.count) == 0
      }
    }
  }

  /// The first offset in `bytes[from..<to]` where a line begins with one of the three; CR and LF
  /// both end lines, and the bytes begin one. Cost: two calls of memchr for a line.
  static func nextLine(
    in bytes: Span<UInt8>, from: Int, to: Int, first: (UInt8, UInt8, UInt8)
  ) -> Int? {
    precondition(from >= 0 && to <= bytes.count, "a search leaves its bytes")
    return unsafe bytes.withUnsafeBufferPointer { buffer -> Int? in
      guard let base = buffer.baseAddress else { return nil }
      func next(_ byte: UInt8, _ start: Int, _ end: Int) -> Int? {
        guard start < end, let hit = unsafe memchr(base + start, Int32(byte), end - start) else {
          return nil
        }
        return unsafe UnsafeRawPointer(hit) - UnsafeRawPointer(base)
      }
      // The byte before may be a line's end.
      var start = max(0, from - 1)
      var lineFeed = next(ASCII.lineFeed, start, to) ?? to
      if from == 0, to > 0 {
        let byte = unsafe base[0]
        if byte == first.0 || byte == first.1 || byte == first.2 { return 0 }
      }
      while start < to {
        if lineFeed < start { lineFeed = next(ASCII.lineFeed, start, to) ?? to }
        start = (next(ASCII.carriageReturn, start, lineFeed) ?? lineFeed) + 1
        guard start < to else { return nil }
        let byte = unsafe base[start]
        if byte == first.0 || byte == first.1 || byte == first.2 { return start }
      }
      return nil
    }
  }

  /// The start of the first line after a `lineEnd` in `bytes[from..<to]` that begins with `--`, or
  /// with one blank before that.
  /// The line that begins at `from` itself is not looked at. Looked for by its dashes: base64 has
  /// none, and text has fewer of them than lines.
  static func nextDashLine(
    in bytes: Span<UInt8>, from: Int, to: Int, lineEnd: UInt8
  ) -> Int? {
    precondition(from >= 0 && to <= bytes.count, "a search leaves its bytes")
    return unsafe bytes.withUnsafeBufferPointer { buffer -> Int? in
      guard let base = buffer.baseAddress else { return nil }
      var next = from + 1
      while next < to {
        guard let hit = unsafe memchr(base + next, Int32(ASCII.dash), to - next) else {
          return nil
        }
        let dash = unsafe UnsafeRawPointer(hit) - UnsafeRawPointer(base)
        next = dash + 1
        // Behind a dash no line begins.
        while next < to, unsafe base[next] == ASCII.dash { next += 1 }
        guard next > dash + 1 else { continue }
        let before = unsafe base[dash - 1]
        if before == lineEnd { return dash }
        if ASCII.isBlank(before), dash - 2 >= from, unsafe base[dash - 2] == lineEnd {
          return dash - 1
        }
      }
      return nil
    }
  }
}

extension OutputSpan<UInt8> {
  /// Appends `bytes` in one copy; there must be room.
  mutating func append(copying bytes: Span<UInt8>) {
    precondition(bytes.count <= freeCapacity, "a copy leaves its room")
    unsafe withUnsafeMutableBufferPointer { room, count in
      unsafe bytes.withUnsafeBufferPointer { source in
        guard let from = source.baseAddress, let base = room.baseAddress else { return }
        unsafe (base + count).update(from: from, count: source.count)
        count += source.count
      }
    }
  }
}

extension Span<UInt8> {
  /// Outlives what it was lent from. In one copy: an append for each byte costs ten times as much.
  package var copied: [UInt8] {
    var result: [UInt8] = []
    result.append(copying: self)
    return result
  }
}

extension Array where Element == UInt8 {
  /// Appends `bytes` in one copy; the array never sees the pointer after the call.
  package mutating func append(copying bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }
}
