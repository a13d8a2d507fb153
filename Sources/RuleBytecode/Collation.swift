// Collations: how texts compare (RFC 4790, RFC 5051). Compiler and machine both fold keys with
// these, so that a key known at compile time and one built at run time mean the same.

@_spi(_Unicode) internal import Swift

package enum Collation {
  /// Whether a text stands before (negative), with (zero) or behind another.
  package static func order(
    _ left: some Collection<UInt8>, _ right: some Collection<UInt8>, _ comparator: Comparator
  ) -> Int {
    switch comparator {
    case .octet: lexicographic(left, right)
    // RFC 4790 §9.2.1 folds to upper case, so that `_` stands behind all letters.
    case .asciiCasemap: lexicographic(left.lazy.map(\.upperASCII), right.lazy.map(\.upperASCII))
    case .asciiNumeric: numeric(left, right)
    case .unicodeCasemap: lexicographic(unicodeFolded(left), unicodeFolded(right))
    }
  }

  private static func lexicographic(
    _ left: some Sequence<UInt8>, _ right: some Sequence<UInt8>
  ) -> Int {
    var rest = right.makeIterator()
    for byte in left {
      guard let other = rest.next() else { return 1 }
      if byte != other { return byte < other ? -1 : 1 }
    }
    return rest.next() == nil ? 0 : -1
  }

  // MARK: i;ascii-numeric

  /// RFC 4790 §9.1.1: the leading digits are the number, of any length; a text that begins with
  /// none is positive infinity, and all of those are equal.
  private static func numeric(
    _ left: some Collection<UInt8>, _ right: some Collection<UInt8>
  ) -> Int {
    let (left, right) = (digits(of: left), digits(of: right))
    guard let left else { return right == nil ? 0 : 1 }
    guard let right else { return -1 }
    if left.count != right.count { return left.count < right.count ? -1 : 1 }
    return lexicographic(left, right)
  }

  /// Without leading zeros; nil when there is no digit at all.
  private static func digits(of text: some Collection<UInt8>) -> [UInt8]? {
    let digits = text.prefix { $0 >= 48 && $0 <= 57 }
    return digits.isEmpty ? nil : Array(digits.drop { $0 == 48 })
  }

  // MARK: i;unicode-casemap

  /// RFC 5051 §2: each character in its simple title case, decomposed. Bytes that are no UTF-8
  /// stay what they are, and equal themselves only.
  package static func unicodeFolded(_ bytes: some Collection<UInt8>) -> [UInt8] {
    unicodeFold(bytes).bytes
  }

  /// The same, with the place in the source that each byte comes from, and one more for the end.
  package static func unicodeFold(
    _ bytes: some Collection<UInt8>
  ) -> (bytes: [UInt8], places: [Int]) {
    var folded: [UInt8] = []
    var places: [Int] = []
    folded.reserveCapacity(bytes.count)
    places.reserveCapacity(bytes.count + 1)
    let source = Array(bytes)
    var at = 0
    while at < source.count {
      let first = source[at]
      guard first >= 0x80 else {
        folded.append(first.upperASCII)
        places.append(at)
        at += 1
        continue
      }
      var decoder = UTF8()
      var rest = source[at...].makeIterator()
      let length: Int
      if case .scalarValue(let scalar) = decoder.decode(&rest) {
        length = UTF8.width(scalar)
        for byte in titleCased(scalar) { folded.append(byte) }
      } else {
        length = 1
        folded.append(first)
      }
      for _ in places.count..<folded.count { places.append(at) }
      at += length
    }
    places.append(source.count)
    return (folded, places)
  }

  private static func titleCased(_ scalar: Unicode.Scalar) -> [UInt8] {
    let mapped = scalar.properties.titlecaseMapping
    // The simple mapping is the one of one character; "ß" has none and stays.
    let simple = mapped.unicodeScalars.count == 1 ? mapped : String(scalar)
    return simple._nfd.flatMap { UTF8.encode($0).map(Array.init) ?? [] }
  }
}

extension UInt8 {
  /// Upper case for ASCII letters, itself else.
  fileprivate var upperASCII: UInt8 { self &- 97 < 26 ? self & 0xDF : self }
}
