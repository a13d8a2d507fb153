// `defangctl`: what administrators do with the store. The commands are in ControlCommands.
import ControlCommands

@main
enum Main {
  static func main() async { await Defangctl.start() }
}
