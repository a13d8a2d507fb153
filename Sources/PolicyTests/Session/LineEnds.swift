// Messages in files have the line ends of their system; mail has CRLF.

package enum LineEnds {
  package static func asCRLF(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + bytes.count / 32)
    var previous: UInt8 = 0
    for byte in bytes {
      if byte == 10, previous != 13 { result.append(13) }
      result.append(byte)
      previous = byte
    }
    return result
  }
}
