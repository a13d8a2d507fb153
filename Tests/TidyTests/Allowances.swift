// The exceptions and the tables behind the tidy tests. A longer list needs a reason beside it.

enum Allowances {
  static let columnsMax = 100
  static let linesMax = 450
  static let bodyLinesMax = 70

  /// Bodies that are one switch or one table: cutting them would spread what belongs together.
  /// `Target/File.swift:name` and the reason.
  static let longBodies: [String: String] = [
    "RuleVM/Machine.swift:loop": "the dispatch switch, one line for each opcode",
    "RuleCommands/Anomalies/AnomalyPage+Content.swift:ofContent": "a table, one page an oddity",
    "RuleCommands/Anomalies/AnomalyPage+Encodings.swift:ofEncodings": "a table, one page an oddity",
    "RuleCommands/Anomalies/AnomalyPage+Lines.swift:ofLines": "a table, one page an oddity",
    "RuleCommands/Anomalies/AnomalyPage+Names.swift:ofNames": "a table, one page an oddity",
    "RuleCommands/Anomalies/AnomalyPage+Structure.swift:ofStructure": "a table, one page an oddity",
  ]

  /// The files that may say `unsafe`: doors to C and to raw memory. Every one must need it.
  static let doors: Set = [
    "FileContents/InflateDoor.swift", "Unpacking/ArchiveDoor.swift", "Checks/UnpackDoor.swift",
    "Resolver/AresDoor.swift", "Tests/MailLab/Datagrams.swift",
    "FileTypes/ByteSearch.swift", "FileTypes/MagicDoor.swift", "MailMessage/ByteScan.swift",
    "MailMessage/Iconv.swift",
    "MilterBridge/LibMilter.swift", "MilterBridge/ListenSocket.swift",
    "MilterBridge/SocketSwap.swift", "Patterns/PatternDoor.swift",
    "RuleCommands/Descriptor.swift", "ControlCommands/Descriptor.swift",
    "ControlCommands/MailServers/PlaceFacts.swift", "Service/Door.swift",
    "Programs/ProgramDoor.swift", "Service/ProcessRights.swift",
    "Service/Master/HandDoor.swift", "Service/Master/WorkerDoor.swift",
    "Service/Master/ControlDoor.swift",
    "Stores/StoreDoor.swift", "Submission/StateFiles.swift",
    "TableFiles/FileDoor.swift", "PolicyMemory/MemoryDoor.swift",
    "Logs/LogDoor.swift", "UnixAddress/UnixAddress.swift",
    "FileTrust/FileTrust.swift",
    "LiveChecks/Tables/LMDBDoor.swift", "LiveChecks/Tables/PostgresDoor.swift",
    "LiveChecks/Tables/DirectoryDoor.swift",
    "Tests/MailLab/Posix.swift", "Tests/StoresTests/TestDoor.swift",
    "Tests/MilterTests/SocketFolder.swift", "Fuzz/Sources/FuzzDriver/FuzzDriver.swift",
  ]

  /// What single files import beyond their target: each C library and the C library itself have
  /// one door in a target.
  static let doorImports: [String: Set<String>] = [
    "FileContents/InflateDoor.swift": ["CZlib"],
    "Unpacking/ArchiveDoor.swift": ["CArchive", "Glibc"],
    "Checks/UnpackDoor.swift": ["Glibc"],
    "Resolver/AresDoor.swift": ["CAres", "Glibc"],
    "LiveChecks/Tables/LMDBDoor.swift": ["CLMDB", "Glibc"],
    "LiveChecks/Tables/PostgresDoor.swift": ["CPQ", "Glibc"],
    "LiveChecks/Tables/DirectoryDoor.swift": ["CLDAP"],
    "FileTypes/ByteSearch.swift": ["Glibc"],
    "FileTypes/MagicDoor.swift": ["CMagic"],
    "MailMessage/ByteScan.swift": ["Glibc"],
    "MailMessage/Iconv.swift": ["Glibc"],
    "MilterBridge/LibMilter.swift": ["CMilter", "Glibc"],
    "MilterBridge/ListenSocket.swift": ["Glibc"],
    "MilterBridge/SocketSwap.swift": ["Glibc"],
    "Patterns/PatternDoor.swift": ["CPCRE2"],
    "RuleCommands/Descriptor.swift": ["Glibc"],
    "ControlCommands/Descriptor.swift": ["Glibc"],
    "ControlCommands/MailServers/PlaceFacts.swift": ["Glibc"],
    "Service/Door.swift": ["Glibc"],
    "Programs/ProgramDoor.swift": ["Glibc"],
    "Service/ProcessRights.swift": ["CProcess", "Glibc"],
    "Service/Master/HandDoor.swift": ["Glibc"],
    "Service/Master/WorkerDoor.swift": ["Glibc"],
    "Service/Master/ControlDoor.swift": ["Glibc"],
    "Stores/StoreDoor.swift": ["Glibc"],
    "Submission/StateFiles.swift": ["Glibc"],
    "TableFiles/FileDoor.swift": ["Glibc"],
    "PolicyMemory/MemoryDoor.swift": ["Glibc"],
    "Logs/LogDoor.swift": ["Glibc"],
    "UnixAddress/UnixAddress.swift": ["Glibc"],
    "FileTrust/FileTrust.swift": ["Glibc"],
  ]

  /// Part of every toolchain, so no dependency.
  static let standard: Set = ["Swift", "Synchronization"]

  /// Each target with what it may import, in an order in which imports point upwards only.
  static let imports: [(target: String, modules: Set<String>)] = [
    // The core: nothing but itself.
    ("RuleBytecode", []),
    ("Patterns", []),
    ("TableText", ["RuleBytecode", "Patterns"]),
    ("Spelling", []),
    ("RuleCompiler", ["RuleBytecode", "TableText", "Patterns", "Spelling"]),
    ("MailMessage", []),
    ("FileTypes", []),
    ("FileContents", ["RuleBytecode", "MailMessage", "FileTypes"]),
    ("ContentEdits", ["FileContents", "MailMessage"]),
    ("MailEdits", ["MailMessage", "ContentEdits"]),
    (
      "RuleVM",
      [
        "RuleBytecode", "TableText", "MailMessage", "MailEdits", "FileTypes", "FileContents",
        "Patterns",
      ]
    ),
    // Around it.
    ("JSONOutput", []),
    ("UnixAddress", []),
    ("FileTrust", []),
    ("Programs", []),
    ("Checks", ["RuleBytecode", "RuleVM", "FileContents", "Programs", "FoundationEssentials"]),
    ("Unpacking", ["FileContents", "RuleBytecode"]),
    ("SenderPolicy", ["RuleBytecode"]),
    ("Resolver", ["RuleBytecode"]),
    ("Stores", ["RuleBytecode", "JSONOutput", "GRDB"]),
    ("TableFiles", []),
    ("PolicyMemory", ["RuleBytecode", "GRDB"]),
    ("MilterWire", ["NIOCore"]),
    (
      "MilterBridge",
      [
        "RuleBytecode", "RuleVM", "MailMessage", "MailEdits", "MilterWire", "NIOCore", "NIOPosix",
        "Logging", "Dispatch", "UnixAddress",
      ]
    ),
    (
      "Logs",
      [
        "RuleBytecode", "RuleVM", "MilterBridge", "JSONOutput", "UnixAddress", "NIOPosix",
        "Logging",
      ]
    ),
    ("Figures", ["CoreMetrics", "NIOCore", "NIOPosix", "NIOHTTP1"]),
    (
      "Submission",
      [
        "MailMessage", "MailEdits", "NIOCore", "NIOPosix", "NIOSSL", "Crypto", "GRDB",
        "FoundationEssentials",
      ]
    ),
    (
      "Scanners",
      [
        "RuleBytecode", "Programs", "UnixAddress", "NIOCore", "NIOPosix", "FoundationEssentials",
      ]
    ),
    ("MailSignatures", ["MailMessage", "Crypto", "CryptoExtras"]),
    (
      "LiveChecks",
      [
        "RuleBytecode", "RuleVM", "Resolver", "SenderPolicy", "Scanners", "MailSignatures",
        "PolicyMemory", "TableFiles", "MailMessage", "Crypto", "NIOCore", "NIOPosix", "Metrics",
        "CoreMetrics", "FoundationEssentials", "TableText", "GRDB", "Submission",
      ]
    ),
    (
      "PolicyTests",
      [
        "RuleBytecode", "RuleCompiler", "RuleVM", "MailMessage", "MailEdits", "Checks",
        "FoundationEssentials", "Spelling",
      ]
    ),
    (
      "RuleCommands",
      [
        "RuleBytecode", "RuleCompiler", "RuleVM", "MailMessage", "MailEdits", "FileTypes",
        "FileContents", "Checks", "LiveChecks", "PolicyTests", "JSONOutput", "ArgumentParser",
        "FoundationEssentials", "FileTrust", "Spelling",
      ]
    ),
    (
      "Service",
      [
        "RuleBytecode", "RuleVM", "MilterBridge", "Checks", "LiveChecks", "Stores", "Submission",
        "TableFiles", "ArgumentParser", "Logging", "NIOCore", "NIOPosix", "Subprocess",
        "JSONOutput", "FoundationEssentials", "SystemPackage", "UnixSignals", "MailSignatures",
        "Programs", "Logs", "Figures", "CoreMetrics", "UnixAddress", "FileTrust", "Spelling",
        "MilterWire",
      ]
    ),
    (
      "ControlCommands",
      [
        "Stores", "Submission", "ContentEdits", "MailMessage", "RuleBytecode", "JSONOutput",
        "UnixAddress", "Programs", "FoundationEssentials", "ArgumentParser",
      ]
    ),
    (
      "Harness",
      [
        "RuleBytecode", "RuleCompiler", "RuleVM", "MailMessage", "MailEdits", "FileTypes",
        "FileContents", "ContentEdits", "Resolver",
      ]
    ),
    ("defang-rulec", ["RuleCommands"]),
    ("defangd", ["Service"]),
    ("defangctl", ["ControlCommands"]),
    ("defang-unpack", ["Unpacking"]),
  ]
}
