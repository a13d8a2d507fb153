// Who reads events: each has a bounded share of what is not sent yet. One that reads more slowly
// than events come is told so and dropped; nobody waits for it.
internal import JSONOutput
internal import Logging
internal import NIOCore
internal import Synchronization

final class EventHub: Sendable {
  static let readersMax = 16
  /// Bytes that may wait for one reader: some thousand events.
  static let waitingBytesMax = 256 << 10
  static let waterMark = ChannelOptions.Types.WriteBufferWaterMark(
    low: waitingBytesMax / 2, high: waitingBytesMax)
  /// For the last line of one that is dropped.
  private static let farewellSeconds: Int64 = 5

  private let readers = Mutex<[ObjectIdentifier: any Channel]>([:])

  /// - Returns: false when there are too many already.
  func add(_ channel: any Channel) -> Bool {
    let name = ObjectIdentifier(channel)
    let isAdded = readers.withLock { readers in
      guard readers.count < Self.readersMax else { return false }
      readers[name] = channel
      return true
    }
    channel.closeFuture.whenComplete { _ in
      _ = self.readers.withLock { $0.removeValue(forKey: name) }
    }
    return isAdded
  }

  var readerCount: Int { readers.withLock { $0.count } }

  func tell(_ event: ControlEvent) {
    let line = ByteBuffer(string: event.line + "\n")
    let channels = readers.withLock { Array($0.values) }
    for channel in channels {
      if channel.isWritable { channel.writeAndFlush(line, promise: nil) } else { drop(channel) }
    }
  }

  private func drop(_ channel: any Channel) {
    guard readers.withLock({ $0.removeValue(forKey: ObjectIdentifier(channel)) }) != nil else {
      return
    }
    Console.log("a reader of events was too slow and is dropped", level: .warning)
    let last = ControlEvent(
      "dropped", [("reason", .text("events came faster than they were read"))])
    channel.writeAndFlush(ByteBuffer(string: last.line + "\n")).whenComplete { _ in
      channel.close(promise: nil)
    }
    channel.eventLoop.scheduleTask(in: .seconds(Self.farewellSeconds)) {
      channel.close(promise: nil)
    }
  }
}

/// Something that happened to the daemon, not to a mail.
struct ControlEvent: Sendable {
  let name: String
  let members: [(String, OrderedJSON)]
  let seconds: Int64

  init(
    _ name: String, _ members: [(String, OrderedJSON)] = [], seconds: Int64 = WallClock.seconds
  ) {
    self.name = name
    self.members = members
    self.seconds = seconds
  }

  var line: String {
    OrderedJSON.object(
      [("event", .text(name)), ("time", .number(Int(seconds)))] + members
    ).line
  }
}
