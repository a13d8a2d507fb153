// The records of memories in one Redis, for several hosts. A change is a compare and a write in one
// script: it is done if the records still are what was read, and else says what they are now. That
// is one request with one answer on whatever connection is free; WATCH and MULTI would be four on
// one connection, whose state a cut leaves open, and would not say what is there instead.
//
// Redis forgets records by itself; how many there are at once is its `maxmemory`. What it says is
// read as a stranger's word.
package import NIOCore
package import NIOPosix
package import PolicyMemory
package import Scanners
internal import Synchronization
internal import TableFiles

package struct RedisMemorySettings: Equatable, Sendable {
  package static let prefixBytesMax = 64

  package let host: ScannerHost
  /// Of the names of all its keys: policies that must not know each other's senders have two.
  package var prefix = "defang"
  package var user: String?
  /// A file of mode 0600 with the password.
  package var secretPath: String?

  /// - Parameter address: `unix:/PATH`, `inet:PORT@HOST`.
  package init(_ address: String) throws(LiveFailure) {
    do throws(ScannerHost.BadAddress) {
      host = try ScannerHost(address)
    } catch {
      throw LiveFailure("'\(error.text)' is no address of a socket: unix:/PATH or inet:PORT@HOST")
    }
  }
}

package final class RedisRecords: RecordStore {
  /// The bounds of asking it; below the five seconds that a check has.
  package struct Limits: Equatable, Sendable {
    package var callMilliseconds = 4_000
    /// Another host was first; each time one of them gets on.
    package var conflictsMax = 100
    package var connectMilliseconds = 2_000
    package var failuresMax = 5
    package var leaveAloneMilliseconds = 5_000
    /// Threads that ask at once.
    package var threads = 8

    package init() {}

    var calls: TableCallLimits {
      var calls = TableCallLimits()
      calls.connectMilliseconds = connectMilliseconds
      calls.failuresMax = failuresMax
      calls.leaveAloneMilliseconds = leaveAloneMilliseconds
      calls.idleMax = threads
      return calls
    }
  }

  private let settings: RedisMemorySettings
  private let limits: Limits
  private let client: RedisClient
  private let group: any EventLoopGroup
  private let health: ServerHealth
  private let turns = (0..<32).map { _ in Turn() }

  /// Who changes the same record in this process goes one by one: only other hosts come between.
  private final class Turn: Sendable {
    let lock = Mutex(())
  }

  package init(
    _ settings: RedisMemorySettings, _ group: any EventLoopGroup, _ blocking: NIOThreadPool,
    limits: Limits = Limits(), board: BreakerBoard? = nil,
    log: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.settings = settings
    self.limits = limits
    self.group = group
    let frame = RedisFrame(textBytesMax: Self.valueBytesMax, entriesMax: RecordKind.allCases.count)
    client = RedisClient(
      settings.host, frame, limits.calls, secretPath: settings.secretPath, user: settings.user,
      group, blocking)
    health = ServerHealth("memory \(settings.host)", limits.calls, board: board, log: log)
  }

  /// 128 numbers of 20 digits, and the end.
  private static let valueBytesMax = 4_096

  /// What an administrator must mend; the server itself may come later.
  func prepare() throws(MemoryFailure) {
    guard let path = settings.secretPath else { return }
    do throws(TableFileFailure) {
      _ = try SecretFile.read(path)
    } catch {
      throw .denied(error.message)
    }
  }

  package func change<Answer>(
    _ keys: [RecordKey], nowSeconds: Int64, isDry: Bool,
    _ decide: ([Record?]) throws(MemoryFailure) -> (changes: [RecordChange], answer: Answer)
  ) throws(MemoryFailure) -> Answer {
    let names = keys.map { Array("\(settings.prefix):\($0.kind.rawValue):\($0.text)".utf8) }
    let turn = turns[Int(UInt(bitPattern: keys.first.hashValue) % UInt(turns.count))]
    // Carried out of the lock by hand: what its body returns would have to be free to be sent.
    var result = Result<Answer, MemoryFailure>.failure(.busy)
    turn.lock.withLock { _ in
      result = Result { () throws(MemoryFailure) in
        try change(names, nowSeconds, isDry, decide)
      }
    }
    return try result.get()
  }

  private func change<Answer>(
    _ names: [[UInt8]], _ now: Int64, _ isDry: Bool,
    _ decide: ([Record?]) throws(MemoryFailure) -> (changes: [RecordChange], answer: Answer)
  ) throws(MemoryFailure) -> Answer {
    let deadline = NIODeadline.now() + .milliseconds(Int64(limits.callMilliseconds))
    var answer = try ask([Array("MGET".utf8)] + names, deadline)
    for _ in 0...limits.conflictsMax {
      guard case .list(let values) = answer, values.count == names.count else { throw Self.odd }
      var found: [Record?] = []
      for value in values { found.append(try Self.record(value, now)) }
      let (changes, decided) = try decide(found)
      precondition(changes.count == names.count, "a change for each key")
      if isDry || changes.allSatisfy({ $0 == .keep }) { return decided }
      answer = try ask(Self.request(names, values, changes, now), deadline)
      if answer == .number(1) { return decided }
    }
    throw .busy
  }

  // MARK: Words

  /// Of each key: what it was (nothing: it was not there), what to do, the value, and how long it
  /// is kept. MGET has false for what is not there, which becomes nothing in the answer.
  private static let script = """
    local now = redis.call('MGET', unpack(KEYS))
    for i = 1, #KEYS do
      if (now[i] or '') ~= ARGV[4 * i - 3] then return now end
    end
    for i = 1, #KEYS do
      local order = ARGV[4 * i - 2]
      if order == 'write' then
        redis.call('SET', KEYS[i], ARGV[4 * i - 1], 'EX', ARGV[4 * i])
      elseif order == 'remove' then
        redis.call('DEL', KEYS[i])
      end
    end
    return 1
    """

  private static func request(
    _ names: [[UInt8]], _ values: [[UInt8]?], _ changes: [RecordChange], _ now: Int64
  ) -> [[UInt8]] {
    var words = ["EVAL", script, String(names.count)].map { Array($0.utf8) } + names
    for (value, change) in zip(values, changes) {
      words.append(value ?? [])
      let more =
        switch change {
        case .keep: ["keep", "", ""]
        case .remove: ["remove", "", ""]
        case .write(let record):
          ["write", "\(record.endSeconds) \(record.text)", String(keepSeconds(record, now))]
        }
      words += more.map { Array($0.utf8) }
    }
    return words
  }

  /// A little longer than the record says, since clocks of hosts differ: its own end counts.
  private static func keepSeconds(_ record: Record, _ now: Int64) -> Int64 {
    let left = record.endSeconds.subtractingReportingOverflow(now)
    return min(max(left.overflow ? 0 : left.partialValue, 0), keepSecondsMax) + 60
  }

  /// Ten years.
  private static let keepSecondsMax: Int64 = 315_360_000

  private static func record(_ value: [UInt8]?, _ now: Int64) throws(MemoryFailure) -> Record? {
    guard let value else { return nil }
    let text = String(decoding: value, as: UTF8.self)
    let pieces = text.split(separator: " ", maxSplits: 1)
    guard let end = pieces.first.flatMap({ Int64($0) }), end >= 0 else { throw Record.damaged }
    guard end > now else { return nil }
    return try Record(text: pieces.count > 1 ? String(pieces[1]) : "", endSeconds: end)
  }

  // MARK: Asking

  /// Blocks, on a thread that may wait.
  private func ask(
    _ words: [[UInt8]], _ deadline: NIODeadline
  ) throws(MemoryFailure) -> RedisAnswer {
    let promise = group.any().makePromise(of: Result<RedisAnswer, TableTrouble>.self)
    promise.completeWithTask { [client, health] in
      do throws(TableTrouble) {
        return .success(
          try await health.watch { () async throws(TableTrouble) in
            let answer = try await client.ask(words, until: deadline)
            if case .error(let words) = answer { throw TableTrouble("it says: \(words)") }
            return answer
          })
      } catch {
        return .failure(error)
      }
    }
    switch try? promise.futureResult.wait() {
    case .success(let answer): return answer
    case .failure(let trouble): throw Self.failure(trouble.reason)
    case nil: throw .unreachable("the daemon ends")
    }
  }

  private static let odd = MemoryFailure.damaged("the server answers what was not asked")

  /// By the first word of its errors (redis.io, "Redis serialization protocol specification").
  private static func failure(_ reason: String) -> MemoryFailure {
    let said = reason.hasPrefix("it says: ") ? reason.dropFirst(9) : ""
    switch said.prefix(while: { $0 != " " }) {
    case "OOM": return .full(reason)
    case "NOAUTH", "WRONGPASS", "NOPERM", "READONLY": return .denied(reason)
    default: return .unreachable(reason)
    }
  }
}
