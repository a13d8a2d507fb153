// The kinds of checks in docs/FAILURES.md.

extension FailureSubject {
  static let all = groups.flatMap(\.subjects)

  static let groups = [
    FailureGroup(
      title: "Asked of a server",
      text: """
        "restarted" is the message that comes after it; "slow" comes within the time of the call,
        "no answer" never; with "absent" nobody listens.
        """,
      subjects: scanners + [icap, program, callout] + servers),
    FailureGroup(
      title: "Asked by DNS",
      text: """
        The name server behaves so for the name that decides. "cut half-way" is over TCP; what was
        answered before a restart is known.
        """,
      subjects: names),
    FailureGroup(
      title: "Databases in files",
      text: """
        "restarted" is another file put in its place by `mv`; "no answer" is a program that holds
        the file alone for longer than a call waits.
        """,
      subjects: files),
    FailureGroup(
      title: "What the filter remembers",
      text: """
        "no answer" is another process that holds the file for longer than a call waits, "garbage" a
        file that is damaged (it is set aside, and a new one begun), "restarted" a state folder that
        was deleted while the filter runs, "absent" one that was not there at its start.
        """,
      subjects: memories),
    FailureGroup(
      title: "What several hosts remember in one Redis",
      text: """
        A call has four seconds. What the filter cannot tell Redis is not remembered; what it cannot
        ask has failed.
        """,
      subjects: sharedMemories),
  ]

  // MARK: Scanners

  private static let scanners = [
    scanner(
      "clamd", .once("stream: Test.Malware FOUND\0", garbage: "220 mx.example.net ESMTP\0")),
    scanner(
      "spamd",
      .once(
        "SPAMD/1.1 0 EX_OK\r\nContent-length: 2\r\nSpam: True ; 15.0 / 5.0\r\n\r\nA\n",
        garbage: "220 mx.example.net ESMTP\r\n\r\n")),
    scanner("rspamd", rspamd),
  ]

  private static let rspamd: FailingScript = {
    let body = #"{"action": "reject", "score": 15, "required_score": 10, "symbols": {}}"#
    return .once(
      "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)",
      garbage: "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnull")
  }()

  private static func scanner(_ kind: String, _ script: FailingScript) -> FailureSubject {
    FailureSubject(
      name: "scan :\(kind)", failure: "scanner",
      declarations: #"scanner :\#(kind) "{address}" "s";"#, test: #"scan :timeout {timeout} "s""#
    ) { fault in
      try await FailingServer(fault, script).service
    }
  }

  // MARK: Call-outs

  private static let callout = FailureSubject(
    name: "recipient_known", failure: "callout",
    declarations: #"table :inline ["example.net 127.0.0.1:{port}"] :type "map" "inner";"#,
    test: """
      allof (
        lookup :set "host" "table:inner" "${rcpt.domain}",
        not recipient_known :server "${host}" :timeout {timeout} "${rcpt}"
      )
      """,
    phase: "rcpt"
  ) { fault in
    var script = FailingScript(garbage: Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)) {
      _, request in
      let line = String(decoding: request, as: UTF8.self)
      let isQuestion = line.hasPrefix("RCPT")
      let reply = isQuestion ? "550 5.1.1 no such mailbox\r\n" : "250 2.0.0 ok\r\n"
      return .init(bytes: Array(reply.utf8), isAnswer: isQuestion)
    }
    script.greeting = Array("220 mail.example.net ESMTP\r\n".utf8)
    return try await FailingServer(fault, script, at: .loopback).service
  }

  // MARK: Databases in files

  private static let files = [
    file("cdb") { path, hasKey, folder in
      let record = hasKey ? "+3,3:key->yes\n\n" : "+1,1:x->y\n\n"
      try folder.run(["cdb", "-c", "-t", path + ".tmp", path], input: record)
    },
    file("lmdb") { path, hasKey, folder in
      let lines = [
        "VERSION=3", "format=print", "type=btree", "mapsize=10485760", "maxreaders=126",
        "HEADER=END", hasKey ? " key" : " x", " yes", "DATA=END", "",
      ]
      try folder.run(["mdb_load", "-n", path], input: lines.joined(separator: "\n"))
      try folder.run(["rm", path + "-lock"])
    },
    file("sqlite", #" :query "select v from t where k = $1""#) {
      path, hasKey, folder in
      let row = hasKey ? "('key', 'yes')" : "('x', 'y')"
      try folder.run(["sqlite3", path], input: "create table t(k, v); insert into t values\(row);")
    },
  ]

  private static func file(
    _ source: String, _ options: String = "",
    _ make: @escaping @Sendable (String, Bool, TestFolder) throws -> Void
  ) -> FailureSubject {
    FailureSubject(
      name: "table :\(source)", failure: "table",
      declarations: """
        table :\(source) "{path}"\(options) :type "map" :timeout {timeout} "t";
        """,
      test: #"lookup "table:t" "key""#, phase: "mail",
      faults: FailureFault.allCases.filter {
        $0 != .slow && ($0 != .silent || source == "sqlite")
      }
    ) { fault in
      try FailingFile.service(fault, make)
    }
  }

  // MARK: What is remembered

  private static let memories = [
    memory("greylist", "greylist :delay 60", phase: "rcpt"),
    memory("rate", #"not rate :limit 1000 :window 60 "key""#, phase: "mail"),
    memory("duplicate", #"not duplicate :uniqueid "key""#, phase: "eom"),
    memory("sender_known", "not sender_known", phase: "mail"),
  ]

  private static func memory(_ name: String, _ test: String, phase: String) -> FailureSubject {
    FailureSubject(
      name: name, failure: "store", test: test, phase: phase,
      faults: [.answer, .silent, .garbage, .restarted, .absent]
    ) { fault in
      try FailingMemory.service(fault)
    }
  }

  private static let sharedMemories = memories.map { memory in
    FailureSubject(
      name: memory.name + " in Redis", failure: memory.failure, test: memory.test,
      phase: memory.phase
    ) { fault in
      var service = try await FailingServer(fault, emptyRedis).service
      service.sharedMemory = service.words["address"]
      return service
    }
  }

  /// Knows nothing, and takes what it is told: MGET and EVAL.
  private static let emptyRedis = FailingScript(
    garbage: Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)
  ) { _, request in
    let words = String(decoding: request, as: UTF8.self).split(separator: "\r\n")
    guard words.contains("MGET"), let count = words.first.flatMap({ Int($0.dropFirst()) }) else {
      return .init(bytes: Array(":1\r\n".utf8))
    }
    let nothing = String(repeating: "$-1\r\n", count: count - 1)
    return .init(bytes: Array("*\(count - 1)\r\n\(nothing)".utf8))
  }
}
