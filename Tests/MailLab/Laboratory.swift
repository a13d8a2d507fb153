// Where things are: the checkout, the unpacked mail servers, the programs under test, and private
// directories for what runs. Trusts the layout that tools/install-needs.sh makes.
import Foundation

/// A step of the laboratory itself that failed: a test that ends with this says nothing about the
/// mail filter.
package struct LabError: Error, CustomStringConvertible, Sendable {
  package let description: String

  package init(_ description: String) { self.description = description }
}

package enum Laboratory {
  /// The checkout: two directories above this source file.
  package static let checkout = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .path(percentEncoded: false).trimmingTrailingSlash()

  /// The unpacked mail servers.
  static let cache = checkout + "/.build-mta"

  /// The directory the running program was built into, where the programs under test are too.
  package static let products: String = {
    let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return ((own ?? CommandLine.arguments[0]) as NSString).deletingLastPathComponent
  }()

  /// The same without holding the thread, which others may need to bring it about.
  package static func eventually(
    timeoutSeconds: Double = 60, _ condition: () -> Bool
  ) async -> Bool {
    let clock = ContinuousClock()
    let end = clock.now + .seconds(timeoutSeconds)
    while !condition() {
      guard clock.now < end else { return false }
      try? await Task.sleep(for: .milliseconds(5))
    }
    return true
  }

  /// Asks every 5 ms; the time limit only bounds a failure.
  package static func waitUntil(
    timeoutSeconds: Double, _ condition: () throws -> Bool
  ) rethrows -> Bool {
    let clock = ContinuousClock()
    let end = clock.now + .seconds(timeoutSeconds)
    while try !condition() {
      if clock.now > end { return false }
      Posix.pause(milliseconds: 5)
    }
    return true
  }

  /// What a caller must have before a mail server can run; the text says how to get it.
  static func requireServers() throws(LabError) {
    guard getuid() == 0 else { throw LabError("the mail servers need root (namespaces, mounts)") }
    guard FileManager.default.fileExists(atPath: cache + "/stamp-1") else {
      throw LabError("no mail servers in \(cache): run tools/install-needs.sh")
    }
  }
}

/// A private directory, gone with its owner. It lies under /run because sendmail refuses a socket
/// below a directory that others may write, as /tmp is, and because socket paths are short.
package final class LabDirectory: Sendable {
  package let path: String

  private static let prefix = "defang-lab."

  /// Once for each process: what processes that were killed have left behind.
  private static let sweep: Void = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/run")) ?? []
    for name in names where name.hasPrefix(prefix) {
      let owner = name.dropFirst(prefix.count).prefix { $0 != "." }
      guard !FileManager.default.fileExists(atPath: "/proc/\(owner)") else { continue }
      try? FileManager.default.removeItem(atPath: "/run/" + name)
    }
  }()

  package init() throws {
    _ = Self.sweep
    path = try Posix.makeDirectory(like: "/run/\(Self.prefix)\(getpid()).XXXXXX")
    try Posix.setMode(path, 0o711)
  }

  deinit {
    guard ProcessInfo.processInfo.environment["DEFANG_LAB_KEEP"] == nil else { return }
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Makes a directory and those above it.
  @discardableResult
  package func makeDirectory(_ name: String) throws -> String {
    let full = path + "/" + name
    try FileManager.default.createDirectory(atPath: full, withIntermediateDirectories: true)
    return full
  }

  @discardableResult
  package func write(_ name: String, _ text: String) throws -> String {
    let full = path + "/" + name
    try Data(text.utf8).write(to: URL(filePath: full))
    return full
  }

  package func text(_ name: String) -> String {
    let bytes = FileManager.default.contents(atPath: path + "/" + name) ?? Data()
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension String {
  func trimmingTrailingSlash() -> String {
    hasSuffix("/") ? String(dropLast()) : self
  }
}
