// What the master tells its worker of a shadow: how much of the traffic, and the image.

struct ShadowOrder: Sendable {
  let share: ShadowShare
  let image: [UInt8]

  init(share: ShadowShare, image: [UInt8]) {
    self.share = share
    self.image = image
  }

  /// Nil for the empty order, which is none.
  init?(_ bytes: [UInt8]) throws(StartFailure) {
    if bytes.isEmpty { return nil }
    guard let end = bytes.firstIndex(of: 10),
      let share = ShadowShare(String(decoding: bytes[..<end], as: UTF8.self))
    else { throw StartFailure(code: 70, message: "this is no order of ours") }
    self.init(share: share, image: Array(bytes[(end + 1)...]))
  }

  var bytes: [UInt8] { Array((share.text + "\n").utf8) + image }
}
