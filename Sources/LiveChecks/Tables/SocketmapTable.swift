// `:socketmap`: a server that speaks the protocol of sendmail (socket map, libsm) and Postfix
// (socketmap_table(5)): a request is the netstring of the table's name, a blank and the key; the
// answer a netstring that begins with OK, NOTFOUND, TEMP, TIMEOUT or PERM.
internal import NIOCore
internal import Scanners

struct SocketmapTable: TableSourceClient {
  private let name: String
  private let connections: KeptConnections<NetstringFrame>

  init(
    _ table: TableDeclaration, _ services: LiveServices, _ limits: TableCallLimits
  ) throws(LiveFailure) {
    name = table.name
    let host = try TableAddress.host(of: table)
    let frame = NetstringFrame(contentBytesMax: limits.valueBytesMax + 3)
    connections = KeptConnections(host, frame, services.eventLoops, limits)
  }

  func look(
    up key: String, scope: String, until deadline: NIODeadline
  ) async throws(TableTrouble) -> String? {
    let request = Netstring.bytes(Array("\(name) \(key)".utf8))
    let answer = try await connections.ask(request, until: deadline)
    let word = answer.prefix { $0 != 32 }
    let rest = String(decoding: answer.dropFirst(word.count + 1), as: UTF8.self)
    let words = TableWords.shown(rest)
    switch String(decoding: word, as: UTF8.self) {
    case "OK": return rest
    case "NOTFOUND": return nil
    case "TEMP": throw TableTrouble("it says TEMP: \(words)")
    case "TIMEOUT": throw TableTrouble("it says TIMEOUT: \(words)")
    case "PERM": throw TableTrouble("it says PERM: \(words)", isOfServer: false)
    default: throw TableTrouble("it answers what the protocol does not know")
    }
  }
}

struct NetstringFrame: AnswerFrame {
  let contentBytesMax: Int

  var bytesMax: Int { contentBytesMax + 16 }

  func take(from buffer: inout ByteBuffer) throws(TableTrouble) -> [UInt8]? {
    do throws(Netstring.Mistake) {
      return try Netstring.take(from: &buffer, bytesMax: contentBytesMax)
    } catch {
      switch error {
      case .notOne: throw TableTrouble("it answers what the protocol does not know")
      case .tooLong: throw .tooLong(contentBytesMax)
      }
    }
  }
}

/// Where a server listens, as policies write it.
enum TableAddress {
  static func host(of table: TableDeclaration) throws(LiveFailure) -> ScannerHost {
    do throws(ScannerHost.BadAddress) {
      return try ScannerHost(table.address)
    } catch {
      throw LiveFailure("table '\(table.name)': '\(error.text)' is no address of a socket")
    }
  }
}

/// Words of a server, fit for a line of ours.
enum TableWords {
  static let bytesMax = 200

  static func shown(_ text: String) -> String {
    var kept = ""
    for scalar in text.unicodeScalars {
      guard kept.utf8.count + 4 <= bytesMax else { break }
      kept.unicodeScalars.append(scalar.properties.generalCategory == .control ? " " : scalar)
    }
    return kept
  }
}
