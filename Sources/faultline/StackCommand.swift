import ArgumentParser
import Foundation
import Glibc
import Stack

/// The services that workers talk to, as processes of this machine.
struct StackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stack",
        abstract: "Starts, shows and stops the native stack: PostgreSQL, Redis, Bolt, S3, Qdrant, OpenAI and Temporal.",
        subcommands: [Up.self, Status.self, Down.self, Start.self, Stop.self])

    struct Up: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Starts the services that are not up, and waits until each answers.")

        @Flag(help: "Print nothing but errors.")
        var quiet = false

        func run() async throws {
            let printer = StackPrinter(quiet: quiet)
            try await printer.report {
                let began = ContinuousClock.now
                let state = try await NativeStack().up(progress: printer.show)
                printer.conclude(services: state.services.count, after: ContinuousClock.now - began)
            }
        }
    }

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Asks each service again. Exit code 0 only when all are healthy.")

        enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

        @Option(help: "How to print it.")
        var format: Format = .table

        func run() async throws {
            try await StackPrinter(quiet: false).report {
                let reports = try await NativeStack().reports()
                switch format {
                case .table: print(StackTable(reports: reports))
                case .json:
                    let encoder = JSONEncoder()
                    encoder.keyEncodingStrategy = .convertToSnakeCase
                    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
                    print(String(decoding: try encoder.encode(["services": reports]), as: UTF8.self))
                }
                if !reports.allSatisfy({ $0.state == .healthy }) { throw ExitCode(1) }
            }
        }
    }

    struct Down: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Stops every service, also those that an interrupted start left behind.")

        @Flag(help: "Delete the services' data and logs as well.")
        var purge = false

        @Flag(help: "Print nothing but errors.")
        var quiet = false

        func run() async throws {
            let printer = StackPrinter(quiet: quiet)
            try await printer.report { try await NativeStack().down(purge: purge, progress: printer.show) }
        }
    }

    struct Start: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Starts one service of the stack again, where it was.")

        @Argument(help: "The service's name.")
        var service: String

        func run() async throws {
            let printer = StackPrinter(quiet: false)
            try await printer.report { try await NativeStack().start(service, progress: printer.show) }
        }
    }

    struct Stop: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Stops one service of the stack.")

        @Argument(help: "The service's name.")
        var service: String

        @Flag(help: "Kill it as a crash would, rather than ask.")
        var kill = false

        func run() async throws {
            try await StackPrinter(quiet: false).report {
                let stack = try NativeStack()
                if kill { try await stack.kill(service) } else { try await stack.stop(service) }
            }
        }
    }
}
