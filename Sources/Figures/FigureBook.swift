// All figures of the process, by name and labels; the backend of swift-metrics. A lock is taken to
// find a cell, never to count in it, so whoever counts often keeps the cell. Names and the number
// of series are bounded: what is beyond is counted as `other`.
package import CoreMetrics
internal import Synchronization

package final class FigureBook: MetricsFactory {
  enum Cell {
    case counter(CounterCell)
    case gauge(GaugeCell)
    case histogram(HistogramCell)
  }

  struct Family {
    let info: FigureInfo
    var series: [[String]: Cell] = [:]
  }

  /// Figures that are not on the sheet, of libraries.
  package static let foreignMax = 50
  static let labelBytesMax = 200

  private struct State {
    var families: [String: Family] = [:]
    var collectors: [@Sendable () -> Void] = []
  }

  private let state: Mutex<State>

  package init() {
    var families: [String: Family] = [:]
    for info in FigureSheet.all { families[info.name] = Family(info: info) }
    state = Mutex(State(families: families))
  }

  /// Called each time before the figures are given: for what is only looked up then. May block.
  package func collect(_ collector: @escaping @Sendable () -> Void) {
    state.withLock { $0.collectors.append(collector) }
  }

  func runCollectors() {
    for collector in state.withLock({ $0.collectors }) { collector() }
  }

  func family(_ name: String) -> Family? { state.withLock { $0.families[name] } }

  var families: [Family] {
    state.withLock { $0.families.values.sorted { $0.info.name < $1.info.name } }
  }

  // MARK: Cells

  /// The cell of a series; labels in the order of the sheet.
  package func counter(_ name: String, _ labels: [String] = []) -> CounterCell {
    let cell = cell(name, .counter, labels) { .counter(CounterCell(isTime: $0.isTime)) }
    if case .counter(let counter) = cell { return counter }
    return CounterCell()
  }

  package func gauge(_ name: String, _ labels: [String] = []) -> GaugeCell {
    let cell = cell(name, .gauge, labels) { _ in .gauge(GaugeCell()) }
    if case .gauge(let gauge) = cell { return gauge }
    return GaugeCell()
  }

  package func histogram(_ name: String, _ labels: [String] = []) -> HistogramCell {
    let cell = cell(name, .histogram, labels) { _ in .histogram(HistogramCell()) }
    if case .histogram(let histogram) = cell { return histogram }
    return HistogramCell()
  }

  /// Takes series of a figure away, which came with another policy.
  package func forget(_ name: String) { state.withLock { $0.families[name]?.series = [:] } }

  private func cell(
    _ name: String, _ kind: FigureKind, _ labels: [String], names: [String]? = nil,
    make: (FigureInfo) -> Cell
  ) -> Cell? {
    let values = labels.map { String(decoding: $0.utf8.prefix(Self.labelBytesMax), as: UTF8.self) }
    return state.withLock { state -> Cell? in
      if state.families[name] == nil { addForeign(name, kind, names ?? [], &state) }
      guard let family = state.families[name], family.info.kind == kind,
        family.info.labels.count == values.count
      else { return nil }
      if let known = family.series[values] { return known }
      var values = values
      if family.series.count >= family.info.seriesMax {
        values = values.map { _ in "other" }
        overflowed(name, &state)
        if let other = state.families[name]?.series[values] { return other }
      }
      let cell = make(family.info)
      state.families[name]?.series[values] = cell
      return cell
    }
  }

  private func overflowed(_ name: String, _ state: inout State) {
    let figure = "defang_figures_overflow_total"
    let known = state.families[figure]?.series[[name]]
    if case .counter(let counter) = known { return counter.increment(by: Int64(1)) }
    let counter = CounterCell()
    counter.increment(by: Int64(1))
    state.families[figure]?.series[[name]] = .counter(counter)
  }

  private func addForeign(
    _ name: String, _ kind: FigureKind, _ labels: [String], _ state: inout State
  ) {
    guard Self.isName(name), labels.allSatisfy(Self.isName),
      state.families.count < FigureSheet.all.count + Self.foreignMax
    else { return }
    state.families[name] = Family(info: FigureInfo(name, kind, labels, "Of a library."))
  }

  /// As Prometheus names figures and labels.
  static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, !(48...57).contains(first) else { return false }
    return text.utf8.count <= 100
      && text.utf8.allSatisfy { byte in
        (97...122).contains(byte | 0x20) && byte < 128 || (48...57).contains(byte) || byte == 95
      }
  }

  // MARK: swift-metrics

  package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    let cell = cell(
      label, .counter, dimensions.map(\.1), names: dimensions.map(\.0)
    ) { .counter(CounterCell(isTime: $0.isTime)) }
    if case .counter(let counter) = cell { return counter }
    return CounterCell()
  }

  package func makeFloatingPointCounter(
    label: String, dimensions: [(String, String)]
  ) -> any FloatingPointCounterHandler {
    let cell = cell(
      label, .counter, dimensions.map(\.1), names: dimensions.map(\.0)
    ) { .counter(CounterCell(isTime: $0.isTime)) }
    if case .counter(let counter) = cell { return counter }
    return CounterCell()
  }

  package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    makeGauge(label, dimensions)
  }

  package func makeRecorder(
    label: String, dimensions: [(String, String)], aggregate: Bool
  ) -> any RecorderHandler {
    aggregate ? makeHistogram(label, dimensions) : makeGauge(label, dimensions)
  }

  package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    makeHistogram(label, dimensions)
  }

  private func makeGauge(_ label: String, _ dimensions: [(String, String)]) -> GaugeCell {
    let cell = cell(
      label, .gauge, dimensions.map(\.1), names: dimensions.map(\.0)
    ) { _ in .gauge(GaugeCell()) }
    if case .gauge(let gauge) = cell { return gauge }
    return GaugeCell()
  }

  private func makeHistogram(_ label: String, _ dimensions: [(String, String)]) -> HistogramCell {
    let cell = cell(
      label, .histogram, dimensions.map(\.1), names: dimensions.map(\.0)
    ) { _ in .histogram(HistogramCell()) }
    if case .histogram(let histogram) = cell { return histogram }
    return HistogramCell()
  }

  /// Figures of a process stay while it lives: what Prometheus has seen should not vanish.
  package func destroyCounter(_ handler: any CounterHandler) {}
  package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
  package func destroyMeter(_ handler: any MeterHandler) {}
  package func destroyRecorder(_ handler: any RecorderHandler) {}
  package func destroyTimer(_ handler: any TimerHandler) {}
}
