// What holds of the ranges of every message, however broken.

import MailMessage
import Testing

func checkRanges(_ message: MailMessage, _ location: SourceLocation = #_sourceLocation) {
  for (index, part) in message.parts.enumerated() {
    #expect(part.header.upperBound == part.body.lowerBound, sourceLocation: location)
    #expect(part.outer.lowerBound <= part.header.lowerBound, sourceLocation: location)
    #expect(part.outer.upperBound >= part.body.upperBound, sourceLocation: location)
    #expect(part.body.upperBound <= message.bytes.count, sourceLocation: location)
    #expect(part.reading == 0, sourceLocation: location)
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

private func checkChildren(_ message: MailMessage, _ index: Int, _ location: SourceLocation) {
  let part = message.parts[index]
  var end = part.body.lowerBound
  for (ordinal, child) in part.children.enumerated() {
    let inner = message.parts[child]
    #expect(child > index && inner.parent == index, sourceLocation: location)
    #expect(inner.path == "\(part.path).\(ordinal + 1)", sourceLocation: location)
    #expect(inner.depth == part.depth + 1, sourceLocation: location)
    #expect(inner.outer.lowerBound >= end, sourceLocation: location)
    #expect(inner.outer.upperBound <= part.body.upperBound, sourceLocation: location)
    end = inner.outer.upperBound
  }
}
