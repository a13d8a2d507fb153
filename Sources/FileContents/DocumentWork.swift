// What the readers of one document share: what was found, what may still be spent, and the files
// inside that are to be looked into as well.
internal import RuleBytecode

struct DocumentWork {
  /// A file inside of another.
  struct Inner {
    let bytes: [UInt8]
    let hints: DocumentHints
    let depth: Int
  }

  var findings = ContentFindings()
  var budget: DocumentBudget
  private(set) var inner: [Inner] = []
  /// How deep the file at hand is.
  private var depth = 0
  private var innerBytes = 0
  let limits: DocumentLimits

  init(_ budget: DocumentBudget, _ limits: DocumentLimits) {
    self.budget = budget
    self.limits = limits
  }

  /// Looks into a file inside of this one later.
  mutating func add(_ bytes: [UInt8], _ hints: DocumentHints = DocumentHints()) {
    guard !bytes.isEmpty else { return }
    guard depth < limits.innerDepthMax else { return budget.hit(.archiveDepth) }
    guard innerBytes + bytes.count <= limits.innerBytesMax else {
      return budget.hit(.archiveBytes)
    }
    innerBytes += bytes.count
    inner.append(Inner(bytes: bytes, hints: hints, depth: depth + 1))
  }

  /// Looks for a document behind the head that objects have, and into it.
  mutating func addWrapped(_ bytes: [UInt8]) {
    let last = min(bytes.count, limits.objectHeadBytesMax) - CompoundFile.signature.count
    for start in 0...max(0, last) {
      let rest = bytes.span.extracting(droppingFirst: start)
      if CompoundFile.isLikely(rest) || ZipMark.at(0, rest) == .local || Signatures.isLink(rest) {
        return add(Array(bytes[start...]))
      }
    }
  }

  /// The beginning of a shortcut, without NULs.
  mutating func shortcut(_ bytes: Span<UInt8>) -> [UInt8] {
    let count = min(bytes.count, limits.shortcutBytesMax)
    if count < bytes.count { budget.hit(.archiveBytes) }
    var plain: [UInt8] = []
    plain.reserveCapacity(count)
    for index in 0..<count where bytes[index] != 0 { plain.append(bytes[index]) }
    return plain
  }

  /// The next file inside, whose depth then is the one at hand.
  mutating func next() -> Inner? {
    guard let next = inner.popLast() else { return nil }
    depth = next.depth
    innerBytes -= next.bytes.count
    return next
  }
}
