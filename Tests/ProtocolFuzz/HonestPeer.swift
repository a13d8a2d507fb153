// A mail server that keeps to the protocol, while others beside it do not: each of its messages has
// a fate and a change of its own, and must get these and nothing else.
import Foundation
import MailLab
import Synchronization

final class HonestPeer {
  struct Wrong: Error, CustomStringConvertible { let description: String }

  private let peer: RawPeer
  private var input: [UInt8] = []
  private var count = 0

  init(unix path: String) throws {
    peer = try RawPeer(unix: path)
    try peer.send(Packet.offer())
    guard try reply().first == UInt8(ascii: "O") else { throw Wrong(description: "no answer to O") }
    try expect("c", after: Packet.connect)
    try expect("c", after: Packet.make("H", "honest.example\0"))
  }

  /// One message, whose answer is known: every third is refused.
  func message() throws {
    count += 1
    let word = "honest-\(count)"
    let isRefused = count.isMultiple(of: 3)
    try peer.send(Packet.make("D", "Mi\0Q\(count)\0"))
    try expect("c", after: Packet.make("M", "<\(word)@example.com>\0"))
    try expect("c", after: Packet.make("R", "<bob@example.org>\0"))
    try expect("c", after: Packet.make("T"))
    let subject = isRefused ? "refused \(word)" : word
    // What is not awaited: replies to header and body.
    try expect("c", after: Packet.make("L", "Subject\0\(subject)\0"))
    try expect("c", after: Packet.make("N"))
    try expect("c", after: Packet.make("B", "text of \(word)\r\n"))
    try peer.send(Packet.make("E"))
    if isRefused { return try expect("y550 5.7.1 Refused \(subject)\0") }
    try expect("i\0\0\0\0X-Echo\0\(word)@example.com|Q\(count)|1|\(subject)\0")
    try expect("c")
  }

  private func expect(_ text: String, after packet: [UInt8]) throws {
    try peer.send(packet)
    try expect(text)
  }

  private func expect(_ text: String) throws {
    let reply = try reply()
    guard reply == Array(text.utf8) else {
      let came = String(decoding: reply, as: UTF8.self)
      throw Wrong(description: "message \(count): \"\(came)\" instead of \"\(text)\"")
    }
  }

  private func reply() throws -> [UInt8] {
    while true {
      if input.count >= 4 {
        let length = input[..<4].reduce(0) { $0 << 8 | Int($1) }
        if input.count >= 4 + length {
          defer { input.removeFirst(4 + length) }
          return Array(input[4..<4 + length])
        }
      }
      guard let more = try peer.read(), !more.isEmpty else {
        throw Wrong(description: "message \(count): no answer")
      }
      input += more
    }
  }
}

/// One connection that is kept, and one after the other that are not, on threads of their own.
final class HonestPeers: Sendable {
  private let path: String
  private let isOver = Atomic(false)
  private let found = Mutex<(messages: Int, faults: [String])>((0, []))
  private let threads = DispatchGroup()

  init(unix path: String) { self.path = path }

  func begin() {
    for isKept in [true, false] {
      threads.enter()
      Thread.detachNewThread { [self] in
        do {
          try play(isKept)
        } catch {
          found.withLock { $0.faults.append("an honest connection: \(error)") }
        }
        threads.leave()
      }
    }
  }

  private func play(_ isKept: Bool) throws {
    var peer = try HonestPeer(unix: path)
    while !isOver.load(ordering: .acquiring) {
      try peer.message()
      found.withLock { $0.messages += 1 }
      if !isKept { peer = try HonestPeer(unix: path) }
    }
  }

  /// How many messages got what they should, and what went wrong.
  func end() -> (messages: Int, faults: [String]) {
    isOver.store(true, ordering: .releasing)
    threads.wait()
    return found.withLock { $0 }
  }
}
