// Whether the daemon runs, by the policy that lies on the disk, with what it needs.
internal import Programs
internal import RuleBytecode

struct DaemonExam {
  let settings: FilterSettings
  private let policyName: String?
  private let status: DaemonStatus?
  private let problem: Finding?

  /// - Parameter control: where it is asked; the configuration's socket if nil.
  init(settings: FilterSettings, control: String?, policyName: String?) {
    self.settings = settings
    self.policyName = policyName
    guard let path = control ?? settings.controlPath else {
      status = nil
      problem = .warning(
        "nobody can ask the daemon: the configuration has no control socket",
        fix: "listen :control \"unix:/run/defang/control.sock\" :mode \"0660\";")
      return
    }
    var options = DaemonOptions()
    options.control = path
    options.json = false
    do throws(ControlFailure) {
      status = try options.ask("status", as: DaemonStatus.self)
      problem = nil
    } catch {
      status = nil
      let fix =
        error.code == ControlFailure.protocolError
        ? "systemctl restart defangd"
        : "systemctl start defangd; why it ended: journalctl -u defangd"
      problem = .error(error.message, fix: fix)
    }
  }

  var isRunning: Bool { status != nil }

  var findings: [Finding] {
    guard let status else { return problem.map { [$0] } ?? [] }
    var found: [Finding] = []
    if !status.isServing {
      found.append(
        .error(
          "no worker serves: all mail is answered 451",
          fix: "see why in the log: journalctl -u defangd"))
    }
    if status.version != Defang.version {
      found.append(
        .warning(
          "the daemon that runs is version \(status.version), this is \(Defang.version)",
          fix: "systemctl restart defangd"))
    }
    if let failure = status.reload.failure {
      found.append(
        .warning("the latest reload was refused: \(failure)", fix: "mend it, then defangctl reload")
      )
    } else if let policyName, policyName != status.policy {
      found.append(
        .warning(
          "the policy that serves (\(status.policy)) is not the one of the files (\(policyName))",
          fix: "defangctl reload"))
    }
    return found + descriptors(status.process) + staleImage
  }

  private func descriptors(_ process: Int) -> [Finding] {
    let wanted = OpenFiles.needed(for: settings.limits.sessions)
    guard let most = PlaceFacts.openFilesMax(of: process), most < wanted else { return [] }
    return [
      .warning(
        "the daemon may have \(most) files open, and \(settings.limits.sessions) sessions need"
          + " \(wanted)",
        fix: "LimitNOFILE=\(wanted) in its unit, or fewer: limits :sessions")
    ]
  }

  /// An image beside rules that are younger.
  private var staleImage: [Finding] {
    guard let path = settings.rules.value.first, path.hasSuffix(".drc") else { return [] }
    let source = path.dropLast(4) + ".rules"
    guard let image = PlaceFacts.of(path), let rules = PlaceFacts.of(String(source)),
      rules.changedSeconds > image.changedSeconds
    else { return [] }
    return [
      .warning(
        "the image \(path) is older than \(source)",
        fix: "defang-rulec -o \(path) \(source) && defangctl reload")
    ]
  }
}
