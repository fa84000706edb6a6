import Foundation
package import Stores

/// What is running, on disk: written before a process may do anything, so that whoever comes next finds it.
package struct StackState: Sendable, Codable {
    package enum Phase: String, Sendable, Codable {
        /// Some faultline is starting the stack, or died while it did.
        case starting
        case up
    }

    /// One service of the stack.
    package struct Service: Hashable, Sendable, Codable {
        package var name: String
        /// The process that leads the service's session; nil when the service was stopped on purpose.
        package var process: ProcessIdentity?
        /// Ports by their role; `main` is the one that clients speak to.
        package var ports: [String: Int]
        package var log: String
        package var data: String
    }

    package var phase: Phase
    /// The machine's boot, since process ids and start times begin anew with each.
    package var boot: String
    package var services: [Service]
    package var endpoints: Endpoints

    package subscript(name: String) -> Service? {
        get { services.first { $0.name == name } }
        set {
            services.removeAll { $0.name == name }
            if let newValue { services.append(newValue) }
            services.sort { $0.name < $1.name }
        }
    }

    /// The state of the stack that is up. Throws when none is.
    package static func load(home: StackHome? = nil) throws -> StackState {
        let home = try home ?? .standard()
        guard let state = try read(home: home) else {
            throw StackError(
                what: "the native stack is not up", remedy: "run `make test`, or `faultline stack up` first")
        }
        guard state.phase == .up, state.boot == ProcessIdentity.boot else {
            throw StackError(
                what: "the native stack did not finish starting",
                remedy: "run `faultline stack up`, which takes up what is left of it")
        }
        return state
    }

    /// What is on disk, whatever its phase; nil when nothing is.
    static func read(home: StackHome) throws -> StackState? {
        guard let data = FileManager.default.contents(atPath: home.stateFile) else { return nil }
        do {
            return try JSONDecoder().decode(StackState.self, from: data)
        } catch {
            throw StackError(
                what: "\(home.stateFile) cannot be read: \(error)",
                remedy: "run `faultline stack down --purge`, which also finds processes that no file lists")
        }
    }

    /// Replaces the file in one step: a reader sees the old state or the new one.
    func write(home: StackHome) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(self).write(to: URL(fileURLWithPath: home.stateFile), options: .atomic)
    }
}
