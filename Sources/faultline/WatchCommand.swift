import ArgumentParser
import Control
import Stack
import Stores
import Synchronization

/// The wire of a standing proxy, live.
struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Shows the wire of a standing proxy as it is used, one line a message.",
        discussion: """
            A line has the time since the proxy's start in seconds, the link, the connection, '->' for a request and '<-' for an
            answer, the operation and its key, the size, the status or code of an answer, what was done to it, and the number of the
            fault that did it. The proxy never waits for a watcher: what could not be shown is counted.

            \(ControlOptions.discussion)

            Examples:
              faultline watch
              faultline watch postgres --operation COMMIT --struck any
              faultline watch --struck 3 --count 1          waits until fault 3 strikes
              faultline watch --format json | jq .operation
            """)

    @Argument(help: "The link; all unless it is named.") var link: String?
    @Option(help: "Only this operation, as the history names it.") var operation: String?
    @Option(help: "Only messages with this key.") var key: String?
    @Option(help: "'request' or 'response'.") var direction: String?
    @Option(help: ArgumentHelp("Only what a fault has struck: 'any', or its number.", valueName: "fault")) var struck:
        String?
    @Option(help: ArgumentHelp("Ends after so many lines.", valueName: "lines")) var count: Int?
    @OptionGroup var control: ControlOptions
    @Option(help: "'text' or 'json', one object a line.") var format = OutputFormat.text

    func validate() throws {
        if let count, count < 1 { throw ValidationError("--count is \(count); name 1 or more") }
    }

    func run() async throws {
        let (client, format, most) = (control.client, format, count ?? .max)
        var query: [String: String] = [:]
        query["link"] = link
        query["operation"] = operation
        query["key"] = key
        query["direction"] = direction
        query["struck"] = struck
        let asked = query
        let shown = Mutex(0)
        let missed = Mutex(0)
        defer {
            let missed = missed.withLock { $0 }
            if missed > 0 { Console.error("\(missed) events could not be shown") }
        }
        try await Failure.told {
            do {
                try await Interruption.cancelling {
                    if let link = asked["link"] { _ = try await client.send("GET", ["v1", "links", link]) }
                    try await client.watch(asked, onStart: { Console.error("watching") }) { event in
                        switch event {
                        case .missed(let count): missed.withLock { $0 += count }
                        case .wire(let event):
                            Console.output(format == .json ? event.line : WireLine.text(event))
                            return shown.withLock { shown in
                                shown += 1
                                return shown < most
                            }
                        }
                        return true
                    }
                }
            } catch is Interruption.Interrupted {
                // How one ends watching.
            }
        }
    }
}

/// One event of the wire as a line of text.
enum WireLine {
    static func text(_ event: JSON) -> String {
        let seconds = Double(event["time"]?.int ?? 0) / 1e9
        let time = String(Int(seconds)) + "." + String(Int(seconds * 1000) % 1000 + 1000).dropFirst()
        let action = event["action"]?.string ?? ""
        let (status, window) = (event["status"]?.int ?? 0, event["window"]?.int ?? 0)
        let isMessage = event["kind"] == "message"
        let words: [String?] = [
            time, event["link"]?.string, "#\(event["connection"]?.int ?? 0)",
            isMessage ? (event["direction"] == "response" ? "<-" : "->") : event["kind"]?.string,
            event["operation"]?.string, event["key"]?.string, isMessage ? "\(event["size"]?.int ?? 0)B" : nil,
            status > 0 ? "\(status)" : event["code"]?.string, action == "forwarded" ? nil : action,
            window > 0 ? "fault \(window)" : nil,
        ]
        return words.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: "  ")
    }
}
