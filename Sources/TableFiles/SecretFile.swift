// A password in a file of its own, which nobody else may read.

package enum SecretFile {
  static let bytesMax = 1_024

  /// The first line, without its end.
  package static func read(_ path: String) throws(TableFileFailure) -> String {
    let file = try OpenFile(path)
    guard file.isPrivate else { throw .denied("\(path) can be read by others: chmod 600") }
    guard file.facts.size <= bytesMax else {
      throw .tooLong("\(path) is longer than \(bytesMax) bytes")
    }
    let line = try file.read(at: 0, count: file.facts.size).prefix { $0 != 10 && $0 != 13 }
    guard !line.isEmpty, !line.contains(0) else { throw .broken("\(path) holds no password") }
    return String(decoding: line, as: UTF8.self)
  }
}
