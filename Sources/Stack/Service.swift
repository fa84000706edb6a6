import Foundation
import Glibc
package import Stores

/// A server of the stack: how it is run, and the question that shows it serves.
package protocol StackService: Sendable {
    /// By which users, files and the state know it.
    var name: String { get }
    /// The ports it needs by their role, `main` first: the one that clients speak to.
    var portRoles: [String] { get }
    /// How long a start may take on a slow machine.
    var readyWithin: Duration { get }
    /// Asks it to end in good order.
    var stopSignal: Int32 { get }
    /// Where its data belongs.
    func dataFolder(home: StackHome) -> String
    /// Makes the data folder ready; does nothing when it is already.
    func prepare(_ site: Site) async throws
    func command(_ site: Site) throws -> Command
    /// Asks a real question; returns what to note about the answer, throws when there is none.
    func probe(_ site: Site, timeout: Duration) async throws -> String
    /// Tells clients where it is.
    func announce(_ site: Site, in endpoints: inout Endpoints)
}

extension StackService {
    package var portRoles: [String] { ["main"] }
    package var readyWithin: Duration { .seconds(60) }
    package var stopSignal: Int32 { SIGTERM }
    package func dataFolder(home: StackHome) -> String { home.stack + "/" + name }
    package func prepare(_ site: Site) async throws {}
    package func announce(_ site: Site, in endpoints: inout Endpoints) {}
}

/// A command line with what it needs around it.
package struct Command: Hashable, Sendable {
    /// An absolute path.
    package var executable: String
    package var arguments: [String]
    /// Beside the few variables that every service gets.
    package var environment: [String: String]
    /// What to do when the executable is not there.
    package var remedy: String

    package init(
        executable: String, arguments: [String], environment: [String: String] = [:],
        remedy: String = "run compose/native/setup.sh"
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.remedy = remedy
    }
}

/// The place that one service got.
package struct Site: Hashable, Sendable {
    package var service: String
    package var home: StackHome
    package var ports: [String: Int]
    package var data: String
    package var log: String

    package var port: Int { self["main"] }

    package subscript(role: String) -> Int {
        guard let port = ports[role] else { preconditionFailure("\(service) declares no port '\(role)'") }
        return port
    }

    package var address: String { "127.0.0.1:\(port)" }

    /// Variables of this stack's processes: little of ours, so that a service behaves the same from every shell.
    package var environment: [String: String] {
        var variables = [
            "LANG": "C.UTF-8", ProcessFamily.Marker.stackVariable: home.stack,
            ProcessFamily.Marker.serviceVariable: service,
        ]
        let ours = ProcessInfo.processInfo.environment
        for name in ["PATH", "HOME", "TMPDIR"] { variables[name] = ours[name] }
        return variables
    }

    /// A password that was drawn once for this stack and lies in a file that only its owner reads.
    package func secret() throws -> (value: String, file: String) {
        let file = "\(home.secrets)/\(service)"
        if let known = SmallFile.text(file), !known.isEmpty { return (known, file) }
        try FileManager.default.createDirectory(
            atPath: home.secrets, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let drawn = (0..<4).map { _ in String(UInt32.random(in: 0x1000_0000...UInt32.max), radix: 16) }.joined()
        guard
            FileManager.default.createFile(
                atPath: file, contents: Data(drawn.utf8), attributes: [.posixPermissions: 0o600])
        else { throw StackError(service: service, what: "\(file) cannot be written") }
        return (drawn, file)
    }
}
