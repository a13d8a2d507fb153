// Which parts are inside of which. Parts of the standard reading are listed depth first, those of
// alternative readings behind all of them: so what is inside of a part need not stand side by side.
internal import MailMessage

/// The nesting of a message's parts, asked in constant time.
struct PartTree {
  /// Places in a walk that takes each part's inside before its siblings: a part's inside lies
  /// between the two.
  private var starts: [Int32]
  private var ends: [Int32]
  /// The highest index inside of each part, or its own.
  private var lasts: [Int32]
  var count: Int { starts.count }

  /// Two passes, since a part stands behind its parent.
  init(_ parts: [Part]) {
    starts = [Int32](repeating: 0, count: parts.count)
    lasts = parts.indices.map { Int32($0) }
    var sizes = [Int32](repeating: 1, count: parts.count)
    for index in parts.indices.reversed() {
      guard let parent = parts[index].parent else { continue }
      sizes[parent] += sizes[index]
      lasts[parent] = max(lasts[parent], lasts[index])
    }
    var free: Int32 = 0
    var freeInside = [Int32](repeating: 0, count: parts.count)
    for index in parts.indices {
      if let parent = parts[index].parent {
        starts[index] = freeInside[parent]
        freeInside[parent] += sizes[index]
      } else {
        starts[index] = free
        free += sizes[index]
      }
      freeInside[index] = starts[index] + 1
    }
    ends = zip(starts, sizes).map { $0 + $1 }
  }

  func isInside(_ part: Int, of container: Int) -> Bool {
    starts[part] > starts[container] && starts[part] < ends[container]
  }

  func lastInside(_ container: Int) -> Int { Int(lasts[container]) }
}
