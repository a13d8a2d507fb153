// A real clamd, by its unix socket and by TCP.
import MailLab
import Testing

@testable import Scanners

/// One for all tests of this process.
enum ClamLab {
  static let server = Result { try ClamServer() }

  static func hosts() throws -> [ScannerHost] {
    let server = try server.get()
    return [.unix(path: server.socketPath), .inet(host: "127.0.0.1", port: Int(server.port))]
  }
}

struct ClamTests {
  static var infected: ScanAnswer {
    var result = ScanResult(.infected)
    result.name = ClamServer.malwareName
    return .result(result)
  }

  static let harmless = bytes("From: ann@example.org\r\nSubject: hello\r\n\r\nHow are you?\r\n")

  @Test(arguments: [0, 1])
  func saysWhatItFinds(_ way: Int) async throws {
    let service = ScanService(.clamd, [try ClamLab.hosts()[way]])
    #expect(await service.scan(ScanJob(MalwareSample.message)) == Self.infected)
    #expect(await service.scan(ScanJob(MalwareSample.bytes)) == Self.infected)
    #expect(await service.scan(ScanJob(Self.harmless)) == .result(ScanResult(.clean)))
    #expect(await service.scan(ScanJob([])) == .result(ScanResult(.clean)))
  }

  /// What lies behind the first piece is seen too.
  @Test func saysWhatItFindsFarInside() async throws {
    let service = ScanService(.clamd, try ClamLab.hosts())
    let mail = [UInt8](repeating: 10, count: 400_000) + MalwareSample.bytes
    #expect(await service.scan(ScanJob(mail)) == Self.infected)
  }

  @Test(arguments: [0, 1])
  func itsOwnBoundIsTooBig(_ way: Int) async throws {
    let service = ScanService(.clamd, [try ClamLab.hosts()[way]])
    let most = ScanJob([UInt8](repeating: 65, count: ClamServer.streamBytesMax))
    #expect(await service.scan(most) == .result(ScanResult(.clean)))
    for more in [1, 70_000, 9_000_000] {
      let job = ScanJob([UInt8](repeating: 65, count: ClamServer.streamBytesMax + more))
      #expect(await service.scan(job) == .tooBig, "\(more) more")
    }
  }

  @Test func ourBoundIsTooBigWithoutACall() async throws {
    let host = try ScannerHost("unix:/nonexistent/scanner")
    let service = ScanService(.clamd, [host], ScannerLimits(messageBytesMax: 10))
    #expect(await service.scan(ScanJob([UInt8](repeating: 65, count: 11))) == .tooBig)
    guard case .failed(.unreachable) = await service.scan(ScanJob([65])) else {
      Issue.record("a small one is not asked about")
      return
    }
  }

  @Test func tellsItsVersion() async throws {
    let absent = try ScannerHost("unix:/nonexistent/scanner")
    let hosts = try ClamLab.hosts() + [absent]
    let reports = await ScanService(.clamd, hosts, .patient(for: .clamd)).probe()
    #expect(reports.map { $0.words?.hasPrefix("ClamAV ") } == [true, true, nil])
    #expect(reports.map { $0.failure == nil } == [true, true, false])
  }

  @Test func manyAtOnceAreAllAnswered() async throws {
    let service = ScanService(.clamd, try ClamLab.hosts())
    let right = await withTaskGroup(of: Bool.self) { group in
      for number in 0..<60 {
        group.addTask {
          let isBad = number.isMultiple(of: 3)
          let answer = await service.scan(ScanJob(isBad ? MalwareSample.message : Self.harmless))
          return answer == (isBad ? Self.infected : .result(ScanResult(.clean)))
        }
      }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(right == 60)
  }
}
