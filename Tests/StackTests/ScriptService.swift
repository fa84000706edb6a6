import Stack

/// A service that is whatever a line of shell makes it.
struct ScriptService: StackService {
    var name = "script"
    var executable = "/bin/sh"
    var script: String
    var readyWithin: Duration = .seconds(30)
    var onPrepare: @Sendable (Site) async throws -> Void = { _ in }

    func prepare(_ site: Site) async throws { try await onPrepare(site) }

    func command(_ site: Site) -> Command {
        Command(executable: executable, arguments: ["-c", script], remedy: "apt-get install the-script")
    }

    /// It never answers.
    func probe(_ site: Site, timeout: Duration) async throws -> String {
        throw StackError(service: name, what: "says nothing")
    }
}
