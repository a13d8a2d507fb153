// Every bound of the resolver.

package struct ResolverLimits: Sendable, Equatable {
  /// How long a question may take, when the asker does not say.
  package static let questionMilliseconds = 5_000

  /// The longest that an asker may wait.
  package var questionMillisecondsMax = 60_000
  /// Questions on their way to servers at once; further ones wait their turn.
  package var activeMax = 512
  /// Different questions that are known at once, on their way or waiting; one more is `.busy`.
  package var openMax = 10_000
  /// Askers of all questions together.
  package var askersMax = 20_000
  /// The first try with a server; c-ares doubles it with each round through the servers.
  package var attemptMilliseconds = 1_500
  package var attempts = 2
  /// After so many questions a new channel is made: new ports, a new random state, and
  /// /etc/resolv.conf read again.
  package var questionsPerChannel = 500
  /// What we say that we take over UDP (the size that the DNS flag day of 2020 agreed on).
  package var datagramBytes = 1_232
  package var serversMax = 8
  package var answers = DNSAnswerLimits()
  package var cache = DNSCacheLimits()

  package init() {}
}

/// What is read of an answer.
package struct DNSAnswerLimits: Sendable, Equatable {
  package var messageBytesMax = 32_768
  /// In all sections together.
  package var recordsMax = 512
  /// One after the other.
  package var aliasesMax = 12
  /// Of one name (RFC 1035 §4.1.4): a writer needs one, a name of 127 labels could have 127.
  package var jumpsMax = 64

  package init() {}
}

package struct DNSCacheLimits: Sendable, Equatable {
  package var entriesMax = 50_000
  package var bytesMax = 32 << 20
  /// Below it a message would ask for the same twice.
  package var positiveSecondsMin = 1
  package var positiveSecondsMax = 86_400
  /// A name that appears should not be unknown for longer (RFC 2308 §5 would allow hours).
  package var negativeSecondsMax = 900
  /// Without an SOA record that says for how long.
  package var negativeSecondsUnsaid = 5
  /// Of failures (RFC 9520 §3.2: at least one second, at most five minutes).
  package var failureSeconds = 5

  package init() {}
}
