// What the daemon answers, as far as commands show it.

struct DaemonStatus: Decodable {
  struct Worker: Decodable {
    let process: Int
    let stage: String
    let seconds: Int
    let bytes: Int?
  }

  struct Reload: Decodable {
    let time: Int64?
    let failure: String?
  }

  struct Switch: Decodable {
    let name: String
    let value: String
    let set: Bool
  }

  /// Messages on which the filter failed.
  struct Faults: Decodable {
    let count: Int
    let bytes: Int
  }

  let version: String
  let policy: String
  let process: Int
  let seconds: Int
  let listeners: [String]
  let workers: [Worker]
  let deaths: Int
  let suspects: Int
  /// Nil when none are kept.
  let faults: Faults?
  let reload: Reload
  let restartNeeded: [String]
  let switches: [Switch]
  let trace: DaemonTrace
  let logLevel: DaemonLevel
  let shadow: DaemonShadow?

  /// Without a worker mail is refused.
  var isServing: Bool { workers.contains { $0.stage == "serving" } }
}

struct DaemonTrace: Decodable {
  let filters: [String]
  let secondsLeft: Int?
  /// Nobody changed it since the daemon began.
  let asSet: Bool

  /// `client=192.0.2.1 for 10 min more`; nil while nothing is traced.
  var text: String? {
    if filters.isEmpty { return asSet ? nil : "off" }
    let all = filters.map { $0.isEmpty ? "all mail" : $0 }.joined(separator: "; ")
    return all + (secondsLeft.map { " for \(Figure.span($0)) more" } ?? "")
  }
}

struct DaemonLevel: Decodable {
  let level: String
  let secondsLeft: Int?
  let asSet: Bool

  var text: String { level + (secondsLeft.map { " for \(Figure.span($0)) more" } ?? "") }
}

struct DaemonShadow: Decodable {
  let policy: String
  let share: String
}

struct DaemonShadowReport: Decodable {
  struct Pair: Decodable {
    let count: Int
    let live: String
    let liveRule: String
    let shadow: String
    let shadowRule: String
  }

  struct Difference: Decodable {
    let time: Int64
    let queueId: String
    let differsBy: String
    let problem: String?
    let live: String
    let liveRule: String
    let shadow: String
    let shadowRule: String
  }

  let policy: String
  let share: String
  let results: [String: Int]
  let pairs: [Pair]
  let otherPairs: Int
  let latest: [Difference]
}

struct DaemonLoad: Decodable {
  struct Window: Decodable {
    let seconds: Int
    let messages: Int
    let fates: [String: Int]
    let refusals: Int
    let openSessions: Int
    let microseconds: Int
    let overloaded: Int
    let abandoned: Int

    var meanMicroseconds: Int { messages == 0 ? 0 : microseconds / messages }
  }

  struct Series: Decodable {
    let stepSeconds: Int
    let fates: [[String: Int]]

    func values(_ fate: String) -> [Int] { fates.map { $0[fate] ?? 0 } }
    var seconds: Int { stepSeconds * fates.count }
  }

  let windows: [Window]
  let series: [Series]
}

struct DaemonRules: Decodable {
  struct Rule: Decodable {
    let name: String
    let phase: String
    let mode: String
    let at: String
    let hits: Int
    let microseconds: Int
  }

  let rules: [Rule]
}

struct DaemonFigures: Decodable {
  struct Count: Decodable {
    let of: [String]
    let count: Int
  }

  struct Times: Decodable {
    let of: [String]
    let count: Int
    let median: Int
    let p99: Int
    let upTo: [Int]
  }

  let bucketsMicroseconds: [Int]
  let checks: [Count]
  let messageTime: [Times]
  let checkTimes: [Times]
}
