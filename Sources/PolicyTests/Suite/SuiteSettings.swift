// What `test_config_set` sets. Settings that our language does not have are kept and mean nothing.
internal import RuleBytecode
internal import RuleCompiler
internal import RuleVM

struct SuiteSettings {
  private var values: [String: String] = [:]

  subscript(name: String) -> String? {
    get { values[name] }
    set { values[name] = newValue }
  }

  /// How much scripts may include.
  var compilerLimits: CompilerLimits {
    var limits = CompilerLimits.standard
    if let most = values["sieve_include_max_includes"].flatMap({ Int($0) }), most > 0 {
      limits.includesMax = min(most, limits.includesMax)
    }
    if let most = values["sieve_include_max_nesting_depth"].flatMap({ Int($0) }), most > 0 {
      limits.includeNestingMax = min(most, limits.includeNestingMax)
    }
    if let most = addedFieldBytesMax { limits.addedFieldBytesMax = most }
    return limits
  }

  private var addedFieldBytesMax: Int? {
    values["sieve_editheader_max_header_size"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
  }

  private func trimmed(_ name: String) -> String {
    String((values[name] ?? "").drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }

  /// The address of the user whose script it is.
  var userAddress: String? {
    let address = trimmed("sieve_user_email")
    return address.isEmpty ? nil : address
  }

  /// Who sends a redirected message. What came from nobody goes on from nobody (RFC 5228 §4.2).
  func redirectSender(of mail: SuiteMail) -> String {
    if mail.sender.isEmpty || mail.sender == "<>" { return "" }
    let choice = trimmed("sieve_redirect_envelope_from")
    switch choice {
    case "recipient": return mail.recipient
    case "orig_recipient":
      return mail.originalRecipient.isEmpty ? mail.recipient : mail.originalRecipient
    case "user_email": return userAddress ?? mail.recipient
    default: return choice.hasPrefix("<") ? String(choice.dropFirst().dropLast()) : mail.sender
    }
  }

  /// What they mean to the machine.
  var sieve: SieveSettings {
    var settings = SieveSettings()
    // Suites expect to run where mail is stored, under the program whose dialect they speak.
    settings.location = "MS"
    settings.name = "Pigeonhole Sieve"
    if let characters = values["recipient_delimiter"] { settings.recipientDelimiters = characters }
    settings.spam = status("sieve_spamtest")
    settings.virus = status("sieve_virustest")
    if let most = addedFieldBytesMax { settings.addedFieldBytesMax = most }
    protect(&settings)
    return settings
  }

  private func status(_ prefix: String) -> StatusHeader? {
    guard let header = values[prefix + "_status_header"] else { return nil }
    let form = StatusHeader.Form(rawValue: values[prefix + "_status_type"] ?? "score") ?? .score
    let (name, pattern) = Self.split(header)
    var status = StatusHeader(name: name, form: form)
    status.pattern = pattern
    if let maximum = values[prefix + "_score_max_header"] {
      let (name, pattern) = Self.split(maximum)
      status.maximumName = name.lowercased()
      status.maximumPattern = pattern
    }
    status.maximum = values[prefix + "_score_max_value"].flatMap { Decimal.parse(Array($0.utf8)) }
    for grade in 0...10 {
      status.texts[grade] = values[prefix + "_text_value/\(grade)"]
    }
    return status
  }

  /// `NAME` or `NAME:PATTERN`, blanks before the pattern left out.
  private static func split(_ text: String) -> (name: String, pattern: String?) {
    guard let colon = text.firstIndex(of: ":") else { return (text, nil) }
    let pattern = text[text.index(after: colon)...].drop { $0 == " " }
    return (String(text[..<colon]), String(pattern))
  }

  /// The lists that there are, and what is in them: a file holds two lines for each entry.
  func list(_ name: String) -> Set<String>? {
    let short = name.hasPrefix(Self.listPrefix) ? ":" + name.dropFirst(Self.listPrefix.count) : name
    let declared = (values["sieve_extlists_list"] ?? "").split(separator: " ")
    guard declared.contains(where: { $0 == short }) else { return nil }
    guard let file = values["sieve_extlists_list/\(short)/dict/file/path"],
      case .success(let bytes) = TestFiles.read(file, limit: 1 << 20)
    else { return [] }
    let lines = String(decoding: bytes, as: UTF8.self).split { $0.isNewline }
    return Set(lines.compactMap { $0.split(separator: "/").last.map { $0.lowercased() } })
  }

  private static let listPrefix = "urn:ietf:params:sieve:"

  /// A field that no mail can do without cannot be protected.
  private func protect(_ settings: inout SieveSettings) {
    guard let names = values["sieve_editheader_header"] else { return }
    for name in names.split(separator: " ").map(String.init) where name.lowercased() != "subject" {
      let key = "sieve_editheader_header/\(name)/"
      if values[key + "forbid_add"] == "yes" { settings.namesNotAdded.insert(name.lowercased()) }
      if values[key + "forbid_delete"] == "yes" {
        settings.namesNotDeleted.insert(name.lowercased())
      }
    }
  }
}
