// The door to zlib: the one file that imports it. Bytes in, bytes out, both of a size that was said
// before. The input is a sender's and is not trusted.
//
// In this process and not in a child: the memory it is handed is bounded on both sides, its state
// has a fixed size (some 44 KB), and no decompressor has been fuzzed more. An archive of a mail has
// hundreds of small members; a child for each would cost more than all of them.

internal import CZlib

/// What became of a compressed stream.
struct Inflated: Equatable {
  enum End: Equatable {
    /// The stream's own end.
    case whole
    /// There is more than was wanted.
    case outputLimit
    /// The input ends first.
    case cut
    case damaged
  }

  var bytes: [UInt8] = []
  /// Bytes of the input that were read.
  var consumed = 0
  var end = End.cut
}

package enum Inflate {
  /// What is around the compressed data.
  enum Form {
    /// RFC 1951 alone, as zip has it.
    case bare
    /// RFC 1950.
    case zlib
    /// RFC 1952: one member.
    case gzip

    fileprivate var windowBits: Int32 {
      switch self {
      case .bare: -15
      case .zlib: 15
      case .gzip: 31
      }
    }
  }

  private static let firstRoom = 16_384

  /// Decompresses one stream from the start of `input`, up to `limitBytes` of output.
  static func inflate(_ input: Span<UInt8>, as form: Form, limitBytes: Int) -> Inflated {
    var result = Inflated()
    guard limitBytes >= 0, let stream = InflateStream(form) else {
      result.end = .damaged
      return result
    }
    // One byte more than wanted shows whether there is more.
    let room = min(limitBytes, Int(UInt32.max) - 1) + 1
    var output = [UInt8](repeating: 0, count: min(room, firstRoom))
    var count = 0
    while true {
      let step = stream.step(
        input.extracting(droppingFirst: result.consumed), into: &output, from: count)
      result.consumed += step.consumed
      count += step.produced
      if let end = step.end {
        result.end = end
        break
      }
      if count == room { break }
      if count == output.count {
        output.append(contentsOf: repeatElement(0, count: min(count, room - count)))
      }
    }
    if count > limitBytes { result.end = .outputLimit }
    output.removeLast(output.count - min(count, limitBytes))
    result.bytes = output
    return result
  }

  /// CRC-32 as zip and gzip have it.
  package static func checksum(of bytes: Span<UInt8>) -> UInt32 {
    unsafe bytes.withUnsafeBytes { raw in
      unsafe UInt32(
        truncatingIfNeeded: crc32_z(
          0, raw.baseAddress?.assumingMemoryBound(to: Bytef.self), raw.count))
    }
  }
}

/// zlib's state. `@safe`: the pointer never leaves, and lives exactly as long as the value. It
/// stays at one place, since zlib's state points back at it.
@safe private struct InflateStream: ~Copyable {
  private let state: UnsafeMutablePointer<z_stream>

  init?(_ form: Inflate.Form) {
    unsafe state = .allocate(capacity: 1)
    unsafe state.initialize(to: z_stream())
    let status = unsafe inflateInit2_(
      state, form.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else {
      unsafe state.deallocate()
      return nil
    }
  }

  deinit {
    unsafe inflateEnd(state)
    unsafe state.deallocate()
  }

  struct Step {
    let consumed: Int
    let produced: Int
    /// Nil while there may be more.
    let end: Inflated.End?
  }

  /// Once, with what room there is. zlib.h, inflate(): it reads `next_in` and writes `next_out`
  /// within the counts beside them, and keeps neither pointer after it returns.
  func step(_ input: Span<UInt8>, into output: inout [UInt8], from start: Int) -> Step {
    let given = min(input.count, Int(UInt32.max))
    return unsafe input.withUnsafeBufferPointer { source in
      unsafe output.withUnsafeMutableBufferPointer { target in
        let room = min(target.count - start, Int(UInt32.max))
        unsafe state.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
        unsafe state.pointee.avail_in = UInt32(given)
        unsafe state.pointee.next_out = target.baseAddress.map { unsafe $0 + start }
        unsafe state.pointee.avail_out = UInt32(room)
        let status = unsafe zlib(state)
        let consumed = given - Int(unsafe state.pointee.avail_in)
        let produced = room - Int(unsafe state.pointee.avail_out)
        unsafe state.pointee.next_in = nil
        unsafe state.pointee.next_out = nil
        let isFull = produced == room
        let end: Inflated.End? =
          switch status {
          case Z_STREAM_END: .whole
          case Z_OK where isFull || consumed > 0 || produced > 0: nil
          case Z_BUF_ERROR where isFull: nil
          case Z_OK, Z_BUF_ERROR: .cut
          default: .damaged
          }
        return Step(consumed: consumed, produced: produced, end: end)
      }
    }
  }

  private func zlib(_ state: UnsafeMutablePointer<z_stream>) -> Int32 {
    unsafe CZlib.inflate(state, Z_NO_FLUSH)
  }
}

package enum Deflate {
  /// zlib's default: a third of the time of the best, some percent larger.
  private static let level: Int32 = 6
  /// zlib's default too (zconf.h): 256 KB for one stream.
  private static let memoryLevel: Int32 = 8

  /// Compresses all of `input` into one bare stream (RFC 1951); nil when it would not fit into
  /// `limitBytes`.
  package static func deflate(_ input: Span<UInt8>, limitBytes: Int) -> [UInt8]? {
    guard limitBytes > 0, input.count < Int(UInt32.max) else { return nil }
    // On the heap, since zlib's state points back at it.
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    defer { unsafe stream.deallocate() }
    let status = unsafe deflateInit2_(
      stream, level, Z_DEFLATED, -15, memoryLevel, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else { return nil }
    defer { unsafe deflateEnd(stream) }
    var output = [UInt8](repeating: 0, count: min(limitBytes, input.count + 64))
    // One call with all input and all room: zlib keeps neither pointer after it returns, and stops
    // where the room ends.
    let end = unsafe input.withUnsafeBufferPointer { source in
      unsafe output.withUnsafeMutableBufferPointer { target in
        unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
        unsafe stream.pointee.avail_in = UInt32(source.count)
        unsafe stream.pointee.next_out = target.baseAddress
        unsafe stream.pointee.avail_out = UInt32(min(target.count, Int(UInt32.max)))
        return unsafe CZlib.deflate(stream, Z_FINISH)
      }
    }
    guard end == Z_STREAM_END else { return nil }
    output.removeLast(output.count - Int(unsafe stream.pointee.total_out))
    return output
  }
}
