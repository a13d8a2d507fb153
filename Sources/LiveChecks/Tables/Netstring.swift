// Netstrings (D. J. Bernstein, cr.yp.to/proto/netstrings.txt): a length in digits, a colon, so many
// bytes, a comma. sendmail and Postfix speak them with socketmaps, in both directions.
package import NIOCore

package enum Netstring {
  package static func bytes(_ content: some Collection<UInt8>) -> [UInt8] {
    Array("\(content.count):".utf8) + content + [UInt8(ascii: ",")]
  }

  package enum Mistake: Error, Equatable {
    /// No length, or no comma at the end.
    case notOne
    case tooLong
  }

  /// Takes one from the buffer; nil when it is not whole yet.
  package static func take(
    from buffer: inout ByteBuffer, bytesMax: Int
  ) throws(Mistake) -> [UInt8]? {
    let view = buffer.readableBytesView
    let digits = view.prefix(digitsMax + 1).prefix { (48...57).contains($0) }
    guard digits.count <= digitsMax, digits.first != 48 || digits.count == 1 else { throw .notOne }
    guard let colon = view.dropFirst(digits.count).first else {
      return nil
    }
    guard colon == UInt8(ascii: ":"), !digits.isEmpty else { throw .notOne }
    let count = digits.reduce(0) { $0 * 10 + Int($1 - 48) }
    guard count <= bytesMax else { throw .tooLong }
    let rest = view.dropFirst(digits.count + 1)
    guard rest.count > count else { return nil }
    guard rest[rest.startIndex + count] == UInt8(ascii: ",") else { throw .notOne }
    buffer.moveReaderIndex(forwardBy: digits.count + count + 2)
    return Array(rest.prefix(count))
  }

  /// A length of more digits is none that we would take.
  private static let digitsMax = 9
}
