// Switches: values that the policy reads as `${switch.NAME}`, set while it runs. They are kept in
// the state folder, so they outlast every process; sessions that begin from then on see them.
internal import JSONOutput
internal import Logging
internal import RuleBytecode
internal import Spelling
internal import Stores

/// The switches that a policy declares, with their first values.
struct DeclaredSwitches: Equatable, Sendable {
  let values: [String: String]

  init(_ program: Program) {
    let declared = program.declarations.filter { $0.role == .switch }
    values = Dictionary(
      declared.map { declaration in
        let value = program.arguments(of: declaration).first?.value ?? ""
        return (program.string(declaration.name), value)
      }, uniquingKeysWith: { first, _ in first })
  }

  /// Why a name is none of them; nil when it is one.
  func problem(with name: String) -> StartFailure? {
    guard values[name] == nil else { return nil }
    let known = values.keys.sorted()
    let hint =
      Nearest.name(to: name, among: known).map { "; did you mean '\($0)'?" }
      ?? (known.isEmpty ? "; it has none" : "; it has \(known.prefix(20).joined(separator: ", "))")
    return StartFailure(
      code: 66,
      message: "the policy has no switch '\(name.prefix(SwitchStore.nameBytesMax))'\(hint)")
  }
}

extension Master {
  func setSwitch(_ question: Question) throws(StartFailure) {
    guard let name = question["name"] else {
      throw StartFailure(code: 64, message: "which switch?")
    }
    let value = question["value"]
    // One that is forgotten may be of a former policy.
    if value != nil, let problem = image.switches.problem(with: name) { throw problem }
    let actor = StoreActor(
      userNumber: Int(question.peer.user ?? .max), name: question.peer.name)
    do throws(StoreFailure) {
      try SwitchStore(directory: plan.settings.state.value)
        .set(name, to: value, by: actor, nowSeconds: WallClock.seconds)
    } catch {
      throw StartFailure(code: 75, message: error.message)
    }
    let what = value.map { "set to '\($0)'" } ?? "given back to the policy"
    Console.log("switch '\(name)' is \(what) by \(question.peer.name)", level: .notice)
    hub.tell(
      ControlEvent(
        "switch",
        [("name", .text(name)), ("value", .text(orNull: value)), ("by", .text(actor.name))]))
    question.answer(.done([("name", .text(name)), ("value", .text(orNull: value))]))
  }

  /// Those of the policy, with what holds and who said so.
  var switchMembers: OrderedJSON {
    let store = SwitchStore(directory: plan.settings.state.value)
    let settings = (try? store.settings()) ?? []
    let set = Dictionary(settings.map { ($0.name, $0) }) { first, _ in first }
    let declared = image.switches.values.sorted { $0.key < $1.key }
    return .list(
      declared.map { name, first in
        .object([
          ("name", .text(name)), ("value", .text(set[name]?.value ?? first)),
          ("set", .truth(set[name] != nil)),
        ])
      })
  }
}
