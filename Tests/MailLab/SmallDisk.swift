// A file system of its own, small enough to be full at once, that can be made read-only. Needs
// root, as the mail servers do.
import Foundation

package final class SmallDisk: Sendable {
  package let path: String
  private let directory: LabDirectory

  package init(kilobytes: Int) throws {
    directory = try LabDirectory()
    path = try directory.makeDirectory("disk")
    try run(["mount", "-t", "tmpfs", "-o", "mode=0700,size=\(kilobytes)k", "tmpfs", path])
  }

  deinit {
    // A view that was left lies above it.
    for _ in 0..<2 { try? run(["umount", "--lazy", path]) }
  }

  /// Takes all that is left.
  package func fill() throws {
    try run(["sh", "-c", "cat /dev/zero >\"$0/filling\" 2>/dev/null; test -s \"$0/filling\"", path])
  }

  package func makeRoom() throws { try FileManager.default.removeItem(atPath: path + "/filling") }

  /// From now on nothing can be made or changed by its name. The kernel lets nobody turn a whole
  /// file system read-only while a file is open for writing, but for errors of its disk; so the
  /// folder is covered by a read-only view of itself.
  package func makeReadOnly() throws {
    // Made aside, where nobody can open a file for writing before it is read-only.
    let view = try directory.makeDirectory("view")
    try run(["mount", "--bind", path, view])
    try run(["mount", "-o", "remount,bind,ro", view])
    try run(["mount", "--bind", view, path])
    try run(["umount", "--lazy", view])
  }

  package func makeWritable() throws { try run(["umount", "--lazy", path]) }

  private func run(_ words: [String]) throws {
    let status = try ChildProcess.run(words, outputPath: directory.path + "/output")
    guard status == .code(0) else {
      throw LabError("\(words): \(status) \(directory.text("output"))")
    }
  }
}
