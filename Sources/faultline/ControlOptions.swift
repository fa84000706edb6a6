import ArgumentParser
import Control
import Foundation
import Stores

/// Which standing proxy a command is about.
struct ControlOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Where the proxy's control API listens.", valueName: "host:port"))
    var api = "127.0.0.1:8474"

    /// With the token of the environment, where there is one.
    var client: ControlClient {
        let token = ProcessInfo.processInfo.environment["FAULTLINE_TOKEN"].flatMap { $0.isEmpty ? nil : $0 }
        return ControlClient(api, token: token)
    }

    /// What every command says of it.
    static let discussion = """
        A proxy that stands elsewhere is named with --api, and its token with the environment variable FAULTLINE_TOKEN.
        """
}

extension JSON {
    /// As text on standard output, for a machine.
    var line: String { String(decoding: bytes, as: UTF8.self) }

    func texts(_ key: String) -> [String] { self[key]?.array?.compactMap(\.string) ?? [] }
    func ints(_ key: String) -> [Int] { self[key]?.array?.compactMap(\.int) ?? [] }
}
