// `defang-rulec parts`: the message as the rules see it.
internal import ArgumentParser
internal import FileTypes
internal import MailMessage
internal import PolicyTests
internal import RuleVM

struct PartsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "parts",
    abstract: "Show a message's parts as the rules see them.",
    discussion: """
      Example:
        defang-rulec parts mail.eml --json
      """)

  @Argument(help: "The message; '-' is standard input.")
  var file: String
  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let bytes = try PolicyFiles.read(file, limit: 256 << 20)
    let message = MailMessage(LineEnds.asCRLF(bytes))
    var detector = FileTypeDetector()
    let parts = message.parts.indices.map { PartReport(message, $0, &detector) }
    let report = PartsReport(
      size: message.bytes.count, anomalies: message.anomalies.map(\.name),
      limits: message.limitsHit.map(\.name), parts: parts)
    Output.out(json ? JSONText.line(report) : report.text)
  }
}

struct PartsReport: Encodable {
  let size: Int
  let anomalies: [String]
  let limits: [String]
  let parts: [PartReport]

  var text: String {
    var lines = ["message of \(size) bytes, \(parts.count) parts"]
    if !anomalies.isEmpty { lines.append("odd: \(anomalies.joined(separator: ", "))") }
    if !limits.isEmpty { lines.append("limits hit: \(limits.joined(separator: ", "))") }
    lines += parts.flatMap(\.lines)
    return lines.map { TraceText.printable($0) + "\n" }.joined()
  }
}

struct PartReport: Encodable {
  let path: String
  let parent: String?
  let declared: String
  let sniffed: String?
  let kind: String?
  let reading: Int
  let name: String?
  let names: [String]
  let `extension`: String?
  let charset: String?
  let encoding: String?
  let disposition: String?
  let size: Int
  let depth: Int
  let anomalies: [String]

  init(_ message: MailMessage, _ index: Int, _ detector: inout FileTypeDetector) {
    let part = message.parts[index]
    var content: [UInt8] = []
    _ = message.appendDecodedBody(of: index, to: &content)
    path = part.path
    parent = part.parent.map { message.parts[$0].path }
    declared = part.contentType.name
    // A container is what its structure says (RuleVM answers rules in the same way).
    sniffed =
      part.isContainer ? part.contentType.name : try? detector.mimeType(of: content.span)
    kind = (part.isContainer ? FileKind.message : try? detector.kind(of: content.span))?.name
    reading = part.reading
    names = part.names
    name = names.first
    `extension` = name.map { FileName.extension(of: $0) }
    charset = part.charset
    encoding = part.encodingName
    disposition = part.disposition
    size = content.count
    depth = part.depth
    anomalies = part.anomalies.map(\.name)
  }

  var lines: [String] {
    let indent = String(repeating: "  ", count: depth)
    var first = "\(indent)\(path)  \(declared)"
    if let sniffed, sniffed != declared { first += "  (looks like \(sniffed))" }
    first += "  \(size) bytes"
    var result = [first]
    if !names.isEmpty {
      result.append("\(indent)    name: \(names.map { "\"\($0)\"" }.joined(separator: ", "))")
    }
    let details = [
      disposition.map { "disposition \($0)" }, encoding.map { "encoding \($0)" },
      charset.map { "charset \($0)" },
    ].compactMap { $0 }
    if !details.isEmpty { result.append("\(indent)    \(details.joined(separator: ", "))") }
    if !anomalies.isEmpty {
      result.append("\(indent)    odd: \(anomalies.joined(separator: ", "))")
    }
    return result
  }
}
