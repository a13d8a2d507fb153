// Edits of the envelope: recorded in the order of the rules, worked out at the end against the
// recipients that were accepted. `${rcpt}` stays what the client said.

/// One edit. Recipients are given by their index among the accepted ones.
package enum EnvelopeEdit: Equatable, Sendable {
  case add(String)
  case delete(String)
  case setSender(String)
  /// A recipient becomes that address; nil: all of them do. With `copy` they stay as well.
  case redirect(String, recipient: Int?, copy: Bool)
  /// A plain Sieve script that does not keep the message: the recipients of the client get none.
  case deleteAccepted
}

/// What the mail server has to be told.
package struct EnvelopeChange: Equatable, Sendable {
  /// The new reverse path, without brackets; nil when it stays.
  package var sender: String?
  /// Indexes of accepted recipients that get nothing, ascending.
  package var removed: [Int] = []
  /// New recipients, in order.
  package var added: [String] = []

  package var isEmpty: Bool { sender == nil && removed.isEmpty && added.isEmpty }
}

/// The recipients of a message while its edits are worked out. Each edit costs what it changes, not
/// the number of recipients: a rule in `rcpt` makes one for each of them.
struct EnvelopeView {
  private struct Entry {
    /// Index among the accepted ones; nil for an added one.
    let accepted: Int?
    let key: [UInt8]
    let address: String
  }

  /// Nil for one that is gone.
  private var entries: [Entry?] = []
  private var places: [[UInt8]: [Int]] = [:]
  private var placeOfAccepted: [Int: Int] = [:]
  private var count = 0
  private var sender: String?
  private let acceptedCount: Int

  /// - Parameter staying: indexes of those that get the message at all.
  init(_ accepted: [String], staying: [Int]) {
    acceptedCount = accepted.count
    for index in staying {
      placeOfAccepted[index] = entries.count
      append(accepted[index], accepted: index)
    }
  }

  var isEmpty: Bool { count == 0 }
  var addresses: [String] { entries.compactMap { $0?.address } }

  mutating func apply(_ edit: EnvelopeEdit) {
    switch edit {
    case .add(let address): add(address)
    case .delete(let address):
      for place in places.removeValue(forKey: Self.key(address)) ?? [] { remove(place) }
    case .setSender(let address): sender = address
    case .redirect(let address, let recipient?, let copy):
      guard let place = placeOfAccepted[recipient], let entry = entries[place],
        entry.key != Self.key(address)
      else { return }
      if !copy { remove(place) }
      add(address)
    case .redirect(let address, nil, let copy):
      if !copy { removeAll(but: Self.key(address)) }
      add(address)
    case .deleteAccepted:
      for place in placeOfAccepted.values { remove(place) }
    }
  }

  private mutating func append(_ address: String, accepted: Int?) {
    let key = Self.key(address)
    places[key, default: []].append(entries.count)
    entries.append(Entry(accepted: accepted, key: key, address: address))
    count += 1
  }

  private mutating func add(_ address: String) {
    if places[Self.key(address)]?.contains(where: { entries[$0] != nil }) == true { return }
    append(address, accepted: nil)
  }

  private mutating func remove(_ place: Int) {
    guard let entry = entries[place] else { return }
    entries[place] = nil
    if let accepted = entry.accepted { placeOfAccepted[accepted] = nil }
    count -= 1
  }

  /// What is gone is dropped, so that doing it again and again costs nothing.
  private mutating func removeAll(but key: [UInt8]) {
    for place in entries.indices where entries[place]?.key != key { remove(place) }
    let kept = entries.compactMap { $0 }
    entries = []
    places = [:]
    placeOfAccepted = [:]
    count = 0
    for entry in kept {
      if let accepted = entry.accepted { placeOfAccepted[accepted] = entries.count }
      append(entry.address, accepted: entry.accepted)
    }
  }

  /// What differs from what the client gave.
  func change(sender old: String) -> EnvelopeChange {
    var change = EnvelopeChange()
    change.removed = (0..<acceptedCount).filter { placeOfAccepted[$0] == nil }
    change.added = entries.compactMap { $0 }.filter { $0.accepted == nil }.map(\.address)
    if let sender, Self.key(sender) != Self.key(old) { change.sender = sender }
    return change
  }

  /// Local parts are case-sensitive in theory (RFC 5321 §2.4); no delivery tells them apart.
  private static func key(_ address: String) -> [UInt8] { address.utf8.map(\.foldedASCII) }
}
