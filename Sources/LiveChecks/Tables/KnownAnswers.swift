// What tables have answered, for a short while, and what is being asked of them now. Bounded in
// bytes: of two generations the older one goes when the younger one is full, so that no answer
// needs a place in a list.
internal import NIOCore
internal import Synchronization

struct TableQuestion: Hashable, Sendable {
  let table: String
  let scope: String
  let key: String

  /// About what it takes in memory, with its answer's own overhead.
  var bytes: Int { 200 + table.utf8.count + scope.utf8.count + key.utf8.count }
}

final class KnownAnswers: Sendable {
  typealias Flight = Task<Result<String?, TableTrouble>, Never>

  private struct Answer {
    let value: String?
    let until: NIODeadline
  }

  private struct State {
    var young: [TableQuestion: Answer] = [:]
    var old: [TableQuestion: Answer] = [:]
    var youngBytes = 0
    var oldBytes = 0
    var flights: [TableQuestion: Flight] = [:]
  }

  private let bytesMax: Int
  private let state = Mutex(State())

  init(bytesMax: Int) { self.bytesMax = bytesMax }

  var bytes: Int { state.withLock { $0.youngBytes + $0.oldBytes } }

  /// A known answer; nil when there is none that still holds.
  func answer(to question: TableQuestion, _ now: NIODeadline) -> String?? {
    state.withLock { state in
      guard let answer = state.young[question] ?? state.old[question], answer.until > now
      else { return nil }
      return .some(answer.value)
    }
  }

  func keep(_ value: String?, for question: TableQuestion, until: NIODeadline) {
    let bytes = question.bytes + (value?.utf8.count ?? 0)
    guard bytes <= bytesMax / 2 else { return }
    state.withLock { state in
      if state.youngBytes + bytes > bytesMax / 2 {
        (state.old, state.oldBytes) = (state.young, state.youngBytes)
        (state.young, state.youngBytes) = ([:], 0)
      }
      let before = state.young.updateValue(Answer(value: value, until: until), forKey: question)
      // An answer in the place of another one of the same question.
      if let before { state.youngBytes -= question.bytes + (before.value?.utf8.count ?? 0) }
      state.youngBytes += bytes
    }
  }

  /// The flight that is under way for a question, or a new one.
  func flight(
    for question: TableQuestion, _ begin: () -> Flight
  ) -> Flight {
    state.withLock { state in
      if let flight = state.flights[question] { return flight }
      let flight = begin()
      state.flights[question] = flight
      return flight
    }
  }

  func land(_ question: TableQuestion) {
    state.withLock { $0.flights[question] = nil }
  }
}
