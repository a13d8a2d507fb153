// A file of random bytes below the state folder that is made once and never told: several processes
// may ask for it at the same moment, and all get the same bytes.

package enum SecretFile {
  /// Reads a secret; makes it where there is none.
  package static func bytes(
    named name: String, count: Int, in folder: String
  ) throws(StateFault) -> [UInt8] {
    let path = folder + "/" + name
    if !StateFiles.exists(path) { try make(path, name, count, in: folder) }
    let bytes = try StateFiles.readSecret(path, bytesMax: count)
    guard bytes.count == count else { throw .badContent(path, "it must have \(count) bytes") }
    return bytes
  }

  private static func make(
    _ path: String, _ name: String, _ count: Int, in folder: String
  ) throws(StateFault) {
    let temporary = folder + "/." + name + "." + RandomText.make(byteCount: 8)
    try StateFiles.write([RandomText.bytes(count)], to: temporary)
    // A link never takes the place of what another process has made meanwhile.
    do throws(StateFault) {
      _ = try StateFiles.link(temporary, path)
      try StateFiles.remove(temporary)
    } catch {
      try? StateFiles.remove(temporary)
      throw error
    }
    try StateFiles.syncFolder(folder)
  }
}
