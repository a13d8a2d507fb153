// What the worker answers on the control socket: rules with their figures, and figures by name.
internal import Figures
internal import JSONOutput
internal import RuleBytecode
internal import RuleVM

struct WorkerAnswers {
  let watch: MailWatch
  let policy: LoadedPolicy?
  let shadow: ShadowReport?

  /// A line of JSON for a verb of the control socket.
  func line(_ verb: String) -> String {
    guard let book = watch.figures?.book else {
      return ControlAnswer.refused(code: 69, "this daemon counts nothing").line
    }
    let members =
      switch ControlVerb(rawValue: verb) {
      case .shadow: shadow?.members ?? []
      case .rules: [("rules", rules(book))]
      default: figures(book)
      }
    return ControlAnswer.done(members).line
  }

  /// The policy's rules in its order; counts are since the worker began, also over reloads.
  private func rules(_ book: FigureBook) -> OrderedJSON {
    guard let program = policy?.program.program else { return .list([]) }
    let hits = Self.byName(book.readings("defang_rule_hits_total"))
    let times = Self.byName(book.readings("defang_rule_seconds_total"))
    return .list(
      program.rules.map { rule in
        let name = program.string(rule.name)
        return .object([
          ("name", .text(name)), ("phase", .text(rule.phase.name)), ("mode", .text(rule.mode.name)),
          ("at", .text(program.location(rule.place))), ("hits", .number(Int(hits[name] ?? 0))),
          ("microseconds", .number(Int((times[name] ?? 0) * 1e6))),
        ])
      })
  }

  private static func byName(_ readings: [FigureBook.Reading]) -> [String: Double] {
    Dictionary(readings.compactMap { reading in reading.labels.first.map { ($0, reading.value) } })
    {
      $0 + $1
    }
  }

  private func figures(_ book: FigureBook) -> [(String, OrderedJSON)] {
    let counted = [
      ("failures", "defang_failures_total"), ("limits", "defang_limits_hit_total"),
      ("checks", "defang_checks_total"), ("refusals", "defang_refusals_total"),
      ("faults", "defang_faults_total"), ("breakers", "defang_breakers_open"),
    ]
    let timed = [
      ("message_time", "defang_message_seconds"), ("phase_times", "defang_phase_seconds"),
      ("check_times", "defang_check_seconds"),
    ]
    return [("buckets_microseconds", .list(FigureSheet.buckets.map { .number(Int($0 / 1_000)) }))]
      + counted.map { name, figure in
        let readings = book.readings(figure).filter { $0.value != 0 }
        return (
          name,
          .list(
            readings.map { reading in
              .object([("of", .texts(reading.labels)), ("count", .number(Int(reading.value)))])
            })
        )
      }
      + timed.map { name, figure in
        (name, .list(book.histograms(figure).filter { $0.counts.last ?? 0 > 0 }.map(Self.json)))
      }
  }

  private static func json(_ histogram: FigureBook.HistogramReading) -> OrderedJSON {
    .object([
      ("of", .texts(histogram.labels)), ("count", .number(Int(histogram.counts.last ?? 0))),
      ("microseconds", .number(Int(histogram.nanoseconds / 1_000))),
      ("median", .number(Int((histogram.medianNanoseconds ?? 0) / 1_000))),
      ("p99", .number(Int((histogram.p99Nanoseconds ?? 0) / 1_000))),
      ("up_to", .list(histogram.counts.map { .number(Int($0)) })),
    ])
  }
}
