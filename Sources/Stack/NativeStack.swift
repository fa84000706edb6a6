import Foundation
package import Stores

/// The services as child processes of nobody: they outlive the command that starts them, and are found again by
/// the state file and by a mark in their environment.
package struct NativeStack: Sendable {
    package let home: StackHome
    package let services: [any StackService]

    package init(home: StackHome? = nil, services: [any StackService] = ServiceCatalogue.all) throws {
        self.home = try home ?? .standard()
        self.services = services
    }

    /// The stack that is up, for tests and the runner. Throws when none is.
    package static func current() throws -> NativeStack {
        let stack = try NativeStack()
        _ = try stack.state()
        return stack
    }

    package func state() throws -> StackState {
        try StackState.load(home: home)
    }

    /// Where the services of the stack that is up are.
    package var endpoints: Endpoints {
        get throws { try state().endpoints }
    }

    func service(_ name: String) throws -> any StackService {
        guard let service = services.first(where: { $0.name == name }) else {
            throw StackError(
                what: "no service is named '\(name)'",
                remedy: "name one of " + services.map(\.name).joined(separator: ", "))
        }
        return service
    }

    func family(_ name: String?, leader: ProcessIdentity?, boot: String) -> ProcessFamily {
        ProcessFamily(
            leader: boot == ProcessIdentity.boot ? leader : nil, marker: .init(stack: home.stack, service: name))
    }

    func site(_ entry: StackState.Service) -> Site {
        Site(service: entry.name, home: home, ports: entry.ports, data: entry.data, log: entry.log)
    }
}
