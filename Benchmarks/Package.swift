// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6), .treatAllWarnings(as: .error), .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
  name: "Benchmarks",
  dependencies: [.package(name: "defang", path: "..")],
  targets: [
    .target(name: "Timing", swiftSettings: strict),
    .executableTarget(
      name: "benchmarks",
      dependencies: ["Timing", .product(name: "Harness", package: "defang")],
      swiftSettings: strict),
    .executableTarget(
      name: "lookups",
      dependencies: ["Timing", .product(name: "Harness", package: "defang")],
      swiftSettings: strict),
    .executableTarget(
      name: "patterns",
      dependencies: ["Timing", .product(name: "Harness", package: "defang")],
      swiftSettings: strict),
    .executableTarget(
      name: "reading",
      dependencies: ["Timing", .product(name: "Harness", package: "defang")],
      swiftSettings: strict),
  ]
)
