import ArgumentParser
import Control
import Stores

/// What stands in a proxy.
struct LinksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "links",
        abstract: "Lists the links of a standing proxy, and what is injected on them.",
        discussion: """
            \(ControlOptions.discussion)

            Examples:
              faultline links
              faultline links --api 10.0.0.7:8474 --format json
            """)

    @OptionGroup var control: ControlOptions
    @Option(help: "'text' or 'json'.") var format = OutputFormat.text

    func run() async throws {
        let client = control.client
        let (links, faults, leases) = try await Failure.reported {
            (
                try await client.send("GET", ["v1", "links"]), try await client.send("GET", ["v1", "faults"]),
                try await client.send("GET", ["v1", "leases"])
            )
        }
        let (ofLinks, ofFaults) = (links["links"]?.array ?? [], faults["faults"]?.array ?? [])
        let scoped = (leases["leases"]?.array ?? []).filter { $0["scope"] != .null }.compactMap { $0["owner"]?.string }
        if format == .json {
            return Console.output(JSON.object(["links": .array(ofLinks), "faults": .array(ofFaults)]).line)
        }
        guard !ofLinks.isEmpty else { return Console.output("no links") }
        Console.output(
            TextTable(head: ["LINK", "PROTOCOL", "LISTENS", "LEADS TO"], rows: ofLinks.map { Self.row($0) }))
        guard !ofFaults.isEmpty else { return Console.output("\nno faults") }
        let rows = ofFaults.map { Self.row(ofFault: $0, scoped: scoped) }
        Console.output("")
        Console.output(TextTable(head: ["FAULT", "LINK", "WHAT", "STRUCK", "HEALS IN", "LEASE"], rows: rows))
    }

    private static func row(_ link: JSON) -> [String] {
        let isEnabled = link["enabled"] == true
        return [
            link["name"]?.string ?? "", link["protocol"]?.string ?? "",
            isEnabled ? listen(link.texts("listen")) : "disabled", link["upstream"]?.string ?? "",
        ]
    }

    /// The first of its lanes.
    private static func listen(_ addresses: [String]) -> String {
        addresses.count < 2 ? addresses.joined() : "\(addresses[0]) and \(addresses.count - 1) more"
    }

    /// - Parameter scoped: owners of leases outside whose scope their faults strike nothing.
    private static func row(ofFault fault: JSON, scoped: [String]) -> [String] {
        let kind = fault["kind"]?.string ?? "no effect"
        let what = [fault["name"]?.string, kind].compactMap { $0 }.joined(separator: ": ")
        return [
            "\(fault["number"]?.int ?? 0)", fault["link"]?.string ?? "", what, "\(fault["struck"]?.int ?? 0)",
            fault["remaining_ms"]?.int.map { "\(($0 + 999) / 1000)s" } ?? "",
            fault["lease"]?.string.map { scoped.contains($0) ? "\($0), its traffic alone" : $0 } ?? "",
        ]
    }
}
