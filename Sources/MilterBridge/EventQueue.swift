// Events that came while a run waited. Their bytes are copied out of the read buffer, which is
// large and shared; how many may come is bounded by the front end, which stops reading.

internal import MilterWire
internal import NIOCore

struct EventQueue {
  private var events: [MilterCommand] = []
  private var first = 0
  private(set) var bytes = 0

  /// What an event costs besides its bytes.
  private static let eventBytes = 64

  mutating func append(_ event: MilterCommand) {
    let own = event.detached
    bytes += own.payloadBytes + Self.eventBytes
    events.append(own)
  }

  mutating func removeFirst() -> MilterCommand? {
    guard first < events.count else {
      if first > 0 { removeAll() }
      return nil
    }
    let event = events[first]
    // Its bytes go as soon as it is handled.
    events[first] = .abort
    first += 1
    bytes -= event.payloadBytes + Self.eventBytes
    return event
  }

  mutating func removeAll() {
    events = []
    first = 0
    bytes = 0
  }

  /// Drops the message that is being told: from MAIL, and the macros before it, to the end.
  mutating func removeMessage() {
    let waiting = events[first...]
    let start = waiting.firstIndex { event in
      switch event {
      case .mail, .macros(.mail, _): true
      default: false
      }
    }
    guard let start else { return }
    for event in events[start...] { bytes -= event.payloadBytes + Self.eventBytes }
    events.removeSubrange(start...)
  }
}

extension MilterCommand {
  fileprivate var payloadBytes: Int {
    switch self {
    case .macros(_, let list), .mail(let list), .recipient(let list): list.bytes.readableBytes
    case .helo(let text), .unknown(let text), .body(let text, _): text.readableBytes
    case .header(let name, let value): name.readableBytes + value.readableBytes
    case .connect(let facts): facts.hostName.count + facts.address.count
    case .negotiate, .data, .endOfHeaders, .endOfBody, .abort, .quit, .quitNewConnection: 0
    }
  }

  /// The same with bytes of its own.
  fileprivate var detached: MilterCommand {
    switch self {
    case .macros(let stage, let list): .macros(stage, StringList(list.bytes.own))
    case .mail(let list): .mail(StringList(list.bytes.own))
    case .recipient(let list): .recipient(StringList(list.bytes.own))
    case .helo(let name): .helo(name.own)
    case .unknown(let text): .unknown(text.own)
    case .body(let piece, let isLast): .body(piece.own, isLast: isLast)
    case .header(let name, let value): .header(name: name.own, value: value.own)
    default: self
    }
  }
}

extension ByteBuffer {
  fileprivate var own: ByteBuffer { ByteBuffer(bytes: readableBytesView) }
}
