// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6), .treatAllWarnings(as: .error), .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]
let harness = Target.Dependency.product(name: "Harness", package: "defang")

/// A program for libFuzzer; `run.sh` builds and runs it. Without the sanitizer's flags it does not
/// link.
func fuzzer(_ name: String) -> Target {
  .executableTarget(name: name, dependencies: ["FuzzDriver", harness], swiftSettings: strict)
}

let package = Package(
  name: "Fuzz",
  dependencies: [.package(name: "defang", path: "..")],
  targets: [
    .executableTarget(
      name: "mutate-images", dependencies: [harness], swiftSettings: strict),
    .systemLibrary(name: "CLibFuzzer"),
    .target(name: "FuzzDriver", dependencies: ["CLibFuzzer"], swiftSettings: strict),
    fuzzer("fuzz-compiler"), fuzzer("fuzz-fmt"), fuzzer("fuzz-image"),
    fuzzer("fuzz-mail"), fuzzer("fuzz-archive"), fuzzer("fuzz-document"), fuzzer("fuzz-embedded"),
    fuzzer("fuzz-sanitize"), fuzzer("fuzz-edits"),
  ]
)
