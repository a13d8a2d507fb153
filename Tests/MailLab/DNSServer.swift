// A name server on loopback, UDP and TCP on one port, whose zone and faults a test writes. It says
// what it was asked, so that a test sees what came from a cache.
import Foundation
import Synchronization

package final class DNSServer: Sendable {
  package struct Seen: Hashable, Sendable {
    package let name: String
    package let type: UInt16
    package let isTCP: Bool
  }

  private struct State {
    var zone: DNSZone
    var seen: [Seen] = []
    var threads = 0
  }

  package let port: UInt16
  private let state: Mutex<State>
  private let stopped = Atomic(false)

  package var address: String { "127.0.0.1:\(port)" }

  /// - Parameter port: one of before, for a server that comes again.
  package init(_ zone: DNSZone = DNSZone(), port: UInt16 = 0) throws {
    state = Mutex(State(zone: zone, threads: 2))
    let (datagrams, listener, port) = try Self.bind(port)
    self.port = port
    Thread.detachNewThread { self.loop(datagrams, self.takeDatagram) }
    Thread.detachNewThread { self.loop(listener, self.takeConnection) }
  }

  /// TCP may not have the port that UDP got.
  private static func bind(_ wanted: UInt16) throws -> (Descriptor, Descriptor, UInt16) {
    var attempts = 10
    while true {
      let (datagrams, port) = try Datagrams.bindOnLoopback(port: wanted)
      do {
        return (datagrams, try Datagrams.listenAgain(port: port), port)
      } catch {
        attempts -= 1
        if attempts == 0 || wanted != 0 { throw error }
      }
    }
  }

  package func change(_ body: (inout DNSZone) -> Void) { state.withLock { body(&$0.zone) } }

  package var seen: [Seen] { state.withLock { $0.seen } }

  package func count(_ name: String) -> Int { seen.count { $0.name == name } }

  /// Returns when nobody listens any more.
  package func stop() {
    stopped.store(true, ordering: .releasing)
    _ = Laboratory.waitUntil(timeoutSeconds: 10) { state.withLock { $0.threads } == 0 }
  }

  private func loop(_ socket: Descriptor, _ take: (Descriptor) -> Void) {
    while !stopped.load(ordering: .acquiring) {
      if Posix.waitReadable(socket, milliseconds: 50) { take(socket) }
    }
    state.withLock { $0.threads -= 1 }
  }

  private func look(_ bytes: [UInt8], isTCP: Bool) -> (DNSWireQuestion, DNSZone)? {
    guard let question = DNSWireQuestion(bytes) else { return nil }
    return state.withLock { state in
      state.seen.append(Seen(name: question.name, type: question.type, isTCP: isTCP))
      return (question, state.zone)
    }
  }

  // MARK: UDP

  private func takeDatagram(_ socket: Descriptor) {
    guard let (bytes, peer) = try? Datagrams.receive(socket),
      let (question, zone) = look(bytes, isTCP: false)
    else { return }
    let whole = question.answer(from: zone)
    switch zone.fault(question.name) {
    case nil:
      let fits = whole.count <= question.datagramBytes
      let answer = fits ? whole : question.answer(from: zone, isTruncated: true)
      Datagrams.send(socket, answer, to: peer)
    case .silent: return
    case .slow(let milliseconds):
      Thread.detachNewThread {
        Posix.pause(milliseconds: milliseconds)
        Datagrams.send(socket, whole, to: peer)
      }
    case .garbage: Datagrams.send(socket, Self.garbage(whole), to: peer)
    case .wrongID:
      Datagrams.send(socket, [whole[0] ^ 0xff, whole[1]] + whole.dropFirst(2), to: peer)
    case .truncated, .alwaysTruncated, .cut:
      Datagrams.send(socket, question.answer(from: zone, isTruncated: true), to: peer)
    case .code(let code): Datagrams.send(socket, question.answer(from: zone, code: code), to: peer)
    }
  }

  /// The header and the question are right, so that it is taken for the answer.
  private static func garbage(_ whole: [UInt8]) -> [UInt8] {
    whole.prefix(6) + [0, 9] + whole.dropFirst(8) + [0xff, 0xff, 0xff]
  }

  // MARK: TCP

  private func takeConnection(_ listener: Descriptor) {
    guard let socket = try? Posix.acceptConnection(listener) else { return }
    Thread.detachNewThread { self.serve(socket) }
  }

  private func serve(_ socket: Descriptor) {
    var input: [UInt8] = []
    while !stopped.load(ordering: .acquiring) {
      guard Posix.waitReadable(socket, milliseconds: 50) else { continue }
      guard let more = try? Posix.read(socket, count: 4_096), !more.isEmpty else { return }
      input += more
      while input.count >= 2 {
        let length = Int(input[0]) << 8 | Int(input[1])
        guard input.count >= 2 + length else { break }
        let message = Array(input[2..<2 + length])
        input.removeFirst(2 + length)
        guard answer(message, socket) else { return }
      }
    }
  }

  /// False when the connection is to end.
  private func answer(_ message: [UInt8], _ socket: Descriptor) -> Bool {
    guard let (question, zone) = look(message, isTCP: true) else { return false }
    let fault = zone.fault(question.name)
    let isTruncated = fault == .alwaysTruncated
    let whole = question.answer(from: zone, isTruncated: isTruncated)
    let framed = DNSZone.word(UInt16(whole.count)) + whole
    let sent = fault == .cut ? Array(framed.prefix(framed.count / 2)) : framed
    do throws(SystemError) {
      try Posix.send(socket, sent)
    } catch {
      return false
    }
    return fault != .cut
  }
}
