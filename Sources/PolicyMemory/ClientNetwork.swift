// The network that a greylist takes a client for: senders' farms try again from a neighbour.
internal import RuleBytecode

enum ClientNetwork {
  /// `192.0.2.0/24`, `2001:db8:0:1:0:0:0:0/64`; a client without one is taken as named.
  static func text(of client: String, net4Bits: Int, net6Bits: Int) -> String {
    guard let address = IPAddress(client) else { return client }
    let bits =
      address.isIPv4 ? 96 + min(max(net4Bits, 0), 32) : min(max(net6Bits, 0), 128)
    let bytes = address.bytes.enumerated().map { at, byte in
      let kept = min(max(bits - at * 8, 0), 8)
      return byte & UInt8(truncatingIfNeeded: 0xff00 >> kept)
    }
    if address.isIPv4 {
      return bytes[12...].map(String.init).joined(separator: ".") + "/\(bits - 96)"
    }
    let groups = stride(from: 0, to: 16, by: 2).map { at in
      String(Int(bytes[at]) << 8 | Int(bytes[at + 1]), radix: 16)
    }
    return groups.joined(separator: ":") + "/\(bits)"
  }
}
