// What holds of the ranges of every message, however broken.

import MailMessage
import Testing

func checkRanges(_ message: MailMessage, _ location: SourceLocation = #_sourceLocation) {
  for (index, part) in message.parts.enumerated() {
    #expect(part.header.upperBound == part.body.lowerBound, sourceLocation: location)
    #expect(part.outer.lowerBound <= part.header.lowerBound, sourceLocation: location)
    #expect(part.outer.upperBound >= part.body.upperBound, sourceLocation: location)
    #expect(part.body.upperBound <= part.bytes.count, sourceLocation: location)
    checkReading(message, index, location)
    checkChildren(message, index, location)
    for field in part.fields {
      #expect(part.header.lowerBound <= field.line.lowerBound, sourceLocation: location)
      #expect(field.name.upperBound <= field.value.lowerBound, sourceLocation: location)
      #expect(field.value.upperBound <= field.line.upperBound, sourceLocation: location)
      #expect(field.line.upperBound <= part.header.upperBound, sourceLocation: location)
    }
  }
  #expect(message.parts[0].path == "1" && message.parts[0].parent == nil)
}

/// A part of another reading comes after all of the standards' one, and shares bytes with its
/// target, which is of that.
private func checkReading(_ message: MailMessage, _ index: Int, _ location: SourceLocation) {
  let part = message.parts[index]
  let target = message.parts[part.target]
  #expect(target.reading == 0 && target.isInMessage, sourceLocation: location)
  #expect(part.target <= index, sourceLocation: location)
  #expect(part.isInMessage == (part.bytes == message.bytes), sourceLocation: location)
  if index > 0, part.reading == 0 {
    #expect(message.parts[index - 1].reading == 0, sourceLocation: location)
  }
  guard let parent = part.parent else { return }
  #expect(parent < index && message.parts[parent].reading <= part.reading, sourceLocation: location)
  #expect(part.path.hasPrefix(message.parts[parent].path + "."), sourceLocation: location)
  let isListed = message.parts[parent].children.contains(index)
  #expect(isListed || part.reading > 0 || !part.isInMessage, sourceLocation: location)
}

private func checkChildren(_ message: MailMessage, _ index: Int, _ location: SourceLocation) {
  let part = message.parts[index]
  var end = part.body.lowerBound
  for (ordinal, child) in part.children.enumerated() {
    let inner = message.parts[child]
    #expect(child > index && inner.parent == index, sourceLocation: location)
    // What a reading shares with one before is left out of it.
    let isWhole = part.reading == 0
    #expect(inner.path == "\(part.path).\(ordinal + 1)" || !isWhole, sourceLocation: location)
    #expect(inner.depth == part.depth + 1, sourceLocation: location)
    guard inner.bytes == part.bytes else { continue }
    #expect(inner.outer.lowerBound >= end, sourceLocation: location)
    #expect(inner.outer.upperBound <= part.body.upperBound, sourceLocation: location)
    end = inner.outer.upperBound
  }
}
