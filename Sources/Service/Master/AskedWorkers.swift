// Questions that workers have yet to answer. One that dies has answered them all: it is gone.

struct AskedWorkers {
  typealias Answering = @Sendable (Result<[UInt8], StartFailure>) -> Void

  private var waiting: [UInt64: (worker: Int, answering: Answering)] = [:]
  private var numbers: UInt64 = 0

  /// - Returns: the number that its frame carries.
  mutating func ask(_ worker: Int, _ answering: @escaping Answering) -> UInt64 {
    numbers += 1
    waiting[numbers] = (worker, answering)
    return numbers
  }

  mutating func answered(_ number: UInt64, _ bytes: [UInt8]) {
    waiting.removeValue(forKey: number)?.answering(.success(bytes))
  }

  mutating func died(_ worker: Int) {
    let gone = waiting.filter { $0.value.worker == worker }
    for (number, question) in gone {
      waiting[number] = nil
      question.answering(
        .failure(StartFailure(code: 75, message: "the worker ended before it answered")))
    }
  }
}

extension Master {
  /// Asks a worker; what it answers comes back in the master's own order of things.
  func ask(
    _ worker: WorkerProcess, _ kind: LinkFrame.Kind, _ bytes: [UInt8],
    _ answering: @escaping AskedWorkers.Answering
  ) {
    let number = asked.ask(worker.number, answering)
    worker.link.send(LinkFrame(kind: kind, number: number, bytes: bytes))
  }
}
