// What signatures of a message may make us spend. All of it is chosen by whoever wrote the message,
// or by whoever owns the domain that it names: each limit bounds one of them.

/// Bounds on reading and verifying signatures.
package struct SignatureLimits: Sendable, Equatable {
  /// Signatures of a message that are verified, from the top; each costs a lookup and a public-key
  /// operation. What is beyond is counted, never verified.
  package var signaturesMax = 10
  /// Bytes of the header; OpenDKIM stops at 65,536, the mail reader at this.
  package var headerBytesMax = 262_144
  /// Bytes of one signature's field.
  package var fieldBytesMax = 16_384
  /// Tags of one signature or key record.
  package var tagsMax = 64
  /// Names in `h=`.
  package var headerNamesMax = 400
  /// Bytes of one key record; an RSA key of 4,096 bits needs 740.
  package var keyRecordBytesMax = 4_096
  /// Key records of one name that are tried, if it has several (RFC 6376 §3.6.2.2).
  package var keyRecordsMax = 3
  /// RFC 8301 §3.2: shorter keys make no valid signature.
  package var rsaKeyBitsMin = 1_024
  /// RFC 8301 §3.2 asks for 4,096.
  package var rsaKeyBitsMax = 8_192
  /// ARC sets of a message (RFC 8617 §4.2.1).
  package var instancesMax = 50
  /// How far clocks may differ where `t=` and `x=` are compared with ours (RFC 6376 §3.5).
  package var clockSlackSeconds: Int64 = 300

  package init() {}
}
