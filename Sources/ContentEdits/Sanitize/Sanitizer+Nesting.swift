// Which elements end where: balanced tags out of whatever comes, near to what the tree construction
// of browsers makes of it (HTML Living Standard §13.2.6), and such that a page written so is
// written the same again.

extension Sanitizer {
  /// Ends what a start tag ends without saying so.
  mutating func endImplied(before element: PageElement) {
    if openCounts[Int(PageElement.p.rawValue)] > 0, ElementSet.endsParagraph.contains(element) {
      end(innermost: [.p], within: .scope)
    }
    switch element {
    case .li: end(innermost: [.li], within: .listScope)
    case .dd, .dt: end(innermost: [.dd, .dt], within: .termScope)
    case .a: end(innermost: [.a], within: .scope)
    case .tr: end(outermost: .rows, within: .tableScope)
    case .td, .th: end(outermost: .cells, within: .rowScope)
    case .tbody, .thead, .tfoot: end(outermost: .rowGroups, within: .tableScope)
    case .caption, .colgroup: end(outermost: [.caption, .colgroup], within: .tableScope)
    case .col: end(outermost: [.caption], within: .tableScope)
    case .h1, .h2, .h3, .h4, .h5, .h6: endTop(.headings)
    case .rt, .rp: endTop([.rt, .rp])
    default: break
    }
  }

  private mutating func endTop(_ set: ElementSet) {
    // What is not written does not count, or the next pass would see another top. Another of the
    // set can come to the top, where what stood between them ends as well.
    while let index = open.lastIndex(where: { !$0.tag.isEmpty }),
      set.contains(open[index].element)
    {
      close(downTo: index, keepsFormat: true)
    }
  }

  private mutating func end(innermost set: ElementSet, within scope: ElementSet) {
    for index in open.indices.reversed() {
      let element = open[index].element
      if set.contains(element) {
        return close(downTo: index, keepsFormat: element != .a)
      }
      if scope.contains(element) { return }
    }
  }

  private mutating func end(outermost set: ElementSet, within scope: ElementSet) {
    var found: Int?
    for index in open.indices.reversed() {
      let element = open[index].element
      if set.contains(element) { found = index } else if scope.contains(element) { break }
    }
    if let found { close(downTo: found, keepsFormat: false) }
  }

  /// An end tag.
  mutating func close(_ element: PageElement) {
    if let index = reopening.lastIndex(where: { $0.element == element }) {
      reopening.remove(at: index)
      return
    }
    // The frame ends with the page, whatever stands behind its end tags.
    guard openCounts[Int(element.rawValue)] > 0, element != .body, element != .html else { return }
    let isPart = ElementSet.tableParts.contains(element)
    let scope: ElementSet =
      isPart ? (ElementSet.cells.contains(element) ? .rowScope : .tableScope) : .scope
    let isInline = !isPart && !ElementSet.blocks.contains(element)
    var crossesBlock = false
    for index in open.indices.reversed() {
      let other = open[index].element
      if other == element {
        if isInline, crossesBlock {
          open[index].isEnding = true
        } else {
          close(downTo: index, keepsFormat: !isPart)
        }
        return
      }
      if scope.contains(other) { return }
      crossesBlock = crossesBlock || ElementSet.blocks.contains(other)
    }
  }

  /// Closes all but so many.
  ///
  /// - Parameter keepsFormat: Formatting elements that are closed before their time go on behind.
  mutating func close(downTo count: Int, keepsFormat: Bool) {
    var kept: [Open] = []
    while open.count > count || open.last?.isEnding == true {
      let entry = open.removeLast()
      openCounts[Int(entry.element.rawValue)] -= 1
      finish(entry)
      if keepsFormat, open.count > count, !entry.isEnding, isReopened(entry) { kept.append(entry) }
    }
    if keepsFormat {
      for entry in kept.reversed() where reopening.count < Self.reopeningMax {
        reopening.append(entry)
      }
    } else {
      reopening.removeAll()
    }
  }

  /// More at once is no text that anybody wrote.
  private static let reopeningMax = 8

  private func isReopened(_ entry: Open) -> Bool {
    ElementSet.formatting.contains(entry.element) && !entry.tag.isEmpty
      && entry.tag.count <= limits.reopenedTagBytesMax
  }

  private mutating func finish(_ entry: Open) {
    if let address = entry.address, !isShown(address, from: entry.tag.upperBound) {
      output += " &lt;".utf8
      Escape.append(value: address, to: &output)
      output += "&gt;".utf8
    }
    guard !entry.tag.isEmpty else { return }
    output += [60, 47]
    output += entry.element.name
    output.append(62)
  }

  /// Whether the link's text is its address.
  private func isShown(_ address: [UInt8], from start: Int) -> Bool {
    var text = output[start...]
    while let first = text.first, first <= 32 { text.removeFirst() }
    while let last = text.last, last <= 32 { text.removeLast() }
    guard text.count >= address.count else { return false }
    var escaped: [UInt8] = []
    Escape.append(value: address, to: &escaped)
    return text.elementsEqual(escaped)
  }

  /// Opens again what goes on.
  mutating func reopen() {
    guard !reopening.isEmpty else { return }
    let entries = reopening
    reopening.removeAll(keepingCapacity: true)
    for entry in entries where reopensLeft > 0 && open.count < limits.nestingMax {
      reopensLeft -= 1
      let start = output.count
      // A copy of its own: a slice would hold the whole output, and appending copy it.
      output += Array(output[entry.tag])
      push(Open(element: entry.element, tag: start..<output.count))
    }
  }
}
