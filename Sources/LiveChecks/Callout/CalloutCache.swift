// What hosts said, for as long as it is believed, in a bounded number of entries: two generations,
// of which the older goes when the younger has grown to half of the bound. What is asked again and
// again moves into the younger one, so it stays. Pure: time is an argument.
internal import NIOCore

struct CalloutCache {
  private struct Entry {
    let answer: CalloutAnswer
    let end: NIODeadline
  }

  private let generationMax: Int
  private var young: [CalloutQuestion: Entry] = [:]
  private var old: [CalloutQuestion: Entry] = [:]

  init(entriesMax: Int) { generationMax = max(entriesMax / 2, 1) }

  var count: Int { young.count + old.count }

  mutating func answer(to question: CalloutQuestion, _ now: NIODeadline) -> CalloutAnswer? {
    if let entry = young[question] { return entry.end > now ? entry.answer : nil }
    guard let entry = old.removeValue(forKey: question), entry.end > now else { return nil }
    put(entry, question)
    return entry.answer
  }

  mutating func keep(
    _ answer: CalloutAnswer, to question: CalloutQuestion, seconds: Int, _ now: NIODeadline
  ) {
    old[question] = nil
    put(Entry(answer: answer, end: now + .seconds(Int64(seconds))), question)
  }

  private mutating func put(_ entry: Entry, _ question: CalloutQuestion) {
    if young[question] == nil, young.count >= generationMax {
      old = young
      young = [:]
    }
    young[question] = entry
  }
}
