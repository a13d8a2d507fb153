// What all sessions of a process take up together, and what a new one may still have. New work is
// shed before old: a session that has begun is never ended for another, and a message that has
// begun is finished.

internal import MilterWire
internal import NIOCore
internal import RuleBytecode
internal import Synchronization

/// What messages get that come when there is no room for them.
package enum OverloadAnswer: String, Sendable, Codable, CaseIterable {
  case tempfail
  /// They pass unfiltered.
  case accept
}

/// What a new session may have.
package enum Admission: Sendable, Equatable {
  case full
  /// Only clients on this host are served: of what is left, they have the rest.
  case reserved
  /// Each of its messages gets the answer of overload.
  case turnedAway
}

package final class SessionLoad: Sendable {
  private let limits: BridgeLimits
  private let sessions = Atomic<Int>(0)
  private let bytes = Atomic<Int>(0)
  private let turnedAway = Atomic<Int>(0)
  private let abandoned = Atomic<Int>(0)
  private let addresses: Set<IPAddress>

  package convenience init(_ limits: BridgeLimits) {
    self.init(limits, addresses: Self.ownAddresses)
  }

  /// - Parameter addresses: those of this host, besides its loopback.
  package init(_ limits: BridgeLimits, addresses: [String]) {
    self.limits = limits
    self.addresses = Set(addresses.compactMap { IPAddress($0) })
  }

  /// Connections that are open, those that are turned away included.
  package var sessionCount: Int { sessions.load(ordering: .relaxed) }
  /// Of all messages in hand.
  package var messageBytes: Int { bytes.load(ordering: .relaxed) }
  /// Sessions and messages that got the answer of overload.
  package var turnedAwayCount: Int { turnedAway.load(ordering: .relaxed) }

  /// Messages whose content began and whose end never came.
  package var abandonedCount: Int { abandoned.load(ordering: .relaxed) }

  /// A session begins; `end` is to be called for it.
  /// - Parameter isShort: of descriptors, however many sessions there are.
  package func begin(isShort: Bool = false) -> Admission {
    let count = sessions.wrappingAdd(1, ordering: .relaxed).newValue
    if count > limits.sessionsMax || isShort {
      noteTurnedAway()
      return .turnedAway
    }
    return count > limits.sessionsMax - Self.part(limits.reservePercent, of: limits.sessionsMax)
      ? .reserved : .full
  }

  package func end() { sessions.wrappingSubtract(1, ordering: .relaxed) }

  func change(by difference: Int) { bytes.wrappingAdd(difference, ordering: .relaxed) }

  /// Whether a message may begin.
  func hasMemory(isOfThisHost: Bool) -> Bool {
    let room =
      limits.memoryBytesMax
      - (isOfThisHost ? 0 : Self.part(limits.reservePercent, of: limits.memoryBytesMax))
    return messageBytes < room
  }

  func noteTurnedAway() { turnedAway.wrappingAdd(1, ordering: .relaxed) }

  func noteAbandoned() { abandoned.wrappingAdd(1, ordering: .relaxed) }

  private static func part(_ percent: Int, of whole: Int) -> Int {
    whole / 100 * percent + whole % 100 * percent / 100
  }

  /// Whether the client is on this host: a program that hands mail in, or the sender of our own.
  func isOfThisHost(_ facts: ConnectFacts) -> Bool {
    switch facts.family {
    case .unknown, .unix: return true
    case .inet, .inet6:
      guard let address = IPAddress(String(decoding: facts.address, as: UTF8.self)) else {
        return false
      }
      return address.isLoopback || addresses.contains(address)
    }
  }

  private static let ownAddresses: [String] = {
    let devices = (try? System.enumerateDevices()) ?? []
    return devices.compactMap { $0.address?.ipAddress }
  }()
}
