// How a thread that writes what others hand to it ends.
internal import NIOPosix

extension NIOThreadPool {
  /// For a pool of one thread: does all that was submitted, then ends. Shutting it down alone would
  /// run what waits elsewhere, beside the thread, and not wait for that.
  func finish() async {
    try? await runIfActive {}
    try? await shutdownGracefully()
  }
}
