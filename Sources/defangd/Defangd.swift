// `defangd`: the daemon. All of it is in Service.
import Service

@main
enum Defangd {
  static func main() { DaemonCommand.start() }
}
