// swift-tools-version: 6.2
import PackageDescription

/// Settings of every Swift target: the language modes that the code relies on, and no warning left standing.
let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

/// One module of the map in ARCHITECTURE.md. Modules are listed in order: each uses only modules above it.
func module(_ name: String, uses dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// - Parameter files: those in its folder that are none of Swift's.
func tests(_ name: String, of dependencies: [Target.Dependency], without files: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: files, swiftSettings: strict)
}

let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let grpc: [Target.Dependency] = [
    .product(name: "GRPCCore", package: "grpc-swift-2"),
    .product(name: "GRPCNIOTransportHTTP2", package: "grpc-swift-nio-transport"),
    .product(name: "GRPCProtobuf", package: "grpc-swift-protobuf"),
    .product(name: "SwiftProtobuf", package: "swift-protobuf"),
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOHTTP2", package: "swift-nio-http2"),
]

let package = Package(
    name: "faultline",
    products: [.executable(name: "faultline", targets: ["faultline"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/grpc/grpc-swift-2", from: "2.4.3"),
        .package(url: "https://github.com/grpc/grpc-swift-nio-transport", from: "2.9.2"),
        .package(url: "https://github.com/grpc/grpc-swift-protobuf", from: "2.4.1"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
    ],
    targets: [
        // C libraries of the system, and the few calls that Swift cannot reach by itself.
        .target(name: "CReactor"),
        .target(name: "CStack"),
        .systemLibrary(name: "CSSL", pkgConfig: "libssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CHiredis", providers: [.apt(["libhiredis-dev"])]),
        .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),

        // The pure core: no socket, no clock.
        module("Wire"),
        module("Faults", uses: ["Wire"]),
        module("Consistency"),

        // The proxy.
        module("Reactor", uses: ["CReactor", "CSSL"]),
        module("Proxy", uses: ["Wire", "Faults", "Reactor"]),

        // Temporal, by its own gRPC interface.
        .target(name: "Temporal", dependencies: grpc, exclude: ["Protocol"], swiftSettings: strict),

        // The pipeline and what it writes to.
        module("Stores", uses: ["Wire", "Consistency", "CPostgres", "CHiredis", "CCurl", "CSSL"]),
        module("Ingestion", uses: ["Wire", "Consistency", "Stores", "Temporal", subprocess]),
        module("Stack", uses: ["Wire", "Stores", "CStack", subprocess, hummingbird]),

        // Experiments and what they leave behind.
        module(
            "Experiments",
            uses: [
                "Wire", "Faults", "Consistency", "Proxy", "Stores", "Temporal", "Ingestion", "Stack", yams, subprocess,
            ]),
        module("Reports", uses: ["Wire", "Consistency", "Proxy", "Ingestion", "Experiments"]),
        module(
            "Control",
            uses: [
                "Wire", "Faults", "Reactor", "Proxy", "Stores", "Experiments", hummingbird,
                .product(name: "NIOCore", package: "swift-nio"),
            ]),
        .executableTarget(
            name: "faultline",
            dependencies: [
                "Wire", "Faults", "Consistency", "Proxy", "Stores", "Temporal", "Ingestion", "Stack", "Experiments",
                "Reports", "Control", arguments,
            ],
            swiftSettings: strict),

        tests("WireTests", of: ["Wire"], without: ["Corpus"]),
        tests("FaultsTests", of: ["Faults", "Wire"]),
        tests("ConsistencyTests", of: ["Consistency"]),
        tests("ReactorTests", of: ["Reactor"]),
        tests("ProxyTests", of: ["Proxy", "Wire", "Faults", "Reactor", "Stores", "Stack", subprocess]),
        tests("StoresTests", of: ["Wire", "Stores", "Stack", "Consistency"]),
        tests(
            "ClientTests",
            of: ["Experiments", "Proxy", "Reactor", "Wire", "Faults", "Stores", "Stack", "CHiredis", subprocess],
            without: ["Clients"]),
        tests(
            "TemporalTests", of: ["Temporal", "Stack", "Stores"] + grpc,
            without: ["Reflection/reflection.proto", "Reflection/temporal.protoset", "TLSFront.py"]),
        tests(
            "IngestionTests", of: ["Wire", "Ingestion", "Consistency", "Stores", "Stack", "Temporal", subprocess],
            without: ["Temporal/Histories"]),
        tests("StackTests", of: ["Stack", "Stores", subprocess]),
        tests(
            "ExperimentsTests",
            of: ["Experiments", "Wire", "Faults", "Consistency", "Proxy", "Temporal", "Stores", "Ingestion", "Stack"]),
        tests(
            "ReportsTests",
            of: ["Reports", "Experiments", "Consistency", "Faults", "Proxy", "Ingestion", "Wire", subprocess]),
        tests(
            "ControlTests",
            of: [
                "Control", "Wire", "Faults", "Consistency", "Proxy", "Reactor", "Stores", "Ingestion", "Stack",
                "Experiments", subprocess,
            ],
            without: ["Clients"]),
        tests("FaultlineTests", of: ["Wire", "Proxy", "Stack", "Experiments", "Reports", subprocess]),
    ]
)
