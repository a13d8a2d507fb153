// Servers that start processes of their own and change their user: none may outlive the tests.

enum ServerFamily {
  /// The command in a process namespace of its own. Whoever changes its user is no longer told of
  /// its parent's death (prctl(2), PR_SET_PDEATHSIG); the shell, which is process 1 there, is, and
  /// with it the kernel ends all others. So the end is always SIGKILL.
  static func command(_ arguments: [String]) -> [String] {
    ["unshare", "--pid", "--fork", "--kill-child=KILL", "sh", "-c", "\"$@\"; exit $?", "sh"]
      + arguments
  }

  /// Whether somebody listens there.
  static func takes(_ port: UInt16) -> Bool {
    (try? Posix.connectToLoopback(port: port, from: "127.0.0.1")) != nil
  }
}
