// What settings mean to those who serve: the services that they name, and their form on the link.
internal import Checks
internal import FileTrust
internal import FoundationEssentials
internal import LiveChecks
internal import Stores
internal import Submission

extension Settings {
  /// The mail server that takes mail of our own.
  func mailServer() throws(StartFailure) -> SMTPServer {
    do throws(SMTPServer.Problem) {
      var server = try SMTPServer(
        submit.value, security: SMTPServer.Security(rawValue: submit.tls) ?? .opportunistic)
      server.verifiedName = submit.name
      server.certificatesPath = submit.authorities
      server.credentialsPath = submit.credentials
      return server
    } catch {
      throw StartFailure(code: 78, message: "submit: \(error)")
    }
  }

  /// Where several hosts remember together; nil for a file of this one.
  func sharedMemory() throws(StartFailure) -> RedisMemorySettings? {
    guard memory.value != "sqlite" else { return nil }
    let pieces = memory.value.split(separator: ":", maxSplits: 1)
    do throws(LiveFailure) {
      guard pieces.count == 2, pieces[0] == "redis" else {
        throw LiveFailure("it is sqlite or redis:ADDRESS")
      }
      var shared = try RedisMemorySettings(String(pieces[1]))
      shared.prefix = memory.prefix
      shared.user = memory.user
      shared.secretPath = memory.secret
      return shared
    } catch {
      throw StartFailure(code: 78, message: "memory \(memory.value): \(error.message)")
    }
  }

  /// What a worker would find wrong, before one is started.
  func checkServices() throws(StartFailure) {
    _ = try mailServer()
    _ = try sharedMemory()
  }

  /// As the master gives them to a worker.
  var json: [UInt8] { (try? JSONEncoder().encode(self)).map { Array($0) } ?? [] }
}

extension StandInAnswers {
  /// Those of a file; none without one.
  static func read(_ path: String?) throws(StartFailure) -> StandInAnswers {
    guard let path else { return StandInAnswers() }
    if let doubt = FileTrust.doubt(about: path, as: .rules) {
      throw StartFailure(code: 78, message: "the answers are refused: \(doubt.message)")
    }
    guard let bytes = FileBytes.read(path, limit: 16 << 20) else {
      throw StartFailure(code: 66, message: "\(path) cannot be read")
    }
    do throws(StandInAnswers.Mistake) {
      return try StandInAnswers(json: bytes)
    } catch {
      throw StartFailure(code: 78, message: "\(path): \(error.message)")
    }
  }
}

extension Settings {
  /// Nil when none is kept.
  func historyKeeper() throws(StartFailure) -> HistoryKeeper? {
    guard history.on else { return nil }
    let folder = history.folder ?? state.value
    var limits = HistoryLimits()
    limits.daysMax = history.days
    limits.entriesMax = history.entries
    guard Folders.make(folder) else {
      throw StartFailure(
        code: 78, message: "the history needs the folder \(folder): \(Folders.lastProblem)")
    }
    do throws(StoreFailure) {
      return HistoryKeeper(try HistoryStore(StatePaths(folder), for: .write, limits: limits))
    } catch {
      throw StartFailure(code: 78, message: error.message)
    }
  }
}
