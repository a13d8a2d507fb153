// Work on a thread with little stack, so that recursion over the input shows.

import Foundation

enum SmallStack {
  /// Half of what threads have in musl, a sixteenth of glibc's default for the main thread.
  private static let bytes = 256 << 10

  static func run(_ work: @escaping @Sendable () -> Int) async -> Int {
    await withCheckedContinuation { continuation in
      let thread = Thread { continuation.resume(returning: work()) }
      thread.stackSize = bytes
      thread.start()
    }
  }
}
