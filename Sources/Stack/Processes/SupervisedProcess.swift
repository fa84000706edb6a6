import Foundation
import Glibc

/// A process that this one has started in a session of its own, with all that comes of it.
package struct SupervisedProcess: Sendable {
    package let identity: ProcessIdentity
    private let marker: ProcessFamily.Marker

    /// - Parameters:
    ///   - executable: a path, or a name that is looked for in the environment's PATH.
    ///   - log: its output is appended to this file.
    ///   - mark: what of the environment tells it, and what comes of it, from all other processes of the machine.
    ///   - announce: called when the process is there and has done nothing yet; should this throw, it never will.
    package static func start(
        executable: String, arguments: [String], environment: [String: String], folder: String, log: String,
        mark: [String: String], announce: (ProcessIdentity) throws -> Void = { _ in }
    ) throws -> SupervisedProcess {
        let launch = Launch(
            executable: executable, arguments: arguments, environment: environment.merging(mark) { $1 },
            folder: folder, log: log)
        let gated = try launch.start()
        let process = SupervisedProcess(identity: gated.process, marker: .init(variables: mark))
        try announce(gated.process)
        gated.open()
        return process
    }

    /// How it ended, told once; nil while it runs.
    package func exit() -> ChildExit? { ChildExit.poll(identity.id) }

    package var isAlive: Bool { identity.isAlive }

    /// As a crash would. Returns when nothing of it is left.
    package func kill() async {
        Glibc.kill(-identity.id, SIGKILL)
        _ = await Termination.kill(family)
    }

    /// Asks, and kills what is left of it after its time.
    ///
    /// - Parameter asked: called once it has been asked.
    package func end(askWith signal: Int32, grace: Duration, asked: () -> Void = {}) async {
        _ = await Termination.end(family, askWith: signal, grace: grace, asked: asked)
    }

    /// It stands still when this returns.
    ///
    /// - Parameter announce: told of its processes before they do.
    /// - Returns: its processes.
    package func pause(announce: (Set<ProcessIdentity>) -> Void) async -> Set<ProcessIdentity> {
        var family = family
        await family.halt(announce: announce)
        return family.members
    }

    package func resume() {
        var family = family
        family.refresh()
        family.signal(SIGCONT)
    }

    package func listens(on port: Int) -> Bool {
        var family = family
        family.refresh()
        return Ports.listens(family, on: port) == true
    }

    /// Whether it has the end of a connection on this machine that has these ports, its own first.
    package func isConnected(from port: Int, to peerPort: Int) -> Bool {
        var family = family
        family.refresh()
        return Ports.isConnected(family, from: port, to: peerPort)
    }

    private var family: ProcessFamily { ProcessFamily(leader: identity, marker: marker) }
}
