// All that a running suite knows beside its script: message and envelope, the delivery so far,
// the script under test, settings.
internal import RuleBytecode
internal import RuleVM

final class SuiteState {
  /// Where the suite is; scripts are named relative to it.
  let path: String
  var delivery = SuiteDelivery()
  var envelope = SuiteMail(bytes: SuiteState.firstMessage)
  var script: SuiteScript?
  var errors: [String] = []
  var images: [String: [UInt8]] = [:]
  var settings = SuiteSettings()
  /// What a script under test cost beyond what it can.
  var overspent: Difference?
  private var asked: Set<[String]> = []
  private var tracked: Set<[String]> = []
  /// The message behind the last script's edits; nil when none has run since the last reset.
  private var edited: [UInt8]?

  /// What is at hand before a suite says otherwise.
  static let firstMessage = Array(
    """
    From: sender@example.com\r
    To: recipient@example.org\r
    Subject: Frop!\r
    \r
    Friep!\r

    """.utf8)

  init(path: String) { self.path = path }

  // MARK: Scripts

  func compile(_ file: String) -> Bool {
    let compiled = SuiteScript(
      path: TestFiles.path(file, besideFile: path), suite: path, settings: settings)
    script = compiled
    errors = compiled.errors
    return compiled.program != nil
  }

  /// Runs the script under test on the message at hand.
  func run(on message: [UInt8], appends: Bool) -> Bool {
    errors = []
    if !appends { delivery.reset() }
    guard let program = script?.program else {
      errors = ["no script was compiled"]
      return false
    }
    var mail = envelope
    mail.bytes = appends ? edited ?? message : message
    let run = SuiteRun(
      program, mail: mail, settings: settings, seen: { [unowned self] in hasSeen($0) },
      onAction: { [unowned self] in add($0) })
    let trouble = run.finish()
    edited = run.message
    overspent = overspent ?? run.cost.difference
    if let trouble, errors.isEmpty { errors = [trouble] }
    let isRun = errors.isEmpty
    if isRun { errors = run.complaints }
    return isRun
  }

  /// Runs scripts one after the other as long as the message is kept.
  func runAll(_ files: [String], on message: [UInt8]) -> Bool {
    delivery.reset()
    edited = nil
    for file in files {
      guard compile(file), run(on: message, appends: true) else { return false }
      if !delivery.isKept { break }
    }
    return execute(message)
  }

  // MARK: Actions

  func add(_ action: SuiteAction) {
    if let reason = delivery.add(action) { errors.append(reason) }
  }

  func execute(_ message: [UInt8]) -> Bool {
    var mail = envelope
    mail.bytes = message
    errors = delivery.execute(mail, edited: edited ?? message, settings: settings)
    if errors.isEmpty { tracked.formUnion(asked) }
    asked = []
    return errors.isEmpty
  }

  /// What was asked for becomes seen when its message was delivered (RFC 7352 §3): handle and
  /// value.
  func hasSeen(_ arguments: [String]) -> Bool {
    let key = [arguments.first ?? "", arguments.last ?? ""]
    asked.insert(key)
    return tracked.contains(key)
  }

  func resetResult() {
    delivery.reset()
    edited = nil
  }

  /// The entry of a list that `:index` picks, from 1; all without.
  static func picked(_ list: [String], _ index: Int?) -> [String] {
    guard let index else { return list }
    return list.indices.contains(index - 1) ? [list[index - 1]] : []
  }
}
