// What the resolver keeps and how well it serves, for log and metrics:
//
//   defang_dns_cache_entries, defang_dns_cache_bytes, defang_dns_open
internal import Metrics
internal import Resolver

extension LiveServices {
  /// One line; nil while nobody has asked the DNS. Sets the gauges too.
  package func resolverReport() -> String? { resolverLoad.flatMap(Self.report) }

  static func report(_ load: DNSResolver.Load) -> String? {
    Gauge(label: "defang_dns_cache_entries").record(load.cacheEntries)
    Gauge(label: "defang_dns_cache_bytes").record(load.cacheBytes)
    Gauge(label: "defang_dns_open").record(load.open)
    let asked = load.cache.hits + load.cache.misses
    guard asked > 0 else { return nil }
    return "name servers: \(asked) questions, \(load.cache.hits * 100 / asked) % known;"
      + " \(load.cacheEntries) answers kept in \(load.cacheBytes / 1_024) KB,"
      + " \(load.cache.evictions) gone for want of room; \(load.open) questions open"
  }
}
