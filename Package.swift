// swift-tools-version: 6.2
import PackageDescription

/// The settings every target of ours is held to (docs/HACKING.md).
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func command(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(
    name: name, dependencies: dependencies,
    exclude: [], swiftSettings: strict)
}

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let coreMetrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let arguments = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let unixSignals = Target.Dependency.product(
  name: "UnixSignals", package: "swift-service-lifecycle")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")

let package = Package(
  name: "defang",
  products: [
    .executable(name: "defang-rulec", targets: ["defang-rulec"]),
    .executable(name: "defangd", targets: ["defangd"]),
    .executable(name: "defangctl", targets: ["defangctl"]),
    .executable(name: "defang-unpack", targets: ["defang-unpack"]),
    .library(name: "Harness", targets: ["Harness"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
  ],
  targets: [
    // C libraries: a module map and a shim header each; one door file imports each of them.
    .systemLibrary(name: "CMilter"),
    .systemLibrary(name: "CMagic"),
    .systemLibrary(name: "CPCRE2"),
    .systemLibrary(name: "CZlib"),
    .systemLibrary(name: "CArchive"),
    .systemLibrary(name: "CAres"),
    .systemLibrary(name: "CLMDB"),
    .systemLibrary(name: "CPQ"),
    .systemLibrary(name: "CLDAP"),
    .systemLibrary(name: "CProcess"),
    // The core: standard library only.
    library("RuleBytecode"),
    library("TableText", ["RuleBytecode", "Patterns"]),
    library("Spelling"),
    library("RuleCompiler", ["RuleBytecode", "TableText", "Patterns", "Spelling"]),
    library("MailMessage"),
    library("FileTypes", ["CMagic"]),
    library("FileContents", ["RuleBytecode", "MailMessage", "FileTypes", "CZlib"]),
    library("ContentEdits", ["FileContents", "MailMessage"]),
    library("MailEdits", ["MailMessage", "ContentEdits"]),
    library("Patterns", ["CPCRE2"]),
    library(
      "RuleVM",
      [
        "RuleBytecode", "TableText", "MailMessage", "MailEdits", "FileTypes", "FileContents",
        "Patterns",
      ]),
    // Around the core.
    library("JSONOutput"),
    library("UnixAddress"),
    library("FileTrust"),
    library("Checks", ["RuleVM", "RuleBytecode", "FileContents", "Programs"]),
    library("Unpacking", ["FileContents", "RuleBytecode", "CArchive"]),
    library("SenderPolicy", ["RuleBytecode"]),
    library("Resolver", ["RuleBytecode", "CAres"]),
    library("Stores", ["RuleBytecode", "JSONOutput", grdb]),
    library("TableFiles"),
    library("PolicyMemory", ["RuleBytecode", grdb]),
    library("MilterWire", [nioCore]),
    library(
      "MilterBridge",
      [
        "RuleBytecode", "RuleVM", "MailMessage", "MailEdits", "MilterWire", "CMilter",
        "UnixAddress", nioCore, nioPosix, logging,
      ]),
    library(
      "Logs",
      [
        "RuleBytecode", "RuleVM", "MilterBridge", "JSONOutput", "UnixAddress", nioPosix, logging,
      ]),
    library("Figures", [coreMetrics, nioCore, nioPosix, nioHTTP]),
    library("Submission", ["MailMessage", "MailEdits", nioCore, nioPosix, nioSSL, crypto, grdb]),
    library("Programs"),
    library("Scanners", ["RuleBytecode", "Programs", "UnixAddress", nioCore, nioPosix]),
    // Asks the world: the checks of a policy, each by its kind.
    library(
      "LiveChecks",
      [
        "RuleBytecode", "RuleVM", "Resolver", "SenderPolicy", "Scanners", "MailSignatures",
        "PolicyMemory", "TableFiles", "MailMessage", crypto, nioCore, nioPosix, metrics,
        "TableText", "CLMDB", "CPQ", "CLDAP", grdb, "Submission",
      ]),
    library("MailSignatures", ["MailMessage", crypto, cryptoExtras]),
    library(
      "PolicyTests",
      [
        "RuleBytecode", "RuleCompiler", "RuleVM", "MailMessage", "MailEdits", "Checks", "Spelling",
      ]),
    library(
      "RuleCommands",
      [
        "RuleBytecode", "RuleCompiler", "RuleVM", "MailMessage", "MailEdits", "FileTypes",
        "FileContents", "Checks", "LiveChecks", "PolicyTests", "JSONOutput", "FileTrust",
        "Spelling",
        arguments,
      ]),
    library(
      "Service",
      [
        "RuleBytecode", "RuleVM", "MilterBridge", "Checks", "LiveChecks", "Stores", "Submission",
        "TableFiles", "Programs", "Logs", "Figures", arguments, logging, metrics, unixSignals,
        subprocess, systemPackage, nioCore, "MailSignatures", "JSONOutput", nioPosix,
        "UnixAddress", "FileTrust", "CProcess", "Spelling", "MilterWire",
      ]),
    library(
      "ControlCommands",
      [
        "Stores", "Submission", "ContentEdits", "MailMessage", "RuleBytecode", "JSONOutput",
        "UnixAddress", "Programs", arguments,
      ]),
    library(
      "Harness",
      [
        "RuleBytecode", "RuleCompiler", "RuleVM", "MailMessage", "FileTypes", "FileContents",
        "ContentEdits", "MailEdits", "Resolver",
      ]),
    command("defang-rulec", ["RuleCommands"]),
    command("defangd", ["Service"]),
    command("defangctl", ["ControlCommands"]),
    command("defang-unpack", ["Unpacking"]),
    // Real mail servers, an SMTP client and a sink: for the tests and for `make run`.
    .target(
      name: "MailLab", dependencies: ["UnixAddress"], path: "Tests/MailLab", swiftSettings: strict),
    .target(name: "ManualKit", path: "Tests/ManualKit", swiftSettings: strict),
    // Says wrong things to a real daemon (docs/FUZZING.md).
    .target(
      name: "ProtocolFuzz", dependencies: ["MailLab", "Harness"], path: "Tests/ProtocolFuzz",
      swiftSettings: strict),
    .executableTarget(
      name: "fuzz-protocol", dependencies: ["ProtocolFuzz", arguments],
      path: "Tests/FuzzProtocol", swiftSettings: strict),
    .executableTarget(
      name: "first-mail", dependencies: ["MailLab"], path: "Tests/FirstMail",
      swiftSettings: strict),
    .testTarget(
      name: "RuleBytecodeTests", dependencies: ["RuleBytecode"], exclude: ["Goldens"],
      swiftSettings: strict),
    .testTarget(
      name: "RuleCompilerTests",
      dependencies: ["RuleCompiler", "RuleBytecode", "RuleCommands", "Spelling"],
      exclude: ["Format", "Mistakes", "Settings"], resources: [.copy("Wrong"), .copy("Right")],
      swiftSettings: strict),
    .testTarget(
      name: "PolicyTestsTests",
      dependencies: ["PolicyTests", "RuleCompiler", "RuleVM", "RuleBytecode"],
      exclude: ["Suite"], swiftSettings: strict),
    .testTarget(
      name: "RuleCommandsTests",
      dependencies: [
        "RuleCommands", "PolicyTests", "RuleCompiler", "RuleVM", "RuleBytecode", "JSONOutput",
        "ManualKit", arguments,
      ], exclude: ["Parts"], swiftSettings: strict),
    tests("MailMessageTests", ["MailMessage"]),
    tests("MailEditsTests", ["MailEdits", "MailMessage"]),
    tests("FileTypesTests", ["FileTypes", "CMagic"]),
    tests("FileContentsTests", ["FileContents", "FileTypes", "RuleBytecode"]),
    .testTarget(
      name: "ContentEditsTests", dependencies: ["ContentEdits", "MailMessage"],
      exclude: ["Pages"], swiftSettings: strict),
    tests("PatternsTests", ["Patterns"]),
    tests("TableTextTests", ["TableText", "RuleBytecode"]),
    tests("ChecksTests", ["Checks", "RuleVM", "RuleBytecode"]),
    tests(
      "UnpackingTests",
      [
        "Unpacking", "FileContents", "FileTypes", "RuleBytecode", "RuleVM", "Checks",
        "defang-unpack",
      ]),
    tests(
      "ServiceTests",
      [
        "Service", "LiveChecks", "MilterBridge", "RuleVM", "RuleCompiler", "RuleBytecode",
        "Stores", "Submission", "TableFiles", "RuleCommands", "Logs", "Figures", "FileTrust",
        "ManualKit", "MailLab", "MilterWire", arguments, logging,
      ]),
    .testTarget(
      name: "SenderPolicyTests", dependencies: ["SenderPolicy", "RuleBytecode"],
      exclude: ["Suite"], swiftSettings: strict),
    tests("StoresTests", ["Stores", "RuleBytecode", grdb]),
    tests("TableFilesTests", ["TableFiles"]),
    tests(
      "PolicyMemoryTests",
      ["PolicyMemory", "RuleBytecode", "LiveChecks", "MailLab", nioPosix, grdb]),
    tests(
      "ControlCommandsTests",
      ["ControlCommands", "Stores", "Submission", "MailLab", "ManualKit", arguments]),
    tests(
      "RuleVMTests",
      [
        "RuleVM", "RuleCompiler", "RuleBytecode", "MailMessage", "FileTypes", "FileContents",
        "Harness", "Patterns",
      ]),
    tests(
      "MilterTests",
      [
        .product(name: "NIOEmbedded", package: "swift-nio"), nioCore, nioPosix, "MilterBridge",
        "MilterWire", "RuleCompiler", "RuleVM", "RuleBytecode", "MailLab", "UnixAddress",
        logging,
      ]),
    .testTarget(
      name: "EndToEndTests",
      dependencies: ["MailLab", "MailMessage", "Submission", "ProtocolFuzz"],
      exclude: ["Cases"],
      swiftSettings: strict),
    tests(
      "OddMailTests",
      ["RuleVM", "RuleCompiler", "RuleBytecode", "MailMessage", "FileContents", "Unpacking"]),
    tests("SubmissionTests", ["Submission", "MailEdits", nioCore, nioPosix, nioSSL]),
    tests("ScannersTests", ["Scanners", "MailLab", "RuleBytecode", nioCore, nioPosix]),
    tests("MailSignaturesTests", ["MailSignatures", "MailMessage", "MailLab"]),
    tests(
      "LiveChecksTests",
      [
        "LiveChecks", "RuleVM", "RuleCompiler", "RuleBytecode", "MailLab", "MailSignatures",
        "PolicyMemory", "Resolver", "Scanners", nioCore, nioPosix, metrics, "Service",
        "UnixAddress",
        "MilterBridge", "Submission", "Stores", "TableText", "JSONOutput",
        .product(name: "MetricsTestKit", package: "swift-metrics"),
      ]),
    tests(
      "LogsTests",
      ["Logs", "MilterBridge", "RuleVM", "RuleBytecode", "MailEdits", "MailLab", logging]),
    tests("FiguresTests", ["Figures", "MailLab", coreMetrics, nioCore, nioPosix]),
    tests("ResolverTests", ["Resolver", "MailLab", "RuleBytecode"]),
    tests("TidyTests", []),
  ]
)
