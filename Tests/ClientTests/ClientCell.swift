import Experiments
import Faults
import Stores
import Testing
import Wire

/// One cell of the table: a client does something through a link while a fault is in force there.
struct ClientCell: Sendable, CustomTestStringConvertible {
    let client: Client
    /// What it does, as its helper names it.
    let operation: String
    /// The fault, as an experiment file has it behind `inject:`.
    let fault: String
    /// The operation on the wire that it strikes, and whose attempts are counted.
    let wire: String
    /// What more an experiment file says behind `when:`.
    let selection: String
    /// What the client makes of it.
    let outcome: Expected
    /// How many rows, objects or points of the operation's name there are afterwards, read past the link; `nil` where the
    /// service keeps nothing of it.
    let stored: Int?
    /// How often the wire history shows the operation asked for.
    let attempts: ClosedRange<Int>

    init(
        _ client: Client, _ operation: String, _ fault: String, at wire: String, when selection: String = "",
        _ outcome: Expected, stored: Int? = nil, attempts: Int = 1
    ) {
        self.init(
            client, operation, fault, at: wire, when: selection, outcome, stored: stored, attempts: attempts...attempts)
    }

    init(
        _ client: Client, _ operation: String, _ fault: String, at wire: String, when selection: String = "",
        _ outcome: Expected, stored: Int? = nil, attempts: ClosedRange<Int>
    ) {
        (self.client, self.operation, self.fault, self.wire) = (client, operation, fault, wire)
        (self.selection, self.outcome, self.stored, self.attempts) = (selection, outcome, stored, attempts)
    }

    var testDescription: String { "\(client.name) \(operation), \(fault) at \(wire) \(selection)" }

    /// The window, read as an experiment file is.
    func window() throws -> Window {
        let fault = fault.contains(":") ? fault : "\(fault): {}"
        let when = selection.isEmpty ? "operation: '\(wire)'" : "operation: '\(wire)', \(selection)"
        let text = "on: \(client.service.rawValue)\nwhen: { \(when) }\ninject: { \(fault) }\n"
        let spec = try Spec(file: "cell.yaml", root: YAMLFile.parse(text, file: "cell.yaml"))
        let links = [client.service.rawValue: ClientLinks.traits(of: client.service)]
        return try WindowReader.read([spec], links: links)[0]
    }
}

extension ClientCell {
    /// Whether it takes something away that has been put past the link.
    var takesAway: Bool { ["delete", "pop"].contains(operation) }

    var storedBefore: Int { takesAway ? 1 : 0 }

    /// What there is when the operation is done once and whole.
    var storedWhenDone: Int {
        switch (client, operation) {
        case (_, "delete"), (_, "pop"), (_, "failed-transaction"): 0
        case (.psql, _): 1
        case (_, "pipeline"), (_, "copy-in"), (.psycopg(.pipeline), _): 3
        case (.redis, "transaction"), (.redisCLI, "transaction"), (.hiredis, "transaction"), (_, "script"): 2
        default: 1
        }
    }

    /// How many messages it takes of those that are struck, when all goes well.
    var messages: Int {
        switch (client, operation) {
        case (.psycopg(.pipeline), _), (_, "pipeline"): 3
        case (_, "embed-twice"), (_, "upsert-twice"), (_, "upload-twice"), (_, "places"): 2
        case (_, "multipart") where wire == "UploadPart": 2
        case (_, "transaction") where wire.hasPrefix("INCR"): 2
        default: 1
        }
    }

    /// What is counted in the store.
    var unit: String {
        switch (client.service, operation) {
        case (.postgres, _): "row"
        case (.s3, _): "object"
        case (.qdrant, _): "point"
        case (.neo4j, _): "node"
        case (_, "set"): "key"
        case (_, "pipeline"), (_, "pop"): "element"
        default: "increment"
        }
    }
}

/// What a client is expected to make of an operation.
enum Expected: Sendable {
    /// It ends well, with this value.
    case gives(JSON)
    /// It raises an error of this very class, with this code (SQLSTATE, status, the service's own), and its message
    /// has this text.
    case raises(String, code: String = "", says: String = "")
    /// The program ends with this exit code, and has said this.
    case exits(Int32, says: String = "")

    /// Fails the test where it came otherwise.
    func expect(_ outcome: ClientOutcome, sourceLocation: SourceLocation = #_sourceLocation) {
        switch (self, outcome) {
        case (.gives(let expected), .value(let value)):
            #expect(value == expected, "\(outcome)", sourceLocation: sourceLocation)
        case (.raises(let kind, let code, let text), .failure(let failure)):
            #expect(failure.classes.first == kind, "\(outcome)", sourceLocation: sourceLocation)
            #expect(failure.code == code, "\(outcome)", sourceLocation: sourceLocation)
            #expect(text.isEmpty || failure.message.contains(text), "\(outcome)", sourceLocation: sourceLocation)
        case (.exits(let expected, let text), .exit(let code, let output)):
            #expect(code == expected, "\(outcome)", sourceLocation: sourceLocation)
            #expect(text.isEmpty || output.contains(text), "\(outcome)", sourceLocation: sourceLocation)
        default:
            Issue.record("expected \(self), and it came to \(outcome)", sourceLocation: sourceLocation)
        }
    }
}
