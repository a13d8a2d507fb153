// Where lines go. A sink writes what it can and says how far it came; it may wait a little, since
// the pump alone calls it.
package import Logging

/// A line as sinks take it.
package struct LogLine: Sendable {
  package let level: Logger.Level
  package let key: String?
  /// On one line, without its end.
  package let text: String
  /// For sinks that keep fields: names of capital letters.
  package let fields: [(name: String, value: String)]

  package init(
    level: Logger.Level, key: String?, text: String, fields: [(name: String, value: String)] = []
  ) {
    self.level = level
    self.key = key
    self.text = text
    self.fields = fields
  }
}

package protocol LogSink: Sendable {
  /// Whether it wants `LogLine.fields`.
  var wantsFields: Bool { get }
  /// - Returns: how many of the lines were taken, from the first.
  func write(_ lines: ArraySlice<LogLine>) -> Int
}

extension LogSink {
  package var wantsFields: Bool { false }
}

/// Where a daemon's lines go.
package enum LogDestination: String, CaseIterable, Sendable { case stderr, syslog, journal }

/// RFC 3164 §4.1 as local daemons are written to: priority, local time, name and process.
enum SyslogForm {
  /// Mail.
  static let facility = 2
  /// rsyslog takes 8 KiB if nothing else is said.
  static let bytesMax = 8_000

  static func severity(_ level: Logger.Level) -> Int {
    switch level {
    case .trace, .debug: 7
    case .info: 6
    case .notice: 5
    case .warning: 4
    case .error: 3
    case .critical: 2
    }
  }

  static func datagram(_ line: LogLine, time: String, process: Int32) -> [UInt8] {
    let priority = facility * 8 + severity(line.level)
    let bytes = Array("<\(priority)>\(time) defangd[\(process)]: \(line.text)".utf8)
    guard bytes.count > bytesMax else { return bytes }
    // Not within a character.
    var end = bytesMax
    while end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
    return Array(bytes[..<end])
  }
}

/// The journal's own protocol: `NAME=value` lines, or name, length and bytes for values with line
/// ends (https://systemd.io/JOURNAL_NATIVE_PROTOCOL/).
enum JournalForm {
  static func datagram(_ line: LogLine) -> [UInt8] {
    var bytes: [UInt8] = []
    func add(_ name: String, _ value: String) {
      bytes += name.utf8
      if value.utf8.contains(10) {
        bytes.append(10)
        let count = UInt64(value.utf8.count)
        for shift in stride(from: 0, to: 64, by: 8) {
          bytes.append(UInt8(truncatingIfNeeded: count >> UInt64(shift)))
        }
      } else {
        bytes.append(61)
      }
      bytes += value.utf8
      bytes.append(10)
    }
    add("MESSAGE", line.text)
    add("PRIORITY", String(SyslogForm.severity(line.level)))
    add("SYSLOG_IDENTIFIER", "defangd")
    add("SYSLOG_FACILITY", String(SyslogForm.facility))
    for field in line.fields { add(field.name, field.value) }
    return bytes
  }
}

/// What an administrator says of levels.
package enum LeastLevel: String, CaseIterable, Sendable {
  case debug, info, notice, warning, error

  package var level: Logger.Level { .named(rawValue) }
}

extension Logger.Level {
  /// One whose name swift-log has, as it has all of rules and of `LeastLevel`.
  static func named(_ name: String) -> Self { Self(rawValue: name) ?? .info }
}
