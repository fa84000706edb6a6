import Faults
import Testing
import Wire

/// What the reference says of a fault's options is what the fault reads.
struct AttributeTests {
    private func link(for fault: any Fault.Type) throws -> String {
        if let service = fault.services?.first { return service.rawValue }
        if fault.target == .processes || fault.protocols.contains(.http) { return "s3" }
        return try #require(Yaml.links.first { fault.protocols.contains($0.value.linkProtocol) }).key
    }

    private func refusal(_ fault: any Fault.Type, _ attributes: [(String, String)]) throws -> String {
        let entries = try attributes.enumerated().map {
            Yaml.entry(7 + $0.offset, $0.element.0, try FlowText.node($0.element.1, line: 7 + $0.offset).content)
        }
        let link = try link(for: fault)
        return Yaml.refusal { () throws(SpecError) in
            try Yaml.window(on: link, inject: fault.kind, attributes: entries)
        }
    }

    @Test(arguments: FaultCatalogue.all.map { $0.kind }) func eachIsTaken(kind: String) throws {
        let fault = try #require(FaultCatalogue.all.first { $0.kind == kind })
        let required = fault.attributes.prefix { $0.isRequired }.count
        // One may only make sense beside those before it.
        for count in required...fault.attributes.count {
            let options = fault.attributes.prefix(count).map { ($0.name, $0.example) }
            #expect(try refusal(fault, options) == "")
        }
    }

    @Test(arguments: FaultCatalogue.all.map { $0.kind }) func noneIsMissedAndNoneIsLeftOut(kind: String) throws {
        let fault = try #require(FaultCatalogue.all.first { $0.kind == kind })
        let required = fault.attributes.filter(\.isRequired).map { ($0.name, $0.example) }
        let told = try refusal(fault, required + [("unheard-of", "1")])
        let known =
            fault.attributes.isEmpty
            ? "there are no options here"
            : "known options: \(fault.attributes.map(\.name).joined(separator: ", "))"
        #expect(told.contains("has no option 'unheard-of'; \(known)"), "\(told)")
        for missing in required.indices {
            var rest = required
            rest.remove(at: missing)
            #expect(try refusal(fault, rest).contains("needs the option '\(required[missing].0)'"))
        }
    }

    @Test(arguments: FaultCatalogue.all.map { $0.kind }) func whatMayBeLeftOutComesLast(kind: String) throws {
        let fault = try #require(FaultCatalogue.all.first { $0.kind == kind })
        let isRequired = fault.attributes.map(\.isRequired)
        #expect(isRequired == isRequired.sorted { $0 && !$1 })
        #expect(fault.attributes.allSatisfy { !$0.type.isEmpty && !$0.meaning.isEmpty })
    }

    /// The reference shows these examples; each must be one that can be written.
    @Test(arguments: FaultCatalogue.all.map { $0.kind }) func theExampleCanBeWritten(kind: String) throws {
        let fault = try #require(FaultCatalogue.all.first { $0.kind == kind })
        guard case .mapping(let entries) = try FlowText.node(fault.example, line: 7).content else {
            Issue.record("\(fault.example) is no mapping")
            return
        }
        let window = try Yaml.window(on: try link(for: fault), inject: kind, attributes: entries)
        #expect(type(of: window.fault).kind == kind)
    }
}
