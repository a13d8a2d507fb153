// What one session and one message may cost the machine at most, and what happens past it.
package import FileContents
internal import RuleBytecode

/// The machine's limits. Each has a test at the limit and one past it.
package struct MachineLimits: Sendable, Equatable {
  /// Fuel for one message, and for each run before it; a unit is about a nanosecond.
  package var fuelMax = 5_000_000_000
  /// A path, a host's or a user's name that the mail server gives, in bytes: four times what RFC
  /// 5321 §4.5.3.1 lets a path have. The worst case of a policy is computed with it.
  package var nameBytesMax = 1_024
  /// Any other fact, macro or argument that it gives, in bytes.
  package var factBytesMax = 8_192
  /// Texts built in one run, in bytes.
  package var runSpaceBytesMax = 4 << 20
  /// Message variables and envelope facts, in bytes.
  package var messageSpaceBytesMax = 4 << 20
  /// Session variables and client facts, in bytes.
  package var sessionSpaceBytesMax = 256 << 10
  /// Decoded headers and parts of one message, in bytes.
  package var decodedSpaceBytesMax = 128 << 20
  /// Bytes of all texts that one `body` compares; more is an error of class `:limit`.
  package var bodyTextBytesMax = 256 << 20
  /// Bytes that are read and unpacked of the documents of one message, each as often as it is read.
  package var documentBytesMax = 128 << 20
  /// What is read of the archives of one message.
  package var archives = ArchiveLimits()
  /// Texts of one archive's members that a question compares, and their bytes; more is an error of
  /// class `:limit`.
  package var memberTextsMax = 40_000
  package var memberTextBytesMax = 1 << 20
  /// Bytes of a wildcard pattern that is built at run time; a longer one is an error of class
  /// `:limit`.
  package var wildcardKeyBytesMax = 1_024
  /// Steps that one test may spend on patterns that count them and name no number themselves
  /// (plain scripts).
  package var patternStepsMax = 500_000
  /// Patterns that the rules of one message may build at run time, and their length.
  package var builtPatternsMax = 64
  package var builtPatternBytesMax = 1_024
  /// Bytes of a variable's value; a longer one is cut at a character (RFC 5229 §6).
  package var variableBytesMax = 64 << 10
  /// Edits, warnings and log lines of one message.
  package var recordsMax = 10_000
  /// Texts of one message's log lines and part edits, in bytes.
  package var recordBytesMax = 16 << 20
  /// Trace events of one message; later ones are counted only.
  package var traceEventsMax = 100_000
  /// Questions to the outside that one message may ask; and those that are asked for its
  /// recipients, all together, in `rcpt` and in loops over them: one more recipient shall come
  /// again, not the message stay without its scanners.
  package var checksMax = 100
  package var recipientChecksMax = 1_000
  /// Bytes of one argument of such a question that is built at run time; a longer one is an error
  /// of class `:limit`.
  package var checkArgumentBytesMax = 16 << 10
  /// Bytes kept of one text in an answer; the rest is cut.
  package var answerTextBytesMax = 64 << 10
  /// Actions and redirects of one plain Sieve script.
  package var scriptActionsMax = 32
  package var scriptRedirectsMax = 4
  /// Received fields that are followed to where a mail came from.
  package var relayHopsMax = 30
  /// DKIM signatures that Authentication-Results tells of.
  package var signatureResultsMax = 16
  /// Seconds that `delay` can hold a reply back.
  package var delaySecondsMax = 8

  package init() {}
}

/// Why the machine gave a message up. Every one of them is answered by tempfail.
package enum Trap: Error, Equatable, Sendable {
  case outOfFuel(limit: Int)
  case spaceFull(name: String, bytesMax: Int)
  case tooManyRecords(limit: Int)
  case recordsTooLong(bytesMax: Int)
  case tooManyChecks(limit: Int)
  /// Of one part, and some rule asked for them.
  case tooManyNames(limit: Int)
  case tooManyScriptActions(limit: Int)
  case tooManyRedirects(limit: Int)
  /// RFC 5429 §2: a refusal and a delivery, or two refusals.
  case scriptConflict(String)
  /// A text that an action uses as address is none.
  case badAddress(String)
  /// A script built the name of a field from what it had, and no field can be called that.
  case badFieldName(String)
  /// A plain script adds a field with a longer value than the site allows.
  case fieldTooLong(bytesMax: Int)
  /// A pattern of a header edit took all its steps when the header came.
  case patternLimit
  /// PCRE2 does not take a pattern of the image: another release of it compiled the policy.
  case badPattern(String)
  /// The program asks for something that this state of the session does not have; a verified
  /// program run in the right phase cannot.
  case misplaced(String)

  /// One line for the log.
  package var message: String {
    switch self {
    case .outOfFuel(let limit): "the rules cost more than \(limit) units of fuel"
    case .spaceFull(let name, let limit): "texts of the \(name) take more than \(limit) bytes"
    case .tooManyRecords(let limit): "more than \(limit) edits, warnings or log lines"
    case .recordsTooLong(let limit):
      "log lines and part edits take more than \(limit) bytes"
    case .tooManyChecks(let limit): "more than \(limit) outside checks"
    case .tooManyNames(let limit): "a part with more than \(limit) names"
    case .tooManyScriptActions(let limit): "a script with more than \(limit) actions"
    case .tooManyRedirects(let limit): "a script with more than \(limit) redirects"
    case .scriptConflict(let action):
      "'\(action)' does not go with what the script asked for before"
    case .badAddress(let text): "'\(text)' is no mail address"
    case .badFieldName(let name):
      "the field name '\(name.prefix(80))' is invalid"
    case .fieldTooLong(let limit): "the value of an added field has more than \(limit) bytes"
    case .patternLimit: "a pattern of a header edit took all its steps"
    case .badPattern(let text): "the pattern \(text.prefix(80)) cannot be compiled here"
    case .misplaced(let what): "\(what) asked for where there is none"
    }
  }
}
