// The section `dns` of a case: records and faults, one a line, as `NAME TYPE VALUE`.
import Foundation
import MailLab

extension DNSZone {
  init(lines: [String]) throws {
    self.init()
    for line in lines where !line.isEmpty {
      let words = line.split(separator: " ", maxSplits: 2).map(String.init)
      guard words.count >= 2 else { throw LabError("no record: \(line)") }
      let (name, type) = (words[0], words[1])
      let value = words.count > 2 ? words[2] : ""
      switch type {
      case "A": add(name, try Self.address(value))
      case "PTR": add(name, .ptr(value))
      case "MX":
        let parts = value.split(separator: " ")
        add(name, .mx(UInt16(parts.first ?? "") ?? 0, String(parts.last ?? "")))
      case "TXT": add(name, .txt(Self.strings(value)))
      case "CNAME": add(name, .cname(value))
      case "silent": fail(name, .silent)
      case "slow": fail(name, .slow(milliseconds: UInt32(value) ?? 0))
      case "garbage": fail(name, .garbage)
      case "servfail": fail(name, .code(2))
      default: throw LabError("unknown record: \(line)")
      }
    }
  }

  private static func address(_ text: String) throws -> Data {
    let bytes = text.split(separator: ".").compactMap { UInt8($0) }
    guard bytes.count == 4 else { throw LabError("no address: \(text)") }
    return .a(bytes[0], bytes[1], bytes[2], bytes[3])
  }

  /// At most 255 bytes each (RFC 1035 §3.3).
  private static func strings(_ text: String) -> [String] {
    stride(from: 0, to: text.count, by: 255).map { start in
      String(text.dropFirst(start).prefix(255))
    }
  }
}
