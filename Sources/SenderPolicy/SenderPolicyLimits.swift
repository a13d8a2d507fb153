// Every bound of the checks of senders. The first four are RFC 7208 §4.6.4's.

package struct SenderPolicyLimits: Sendable {
  /// Terms that make the check ask: include, a, mx, ptr, exists, redirect.
  package var askingTermsMax = 10
  /// Terms whose own name turns out to have nothing.
  package var voidTermsMax = 2
  /// More of them are a permerror.
  package var mailHostsMax = 10
  /// More of them are left out.
  package var reverseNamesMax = 10
  /// Of a record, its strings joined; what the DNS can carry in one record.
  package var recordBytesMax = 65_535
  /// Of the sender and of HELO, each; what is longer is cut off and so has no policy. SMTP allows
  /// 64 and 255 bytes of an address's halves (RFC 5321 §4.5.3.1).
  package var identityBytesMax = 512
  /// Of the explanation a domain gives; the rest is cut off. A reply line of SMTP has 512 (RFC
  /// 5321 §4.5.3.1.5).
  package var explanationBytesMax = 400
  /// Of the words of a record that a result quotes.
  package var quotedBytesMax = 128

  /// Different domains in From (RFC 7489 §6.6.1); more of them are a permerror.
  package var authorDomainsMax = 8
  /// DKIM's results that are looked at; the rest is left out.
  package var signaturesMax = 32

  package init() {}
}
