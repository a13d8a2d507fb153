// What is changed while the daemon runs and is not of the policy: the log's level, whose mail is
// traced. The master keeps it, so that each new worker has it too.
internal import FoundationEssentials
internal import JSONOutput
internal import Logging
internal import Logs
internal import MilterBridge

struct Tuning: Codable, Equatable, Sendable {
  /// Nil: as the settings say.
  var level: LeastLevel?
  /// Filters, one empty for all mail, none for no trace. Nil: as the settings say.
  var trace: [String]?

  var json: [UInt8] { (try? JSONEncoder().encode(self)).map { Array($0) } ?? [] }

  init() {}

  /// Nil for bytes that no master sends.
  init?(_ json: [UInt8]) {
    guard let tuning = try? JSONDecoder().decode(Tuning.self, from: Data(json)) else { return nil }
    self = tuning
  }

  func selection(_ settings: Settings) -> TraceSelection {
    trace.map { TraceSelection($0.compactMap { TraceFilter(argument: $0) }) }
      ?? settings.traceSelection
  }

  func level(_ settings: Settings) -> LeastLevel { level ?? settings.log.level }
}

/// When it goes back to what the settings say.
struct TuningEnds: Sendable {
  static let secondsMax = 7 * 86_400

  var level: ContinuousClock.Instant?
  var trace: ContinuousClock.Instant?

  /// The moment that a request names; nil for one that says nothing.
  static func moment(_ seconds: String?) throws(StartFailure) -> ContinuousClock.Instant? {
    guard let seconds else { return nil }
    guard let count = Int(seconds), (1...secondsMax).contains(count) else {
      throw StartFailure(code: 64, message: "the time is from 1 second to 7 days")
    }
    return .now + .seconds(count)
  }

  static func secondsLeft(_ end: ContinuousClock.Instant?) -> OrderedJSON {
    end.map { .number(max(0, Int(($0 - ContinuousClock.now).components.seconds))) } ?? .null
  }
}

extension Master {
  // MARK: Trace

  func trace(_ question: Question) throws(StartFailure) {
    if let text = question["filters"] {
      let filters = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      guard filters.count <= TraceSelection.filtersMax else {
        throw StartFailure(code: 64, message: "at most \(TraceSelection.filtersMax) filters")
      }
      do throws(TraceFilter.Problem) {
        for filter in filters { _ = try TraceFilter(filter) }
      } catch {
        throw StartFailure(code: 64, message: "\(error)")
      }
      tuningEnds.trace = try TuningEnds.moment(question["seconds"])
      tuning.trace = filters
    } else if let word = question["set"] {
      tuning.trace = word == "off" ? [] : nil
      tuningEnds.trace = nil
    } else {
      return question.answer(.done(traceMembers))
    }
    tune(about: "trace", traceMembers, by: question.peer)
    question.answer(.done(traceMembers))
  }

  private var traceMembers: [(String, OrderedJSON)] {
    let selection = tuning.selection(plan.settings)
    return [
      ("filters", .texts(selection.filters.map(\.text))),
      ("seconds_left", TuningEnds.secondsLeft(tuningEnds.trace)),
      ("as_set", .truth(tuning.trace == nil)),
    ]
  }

  // MARK: The log's level

  func logLevel(_ question: Question) throws(StartFailure) {
    if let word = question["level"] {
      guard let level = LeastLevel(rawValue: word) else {
        let known = LeastLevel.allCases.map(\.rawValue).joined(separator: ", ")
        throw StartFailure(code: 64, message: "'\(word.prefix(40))' is none of \(known)")
      }
      tuningEnds.level = try TuningEnds.moment(question["seconds"])
      tuning.level = level
    } else if question["set"] != nil {
      (tuning.level, tuningEnds.level) = (nil, nil)
    } else {
      return question.answer(.done(levelMembers))
    }
    tune(about: "log-level", levelMembers, by: question.peer)
    question.answer(.done(levelMembers))
  }

  private var levelMembers: [(String, OrderedJSON)] {
    [
      ("level", .text(tuning.level(plan.settings).rawValue)),
      ("seconds_left", TuningEnds.secondsLeft(tuningEnds.level)),
      ("as_set", .truth(tuning.level == nil)),
    ]
  }

  /// The members of `status`.
  var tuningMembers: [(String, OrderedJSON)] {
    [("trace", .object(traceMembers)), ("log_level", .object(levelMembers))]
  }

  // MARK: Both

  private func tune(
    about name: String, _ members: [(String, OrderedJSON)], by peer: ControlPeer? = nil
  ) {
    Console.setLevel(tuning.level(plan.settings))
    let frame = LinkFrame(kind: .tune, bytes: tuning.json)
    for worker in workers.values { worker.link.send(frame) }
    let by = peer.map { " by \($0.name)" } ?? ", its time is over"
    Console.log("\(name) is set\(by): \(OrderedJSON.object(members).line)", level: .notice)
    hub.tell(ControlEvent(name, members + [("by", .text(orNull: peer?.name))]))
  }

  /// What was set for a time, whose time is over.
  func endTuning(now: ContinuousClock.Instant = .now) {
    if let end = tuningEnds.trace, now >= end {
      (tuning.trace, tuningEnds.trace) = (nil, nil)
      tune(about: "trace", traceMembers)
    }
    if let end = tuningEnds.level, now >= end {
      (tuning.level, tuningEnds.level) = (nil, nil)
      tune(about: "log-level", levelMembers)
    }
  }
}
