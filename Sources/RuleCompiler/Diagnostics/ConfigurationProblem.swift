// Mistakes in the daemon's configuration, which is read with the machinery of the language.

/// C: a setting that cannot be as it is written.
package enum ConfigurationProblem: Equatable, Sendable {
  case setTwice(String)
  /// A command of the rules language.
  case ofPolicies(String)
  case sameListener(String)
  /// A tag of unix sockets at a network address, or the other way round.
  case tagOfOtherListener(String, isUnix: Bool)
  /// Other hosts could connect, and nothing says that they shall.
  case reachable(String)
  /// libmilter serves one.
  case oneListener
  case credentialsInClear
  case overloadAccepts
  case mailServer(String)
  case account(String)
  case memoryPlace(String)
  case tagOfRedis(String)
  case socketPathTooLong(bytes: Int, max: Int)
  case traceFilter(String)
  /// Other hosts could ask for figures.
  case figuresElsewhere(String)
}

extension ConfigurationProblem {
  var code: ProblemCode {
    switch self {
    case .setTwice: .setTwice
    case .ofPolicies: .commandOfPolicies
    case .sameListener: .sameListener
    case .tagOfOtherListener: .tagOfOtherListener
    case .reachable: .reachableListener
    case .oneListener: .oneListener
    case .credentialsInClear: .credentialsInClear
    case .overloadAccepts: .overloadAccepts
    case .mailServer: .badMailServer
    case .account: .badAccount
    case .memoryPlace: .badMemoryPlace
    case .tagOfRedis: .tagOfRedis
    case .socketPathTooLong: .socketPathTooLong
    case .traceFilter: .badTraceFilter
    case .figuresElsewhere: .figuresElsewhere
    }
  }

  var wording: Wording {
    switch self {
    case .setTwice(let name): Wording("\(quoted(name)) is set twice")
    case .ofPolicies(let name):
      Wording("\(quoted(name)) is no setting", "it belongs to policies")
    case .sameListener(let address): Wording("\(quoted(address)) is listened at twice")
    case .tagOfOtherListener(let tag, let isUnix):
      Wording(
        "\(quoted(":" + tag)) means nothing here",
        isUnix ? "a unix socket is of this host alone" : "only unix sockets have it")
    case .reachable(let address): Wording("other hosts can connect to \(quoted(address))")
    case .oneListener: Wording("libmilter serves one listener", "this is the second")
    case .credentialsInClear: Wording("a password is never sent without encryption")
    case .overloadAccepts: Wording("at overload, mail passes without being looked at")
    case .mailServer(let text): Wording("\(quoted(text)) is no mail server")
    case .account(let text): Wording("\(quoted(text)) is no name of a user or group")
    case .memoryPlace(let text):
      Wording("\(quoted(text)) is no place for memories", "expected sqlite or redis:ADDRESS")
    case .tagOfRedis(let tag): Wording("\(quoted(":" + tag)) is of Redis", "sqlite is a file")
    case .socketPathTooLong(let bytes, let max):
      Wording("the path of this socket is too long: \(counted(bytes, "byte"))", "at most \(max)")
    case .traceFilter(let text):
      Wording("\(quoted(text)) says of no mail that it is traced", "expected words like rule=spam*")
    case .figuresElsewhere(let address):
      Wording("other hosts could read figures at \(quoted(address))")
    }
  }

  var help: String? {
    switch self {
    case .setTwice(let name):
      SettingSheet.byName[name]?.isListable == true
        ? "name all in one list: \(name) [\"…\", \"…\"];" : "leave one of them out"
    case .ofPolicies: "put it into a file that 'rules' names"
    case .sameListener: "leave one of them out"
    case .tagOfOtherListener: "leave it out"
    case .reachable: "name this host (127.0.0.1, ::1), or say ':remote' and guard the port"
    case .oneListener: "take engine \"nio\", or leave one out"
    case .credentialsInClear: "take ':tls \"required\"'"
    case .overloadAccepts: "\"tempfail\" has it sent again later"
    case .mailServer: "write mail.example.org:25, 127.0.0.1:25, [::1]:25 or unix:/path"
    case .account: "a name has up to 32 letters, digits, '_', '-' and '.'"
    case .memoryPlace: "write \"redis:inet:6379@192.0.2.7\" or \"redis:unix:/run/redis.sock\""
    case .tagOfRedis: "leave it out, or name the Redis"
    case .socketPathTooLong: nil
    case .traceFilter:
      "the words are client=NET, sender=A, recipient=A, rule=NAME and share=1/N, parted by blanks"
    case .figuresElsewhere: "take a unix socket or an address of this host (127.0.0.1, ::1)"
    }
  }
}

extension Setting {
  fileprivate var isListable: Bool { value?.isList == true }
}
