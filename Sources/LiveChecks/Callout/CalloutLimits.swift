// The bounds of call-outs: how long an answer is believed, and how much is asked of whom. Hosts of
// strangers are asked little: who asks much there is taken for somebody who tries out addresses.

package struct CalloutLimits: Sendable, Equatable {
  /// A yes lasts; a no less long, since a mailbox may be made meanwhile.
  package var knownSeconds = 7_200
  package var unknownSeconds = 1_800
  /// A 4xx: a greylist over there wants to be asked again, only not at once.
  package var deferredSeconds = 15
  package var failureSeconds = 5
  package var entriesMax = 50_000
  /// Questions under way.
  package var flightsMax = 1_000

  /// Calls at once to one domain's hosts, and in a minute.
  package var strangerCallsMax = 4
  package var strangerMinuteMax = 120
  /// Calls at once to a server that the policy names.
  package var serverCallsMax = 32
  /// Calls that wait for a place at one host.
  package var waitingMax = 200
  /// Hosts and domains that are kept in mind.
  package var placesMax = 2_000
  /// Failures in a row before a host is left alone.
  package var failuresMax = 3
  package var leaveAloneMilliseconds = 60_000
  /// Addresses of a domain that are tried.
  package var addressesMax = 3
  /// Of what a host said.
  package var textBytesMax = 400

  package init() {}
}
