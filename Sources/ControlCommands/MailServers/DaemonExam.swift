// Whether the daemon runs, by the policy that lies on the disk, with what it needs.
internal import FoundationEssentials
internal import RuleBytecode

struct DaemonExam {
  private struct Status: Decodable {
    struct Worker: Decodable { let stage: String }
    struct Reload: Decodable { let failure: String? }

    let policy: String
    let process: Int
    let version: String?
    let workers: [Worker]
    let reload: Reload
  }

  let settings: FilterSettings
  private let policyName: String?
  private let status: Status?
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
      let line = try options.ask("status")
      status = try? JSONDecoder().decode(Status.self, from: Data(line))
      problem =
        status == nil
        ? .error("the daemon is of another version", fix: "systemctl restart defangd") : nil
    } catch {
      status = nil
      problem = .error(
        error.message, fix: "systemctl start defangd; why it ended: journalctl -u defangd")
    }
  }

  var isRunning: Bool { status != nil }

  var findings: [Finding] {
    guard let status else { return problem.map { [$0] } ?? [] }
    var found: [Finding] = []
    if !status.workers.contains(where: { $0.stage == "serving" }) {
      found.append(
        .error(
          "no worker serves: all mail is answered 451",
          fix: "see why in the log: journalctl -u defangd"))
    }
    if let version = status.version, version != Defang.version {
      found.append(
        .warning(
          "the daemon that runs is version \(version), this is \(Defang.version)",
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
    let wanted = settings.limits.sessions + Self.otherDescriptors
    guard let most = PlaceFacts.openFilesMax(of: process), most < wanted else { return [] }
    return [
      .warning(
        "the daemon may have \(most) files open, and \(settings.limits.sessions) sessions need"
          + " \(wanted)",
        fix: "LimitNOFILE=\(wanted) in its unit, or fewer: limits :sessions")
    ]
  }

  /// As the daemon counts: for scanners, name servers, tables and stores.
  private static let otherDescriptors = 512

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
