// Questions to the DNS whose answers are known, for benchmarks: asked as checks ask, but nobody is
// asked outside.
internal import Resolver
internal import RuleBytecode

public struct CachedLookups: Sendable {
  private let resolver: DNSResolver
  private let questions: [DNSQuestion]

  /// Nil when the resolver cannot start.
  public init?(entries: Int) {
    var cache = DNSCache()
    var questions: [DNSQuestion] = []
    for index in 0..<entries {
      guard let name = try? DNSName("\(index % 256).\(index / 256).0.192.list.example"),
        let code = IPAddress("127.0.0.2")
      else { return nil }
      let question = DNSQuestion(name, .a)
      // Lists have some of those that they are asked for.
      let answer: DNSAnswer =
        index % 4 == 0
        ? .records([.address(code)], ttlSeconds: 3_600) : .none(.noName, ttlSeconds: 900)
      cache.keep(answer, to: question, now: 0)
      questions.append(question)
    }
    guard let resolver = try? DNSResolver(servers: ["127.0.0.1:9"], cache: cache) else {
      return nil
    }
    (self.resolver, self.questions) = (resolver, questions)
  }

  public var count: Int { questions.count }

  /// What the cache takes, as it counts it.
  public var cacheBytes: Int { resolver.load.cacheBytes }

  /// Asks for all, one after the other; returns how many were there.
  public func askAll() -> Int {
    questions.reduce(0) { sum, question in
      sum + (resolver.cached(question)?.records.isEmpty == false ? 1 : 0)
    }
  }

  /// As messages do that have a budget and ask so many questions each.
  public func askAll(perMessage: Int) async -> Int {
    var there = 0
    var budget = DNSBudget(resolver)
    for (index, question) in questions.enumerated() {
      if index % perMessage == 0 { budget = DNSBudget(resolver) }
      if await !budget.ask(question).records.isEmpty { there += 1 }
    }
    return there
  }

  /// Questions that went outside.
  public var misses: Int { resolver.load.cache.misses }
}
