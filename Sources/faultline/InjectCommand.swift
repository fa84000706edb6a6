import ArgumentParser
import Control
import Experiments
import Faults
import Stores

/// `NAME=VALUE`, where the value may be anything that YAML can say.
struct NamedValue: ExpressibleByArgument, Sendable {
    let name: String
    let value: JSON

    init?(argument: String) {
        guard let equals = argument.firstIndex(of: "="), equals > argument.startIndex else { return nil }
        name = String(argument[..<equals])
        let text = String(argument[argument.index(after: equals)...])
        // What is no YAML is a text.
        let node = try? YAMLFile.parse(text, file: "argument")
        value = node.map { JSON($0) } ?? .string(text)
    }
}

/// One fault more in a standing proxy.
struct InjectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inject",
        abstract: "Injects a fault on a link of a standing proxy, at once on open connections.",
        discussion: """
            'faultline faults' lists the faults, 'faultline faults NAME' explains one. --when chooses what it strikes; docs/faults.md
            has the selectors. The fault heals after --for, or with its lease, or when somebody heals it.

            \(ControlOptions.discussion)

            Examples:
              faultline inject redis latency delay=200ms jitter=50ms --for 30s
              faultline inject postgres error --when operation=COMMIT --when nth=3
              faultline inject s3 status code=503 'headers={ Retry-After: "2" }' --when probability=10% --for 5m
              faultline inject redis partition --name outage && faultline heal --name outage
            """)

    @Argument(help: "The link.") var link: String
    @Argument(help: "The fault.") var fault: String
    @Argument(help: ArgumentHelp("The fault's attributes.", valueName: "attribute=value")) var attributes:
        [NamedValue] = []

    @Option(help: ArgumentHelp("What it strikes; may be given again.", valueName: "selector=value"))
    var when: [NamedValue] = []
    @Option(name: .customLong("for"), help: ArgumentHelp("Heals after so long, such as 30s.", valueName: "duration"))
    var lasting: String?
    @Option(help: ArgumentHelp("Heals when this lease runs out.", valueName: "owner")) var lease: String?
    @Option(help: ArgumentHelp("What to call it; unique on its link.", valueName: "name")) var name: String?
    @OptionGroup var control: ControlOptions
    @Option(help: "'text' or 'json'.") var format = OutputFormat.text

    func run() async throws {
        let (client, body) = (control.client, body)
        let answer = try await Failure.reported { try await client.send("POST", ["v1", "faults"], body: body) }
        guard format == .text else { return Console.output(answer.line) }
        let heals = lasting.map { "heals after \($0)" } ?? lease.map { "heals with the lease of \($0)" }
        let number = answer["number"]?.int ?? 0
        Console.output(
            "fault \(number): \(fault) on \(link), \(heals ?? "until it is healed: faultline heal --fault \(number)")")
    }

    private var body: JSON {
        var body: [String: JSON] = ["on": .string(link)]
        body["inject"] = attributes.isEmpty ? .string(fault) : .object([fault: Self.object(attributes)])
        if !when.isEmpty { body["when"] = Self.object(when) }
        body["for"] = lasting.map { .string($0) }
        body["lease"] = lease.map { .string($0) }
        body["name"] = name.map { .string($0) }
        return .object(body)
    }

    private static func object(_ values: [NamedValue]) -> JSON {
        .object(Dictionary(values.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }))
    }
}
