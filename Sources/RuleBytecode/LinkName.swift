// The file name behind a link. Rules see it in `${link.url}` before the store makes the file, so
// both take it from here. It comes from mail: one plain path component is made of it.

package enum LinkName {
  package static let bytesMax = 200
  /// Of an ending that a cut leaves in place.
  private static let endingBytesMax = 16

  /// A name that a file can have and a reader can see: no separators of paths, no controls, no
  /// marks that turn the direction of text, no dot in front; never empty.
  package static func safe(_ name: String) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in name.unicodeScalars { scalars.append(isPlain(scalar) ? scalar : "_") }
    if scalars.first == "." {
      scalars.replaceSubrange(scalars.startIndex...scalars.startIndex, with: "_".unicodeScalars)
    }
    let text = String(scalars)
    if text.isEmpty { return "file" }
    if text.utf8.count <= bytesMax { return text }
    guard let dot = text.lastIndex(of: "."), text[dot...].utf8.count <= endingBytesMax else {
      return cut(text, bytesMax)
    }
    let ending = text[dot...]
    return cut(text, bytesMax - ending.utf8.count) + ending
  }

  private static func cut(_ text: String, _ count: Int) -> String {
    var end = text.utf8.index(text.startIndex, offsetBy: count)
    while end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
    return String(text[..<end])
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    if scalar == "/" || scalar == "\\" { return false }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: return false
    default: return true
    }
  }
}
