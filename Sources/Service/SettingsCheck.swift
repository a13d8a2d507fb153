// What of the settings this machine cannot do: users, groups, folders and files that are not there.
// Nothing is made or changed by looking.
internal import FileTrust
internal import MilterBridge
internal import Programs
internal import UnixAddress

struct SettingsCheck {
  struct Finding: Equatable {
    var isWarning = false
    /// `FILE:LINE:COLUMN`; nil when the command line, or nobody, says it.
    let at: String?
    let text: String

    var line: String { "\(at ?? "defangd"): \(isWarning ? "warning" : "error"): \(text)" }
  }

  let settings: Settings

  var findings: [Finding] {
    listeners + accounts + folders + submission + resources
  }

  private var listeners: [Finding] {
    var found: [Finding] = []
    for listener in settings.listen {
      do {
        let address = try SocketAddressText(listener.value)
        if case .unix(let path) = address.place {
          try ListenSocket.check(path: path, group: listener.group)
        }
      } catch {
        found.append(Finding(at: listener.at, text: "\(error)"))
      }
    }
    if settings.engine.value == .libmilter, settings.milters.count > 1 {
      found.append(
        Finding(
          at: settings.milters[1].at,
          text: "libmilter serves one listener; take engine nio, or leave one out"))
    }
    return found
  }

  private var accounts: [Finding] {
    var found: [Finding] = []
    if let name = settings.user.value {
      if ProcessRights.user(name) == nil {
        found.append(Finding(at: settings.user.at, text: "there is no user '\(name)'"))
      } else if !ProcessRights.isRoot {
        found.append(
          Finding(
            isWarning: true, at: settings.user.at,
            text: "only root can become another user; this is checked as somebody else"))
      }
    } else if ProcessRights.isRoot {
      found.append(Finding(at: nil, text: Self.staysRoot))
    }
    if let name = settings.group.value, ProcessRights.group(name) == nil {
      found.append(Finding(at: settings.group.at, text: "there is no group '\(name)'"))
    }
    return found
  }

  private static let staysRoot =
    "started by root it would stay root: set 'user' in the configuration, or --user; 'root' if that"
    + " is wanted"

  /// What a start does not get over, however it was configured.
  var refusal: String? {
    if settings.user.value == nil, ProcessRights.isRoot { return Self.staysRoot }
    return planted.first?.text
  }

  /// What somebody else planted where we shall write.
  private var planted: [Finding] {
    guard let path = settings.pid.value else { return doubts(about: settings.state, as: .folder) }
    var pid = Settings.One(path)
    pid.at = settings.pid.at
    return doubts(about: settings.state, as: .folder) + doubts(about: pid, as: .ownFile)
  }

  private func doubts(
    about place: Settings.One<String>, as kind: FileTrust.Kind
  ) -> [Finding] {
    let user = settings.user.value.flatMap(ProcessRights.user)
    let doubt = FileTrust.doubt(
      about: place.value, as: kind, users: user.map { [$0.id] } ?? [])
    return doubt.map { [Finding(at: place.at, text: $0.message)] } ?? []
  }

  private var folders: [Finding] {
    var found = planted
    let state = settings.state.value
    if !Folders.exists(state), !Folders.exists(FileTrust.parent(of: state)) {
      found.append(
        Finding(
          at: settings.state.at,
          text: "the state folder \(state) is not there and cannot be made: nor is the one above"))
    }
    if settings.history.on, let folder = settings.history.folder, !Folders.exists(folder),
      !Folders.exists(FileTrust.parent(of: folder))
    {
      found.append(
        Finding(
          at: settings.history.at,
          text: "the history's folder \(folder) is not there and cannot be made"))
    }
    if let pid = settings.pid.value, !Folders.exists(FileTrust.parent(of: pid)) {
      found.append(
        Finding(at: settings.pid.at, text: "the folder of the pid file \(pid) is not there"))
    }
    return found
  }

  private var submission: [Finding] {
    var found: [Finding] = []
    let submit = settings.submit
    if let path = submit.authorities, FileBytes.read(path, limit: 16 << 20) == nil {
      found.append(Finding(at: submit.at, text: "the authorities \(path) cannot be read"))
    }
    found += secret(submit.credentials, "the credentials", submit.at)
    return found + secret(settings.memory.secret, "the password", settings.memory.at)
  }

  private func secret(_ path: String?, _ name: String, _ at: String?) -> [Finding] {
    guard let path else { return [] }
    do throws(SecretBytes.Fault) {
      _ = try SecretBytes.read(path, limit: 4_096)
      return []
    } catch {
      return [Finding(at: at, text: "\(name) \(path): \(error.message)")]
    }
  }

  /// Descriptors are raised to what the system allows at most; that must be enough.
  private var resources: [Finding] {
    let wanted = OpenFiles.needed(for: settings.limits.sessions)
    guard let most = ProcessRights.descriptorsMax, most < wanted else { return [] }
    return [
      Finding(
        isWarning: true, at: settings.limits.at,
        text: "\(settings.limits.sessions) sessions need \(wanted) open files, the system allows"
          + " \(most): raise LimitNOFILE (systemd) or ulimit -n, or lower ':sessions'")
    ]
  }
}
