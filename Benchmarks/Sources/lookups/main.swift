// lookups: how many questions to the DNS are answered from the cache in a second, on one core.

import Foundation
import Harness
import Timing

func fail(_ what: String) -> Never {
  FileHandle.standardError.write(Data("lookups: \(what)\n".utf8))
  exit(1)
}

func perSecond(_ count: Int, _ nanoseconds: Double) -> String {
  "\((Double(count) / nanoseconds * 1e9).text(0)) a second"
}

for entries in [1_000, 50_000] {
  guard let lookups = CachedLookups(entries: entries) else { fail("the resolver cannot start") }
  var there = 0
  let plain = nanoseconds { there = lookups.askAll() }
  guard there == entries / 4 else { fail("\(there) of \(entries / 4) answers") }
  report("\(entries) answers, the cache", perSecond(entries, plain))
  var best = Double.infinity
  for _ in 0..<5 {
    let start = ContinuousClock.now
    there = await lookups.askAll(perMessage: 20)
    best = min(best, (ContinuousClock.now - start).nanoseconds)
  }
  guard there == entries / 4, lookups.misses == 0 else { fail("not all came from the cache") }
  report("\(entries) answers, with a message's budget", perSecond(entries, best))
  report("\(entries) answers, memory as counted", "\(lookups.cacheBytes / entries) bytes each")
}
