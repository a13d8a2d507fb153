// Random messages and random plans: what is not named stays byte by byte, and the result, read
// again, has the parts that the plan says. The expectation is computed on a tree, not on ranges.

import MailEdits
import MailMessage
import Testing

/// A message as a tree; `index` is the part's place in `MailMessage.parts`.
private indirect enum Tree {
  case leaf(index: Int, raw: String)
  case container(
    index: Int, isMessage: Bool, isSealed: Bool, children: [Tree], isMultipartRoot: Bool)

  var index: Int {
    switch self {
    case .leaf(let index, _), .container(let index, _, _, _, _): index
    }
  }
}

private struct Generator {
  var random: Random
  var count = 0
  private var boundaries = 0

  init(seed: UInt64) { random = Random(seed: seed) }

  /// A part with its header (without a mail header), and its tree.
  mutating func part(depth: Int, mailHeader: String = "") -> (text: String, tree: Tree) {
    let index = count
    count += 1
    switch Int.random(in: 0..<(depth > 3 ? 4 : 8), using: &random) {
    case 0...3: return leaf(index, mailHeader)
    case 4 where !mailHeader.isEmpty: return leaf(index, mailHeader)
    case 4:
      let inner = part(depth: depth + 1, mailHeader: "Subject: inner \(index)\n")
      return (
        "Content-Type: message/rfc822\n\n" + inner.text,
        .container(
          index: index, isMessage: true, isSealed: false, children: [inner.tree],
          isMultipartRoot: false)
      )
    default: return multipart(index, depth, mailHeader)
    }
  }

  private mutating func leaf(_ index: Int, _ mailHeader: String) -> (String, Tree) {
    let bodies = [
      "leaf \(index)", "leaf \(index)\n", "\nleaf \(index) é\n\n", "leaf \(index)\n--x\n",
    ]
    let body = bodies.randomElement(using: &random) ?? ""
    let headers = ["", "Content-Type: text/plain\n", "Content-Type: image/png;\n name=a\nX: y\n"]
    let header = mailHeader + (headers.randomElement(using: &random) ?? "")
    return (header + "\n" + body, .leaf(index: index, raw: header + "\n" + body))
  }

  private mutating func multipart(
    _ index: Int, _ depth: Int, _ mailHeader: String
  ) -> (String, Tree) {
    boundaries += 1
    let boundary = "b\(boundaries)."
    let isSealed = Int.random(in: 0..<6, using: &random) == 0
    let types = ["mixed", "alternative", "related"]
    let type = isSealed ? "signed" : types.randomElement(using: &random) ?? ""
    var text = mailHeader + "Content-Type: multipart/\(type); boundary=\"\(boundary)\"\n\n"
    if Bool.random(using: &random) { text += "preamble\n" }
    var children: [Tree] = []
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      let child = part(depth: depth + 1)
      text += "--\(boundary)\n\(child.text)\n"
      children.append(child.tree)
    }
    let isClosed = Int.random(in: 0..<4, using: &random) > 0
    if isClosed { text += "--\(boundary)--" } else { text.removeLast() }
    if isClosed, Bool.random(using: &random) { text += "\nepilogue" }
    return (
      text,
      .container(
        index: index, isMessage: false, isSealed: isSealed, children: children,
        isMultipartRoot: true)
    )
  }
}

private enum Leaf: Equatable {
  case kept(String)
  case written(String)
}

@Suite struct RandomPlanTests {
  @Test(arguments: 0..<400)
  func bytesAndStructure(_ seed: Int) {
    var generator = Generator(seed: UInt64(seed))
    let (source, tree) = generator.part(depth: 0, mailHeader: "Subject: top\nX-Lines: 1\n")
    let message = MailMessage(crlf(source))
    #expect(message.parts.count == generator.count)
    var edits: [Int: PartEdit] = [:]
    var plan = EditPlan()
    for _ in 0..<Int.random(in: 0...3, using: &generator.random) {
      let part = Int.random(in: 0..<message.parts.count, using: &generator.random)
      let edit: PartEdit =
        Bool.random(using: &generator.random)
        ? .drop : .replace(Replacement(text: Array("new \(part)".utf8)))
      edits[part] = edit
      plan.edit(part: part, edit)
    }
    let warns = Int.random(in: 0..<3, using: &generator.random) == 0
    if warns { plan.warn("warning") }
    if Bool.random(using: &generator.random) {
      plan.edit(header: .add(name: "X-New", value: [0x31], last: false))
    }
    let edited = plan.apply(to: message)
    expectDisjoint(edited, message)
    // A text before signed mail is refused, unless a rule puts something else in its place.
    let isSealed = message.parts[0].contentType.name == "multipart/signed"
    expectLeaves(tree, edits, warns && !isSealed, edited)
  }

  private func expectDisjoint(_ edited: EditedMessage, _ message: MailMessage) {
    var position = 0
    var rebuilt: [UInt8] = []
    for replacement in edited.replacements {
      #expect(replacement.range.lowerBound >= position)
      rebuilt += message.bytes[position..<replacement.range.lowerBound] + replacement.bytes
      position = replacement.range.upperBound
    }
    rebuilt += message.bytes[position...]
    #expect(rebuilt == edited.bytes())
    let touchesBody = edited.replacements.contains { $0.range.upperBound > message.headerEnd }
    if touchesBody { #expect(edited.newBody != nil) }
  }

  private func expectLeaves(
    _ tree: Tree, _ edits: [Int: PartEdit], _ warns: Bool, _ edited: EditedMessage
  ) {
    let read = MailMessage(edited.bytes())
    var expected = outcome(tree, edits, isSealed: false, isRoot: true) ?? [.written("")]
    if warns {
      if expected == [.written("")] { expected = [] }
      expected.insert(.written("warning\r\n"), at: 0)
    }
    let leaves = read.parts.indices.filter { read.parts[$0].children.isEmpty }
    #expect(leaves.count == expected.count, "\(text(read.bytes) ?? "")")
    for (leaf, want) in zip(leaves, expected) {
      switch want {
      case .written(let text): #expect(read.decoded(leaf) == text)
      case .kept(let raw):
        // The top's own header may have changed, and moves when it is wrapped.
        let part = read.parts[leaf]
        let have = text(Array(read.bytes[part.extent])) ?? ""
        if tree.index == 0, case .leaf = tree {
          #expect(
            have.hasSuffix(
              raw.split(separator: "\n\n", maxSplits: 1, omittingEmptySubsequences: false)[1]))
        } else {
          #expect(have == raw)
        }
      }
    }
  }

  /// The leaves that are left, or nil where the part goes.
  private func outcome(
    _ tree: Tree, _ edits: [Int: PartEdit], isSealed: Bool, isRoot: Bool
  ) -> [Leaf]? {
    let seals: Bool
    if case .container(_, _, let own, _, _) = tree {
      seals = isSealed || own
    } else {
      seals = isSealed
    }
    if !seals {
      switch edits[tree.index] {
      case .drop: return isRoot ? [.written("")] : nil
      case .replace(let replacement):
        return [.written(String(decoding: replacement.text, as: UTF8.self) + "\r\n")]
      default: break
      }
    }
    switch tree {
    case .leaf(_, let raw): return [.kept(raw)]
    case .container(_, let isMessage, _, let children, _):
      let left = children.compactMap {
        outcome($0, edits, isSealed: seals, isRoot: isMessage)
      }
      if left.isEmpty { return isRoot ? [.written("")] : nil }
      return Array(left.joined())
    }
  }
}
