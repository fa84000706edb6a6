import ArgumentParser
import Control
import Stores

/// Faults less in a standing proxy.
struct HealCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "heal",
        abstract: "Heals faults of a standing proxy; its links stay up.",
        discussion: """
            \(ControlOptions.discussion)

            Examples:
              faultline heal redis                all faults on the link 'redis'
              faultline heal --fault 3            one fault, by its number
              faultline heal --name outage        those of a name
              faultline heal --all                all on all links, a file's and Toxiproxy's among them
            """)

    @Argument(help: "The link.") var link: String?
    @Option(help: ArgumentHelp("A fault's number.", valueName: "number")) var fault: Int?
    @Option(help: ArgumentHelp("A fault's name.", valueName: "name")) var name: String?
    @Flag(help: "All faults on all links.") var all = false
    @OptionGroup var control: ControlOptions
    @Option(help: "'text' or 'json'.") var format = OutputFormat.text

    func validate() throws {
        guard link != nil || fault != nil || name != nil || all else {
            throw ValidationError("say which faults: a link, --fault NUMBER, --name NAME, or --all")
        }
        guard !all || (link == nil && fault == nil && name == nil) else {
            throw ValidationError("--all heals everything; leave out what chooses some")
        }
        guard fault == nil || (link == nil && name == nil) else {
            throw ValidationError("--fault names one fault; leave out what chooses others")
        }
    }

    func run() async throws {
        let (client, fault) = (control.client, fault)
        var query: [String: String] = [:]
        query["link"] = link
        query["name"] = name
        let asked = query
        let healed = try await Failure.reported {
            if let link = asked["link"] { _ = try await client.send("GET", ["v1", "links", link]) }
            guard let fault else {
                return try await client.send("DELETE", ["v1", "faults"], query: asked).ints("healed")
            }
            _ = try await client.send("DELETE", ["v1", "faults", "\(fault)"])
            return [fault]
        }
        if format == .json { return Console.output(JSON.object(["healed": .array(healed.map { .int($0) })]).line) }
        Console.output(healed.isEmpty ? "nothing to heal" : "healed \(healed.map { "\($0)" }.joined(separator: ", "))")
    }
}
