// What files are, asked as rules ask, for benchmarks.
internal import FileTypes
internal import MailMessage

/// The decoded contents of the parts of some messages, to be asked for their kinds.
public struct TypeQuestions: ~Copyable {
  private let contents: [[UInt8]]
  private var detector = FileTypeDetector()

  public init(_ messages: [[UInt8]]) {
    var contents: [[UInt8]] = []
    for message in messages.map({ MailMessage($0) }) {
      for (index, part) in message.parts.enumerated() where !part.isContainer {
        var content: [UInt8] = []
        _ = message.appendDecodedBody(of: index, to: &content)
        contents.append(content)
      }
    }
    self.contents = contents
  }

  public var count: Int { contents.count }

  /// Questions that went to libmagic so far.
  public var magicQuestions: Int { detector.magicQuestions }

  /// Asks for every kind of every part; returns how many there are.
  public mutating func ask() -> Int {
    var kinds = 0
    for content in contents {
      guard let kind = try? detector.kind(of: content.span) else { continue }
      kinds += 1 + FurtherKinds(of: content.span, primary: kind).kinds.count
    }
    return kinds
  }

  /// Asks libmagic as well; returns the parts that it knows and takes for another kind.
  public mutating func disagreements() -> Int {
    contents.reduce(0) { sum, content in
      let kind = try? detector.kind(of: content.span)
      let magic = (try? detector.magicMIMEType(of: content.span)) ?? ""
      let known = FileKind.kind(ofMIMEType: magic)
      return sum + (known == .other || known == kind ? 0 : 1)
    }
  }
}
