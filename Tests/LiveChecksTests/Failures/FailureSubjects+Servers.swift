// Tables that a server holds; what it says is written by hand, byte by byte, so that it can be cut
// anywhere. That real ones say the same is what the tests of each source show.

extension FailureSubject {
  static let servers = [
    table("redis", #""{address}""#, at: .unix, .once("$3\r\nyes\r\n", garbage: noise)),
    table("socketmap", #""{address}""#, at: .unix, .once("6:OK yes,", garbage: noise)),
    table(
      "ldap",
      #""ldap://127.0.0.1:{port}" :base "dc=example" :filter "(uid=%s)" :attribute "v""#,
      at: .loopback, directory),
    table(
      "postgresql",
      #""host=127.0.0.1 port={port} user=u dbname=d sslmode=disable gssencmode=disable""#
        + #" :query "select v from t where k = $1""#,
      at: .loopback, database),
  ]

  private static let noise = "HTTP/1.1 400 Bad Request\r\n\r\n"

  private static func table(
    _ source: String, _ address: String, at place: FailingServer.Place, _ script: FailingScript
  ) -> FailureSubject {
    FailureSubject(
      name: "table :\(source)", failure: "table",
      declarations: #"table :\#(source) \#(address) :type "map" :timeout {timeout} "t";"#,
      test: #"lookup "table:t" "key""#, phase: "mail"
    ) { fault in
      try await FailingServer(fault, script, at: place).service
    }
  }

  // MARK: LDAP (RFC 4511)

  private static let directory = FailingScript(garbage: Array(noise.utf8)) { _, request in
    // Of the request only its number is read: SEQUENCE, length, INTEGER of one byte.
    guard request.count > 5, request[0] == 0x30 else { return nil }
    let start = request[1] < 0x80 ? 2 : 2 + Int(request[1] & 0x7f)
    guard request.count > start + 3, request[start + 3] != unbind else { return nil }
    let number: [UInt8] = [2, 1, request[start + 2]]
    let value = ber(0x31, ber(4, Array("yes".utf8)))
    let attributes = ber(0x30, ber(0x30, ber(4, Array("v".utf8)) + value))
    let entry = ber(0x64, ber(4, Array("uid=key,dc=example".utf8)) + attributes)
    let done = ber(0x65, [0x0a, 1, 0, 4, 0, 4, 0])
    return .init(bytes: ber(0x30, number + entry) + ber(0x30, number + done))
  }

  private static let unbind: UInt8 = 0x42

  private static func ber(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
    precondition(content.count < 128, "a short form says every length here")
    return [tag, UInt8(content.count)] + content
  }

  // MARK: PostgreSQL (manual, section 55.7)

  private static let database = FailingScript(garbage: Array(noise.utf8)) { _, request in
    let ready = message("Z", [UInt8(ascii: "I")])
    switch request.first {
    // Start-up begins with its length.
    case 0: return .init(bytes: message("R", [0, 0, 0, 0]) + ready, isAnswer: false)
    case UInt8(ascii: "Q"):
      let set = message("C", Array("SET\0".utf8))
      return .init(bytes: set + set + ready, isAnswer: false)
    case UInt8(ascii: "P"):
      let column: [UInt8] = Array("v\0".utf8) + [0, 0, 0, 0, 0, 0, 0, 0, 0, 25, 255, 255]
      let row: [UInt8] = [0, 1, 0, 0, 0, 3] + Array("yes".utf8)
      let bytes =
        message("1", []) + message("2", [])
        + message("T", [0, 1] + column + [255, 255, 255, 255, 0, 0]) + message("D", row)
        + message("C", Array("SELECT 1\0".utf8)) + ready
      return .init(bytes: bytes)
    default: return nil
    }
  }

  private static func message(_ type: Unicode.Scalar, _ content: [UInt8]) -> [UInt8] {
    [UInt8(ascii: type), 0, 0, 0, UInt8(content.count + 4)] + content
  }
}
