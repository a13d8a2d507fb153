// The line about the resolver, from a real one.
import MailLab
import Resolver
import RuleBytecode
import RuleVM
import Testing

@testable import LiveChecks

struct ResolverReportTests {
  @Test func tellsWhatIsKeptAndHowWellItServes() async throws {
    var zone = DNSZone()
    zone.add("2.0.0.127.bl.example", .a(127, 0, 0, 2))
    let server = try DNSServer(zone)
    defer { server.stop() }
    var settings = LiveServices.Settings(stateDirectory: "/nonexistent")
    settings.nameServers = [server.address]
    let services = LiveServices(settings)
    defer { services.stop() }
    #expect(services.resolverReport() == nil)
    let check = ListLookup(try services.resolver(), wantsText: false)
    #expect(services.resolverReport() == nil)
    for _ in 0..<4 {
      let asked = request(.dnsbl, ["bl.example", "127.0.0.2"])
      #expect(await check.answer(asked) == .values(["127.0.0.2"]))
    }
    let report = try #require(services.resolverReport())
    #expect(report.hasPrefix("name servers: 4 questions, 75 % known; 1 answers kept in 0 KB,"))
    #expect(report.hasSuffix(" 0 gone for want of room; 0 questions open"))
  }
}
