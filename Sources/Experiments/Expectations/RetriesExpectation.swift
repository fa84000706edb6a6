package import Consistency
package import Faults
package import Wire

/// How calls on a link are tried again. A retry is a further attempt of a call: the same request for the same submission of a
/// document.
package struct RetriesExpectation: Expectation {
    package static let name = "retries"
    package static let example = "{ on: s3, at-most: 0 }"

    package let link: String
    /// Calls whose operation matches; nil for all.
    package let operation: Glob?
    package let rules: [RetryRule]

    package init(on link: String, operation: String? = nil, _ rules: [RetryRule]) {
        self.link = link
        self.operation = operation.map { Glob($0) }
        self.rules = rules
    }

    package init(spec: inout Spec, links: [String: LinkTraits]) throws(SpecError) {
        link = try spec.callLink("on", links)
        operation = try spec.optional("operation", .name).map { Glob($0) }
        let atMost = try spec.optional("at-most", .int(in: 0...1_000_000))
        let atLeast = try spec.optional("at-least", .int(in: 0...1_000_000))
        let retryAfter: Honoured? = try spec.optional("retry-after", .choice)
        let wait = try spec.optional("wait-at-least", .duration)
        let backOff: Growing? = try spec.optional("back-off", .choice)
        let final = try spec.optional("none-after", .list(of: .final(on: links[link]?.linkProtocol)))
        try spec.finish()
        if let atMost, let atLeast, atLeast > atMost {
            throw spec.error("at-least", "is more than 'at-most'", mend: "swap the two")
        }
        if let final, final.isEmpty {
            throw spec.error("none-after", "is empty", mend: "name the codes that are final, such as [401]")
        }
        rules = [
            atMost.map { .atMost($0) }, atLeast.map { .atLeast($0) }, retryAfter.map { _ in .retryAfterHonoured },
            wait.map { .waitAtLeast($0) }, backOff.map { _ in .growingWaits }, final.map { .noneAfter($0) },
        ].compactMap { $0 }
        if rules.isEmpty {
            throw spec.place.error("claims nothing", mend: "add 'at-most: 0', 'at-least: 1' or 'retry-after: honoured'")
        }
    }

    private enum Honoured: String, CaseIterable { case honoured }
    private enum Growing: String, CaseIterable { case growing }

    package var claim: String {
        let calls = operation.map { "\($0) on \(link)" } ?? "a call on \(link)"
        return rules.map { $0.claim(calls) }.joined(separator: ", and ")
    }

    package func check(_ evidence: Evidence) -> Finding {
        let all = evidence.traffic.calls.filter { $0.link == link && operation?.matches($0.operation) != false }
        let calls = all.filter { $0.document != nil }
        let shared = evidence.documentsAskedOften
        var violations: [Violation] = []
        var gaps: [String] = []
        for rule in rules {
            var count = RetryRule.Count()
            for call in calls {
                let tried = RetryRule.Tried(call, isCutShort: evidence.dropped > 0)
                let told = rule.check(tried, &count)
                guard !told.isEmpty else { continue }
                // Attempts for several submissions may have come together here.
                if call.submission == nil, shared.contains(call.document ?? "") {
                    gaps.append("calls for several submissions of \(call.document ?? "") cannot be told apart")
                    continue
                }
                let subject = "\(call.operation)\(call.key.isEmpty ? "" : " of \(call.key)") on \(link)"
                violations += told.map {
                    violation(call.document, expected: "\($0.expected), \(subject)", found: $0.found)
                }
            }
            if let gap = rule.gap(count, on: link) { gaps.append(gap) }
        }
        if !violations.isEmpty { return .violated(violations) }
        if let gap = gap(all, evidence) ?? gaps.first { return .unknown(gap) }
        return .holds(checked: calls.count)
    }

    /// Why nothing that is missing here proves anything.
    private func gap(_ all: [Call], _ evidence: Evidence) -> String? {
        if evidence.dropped > 0 { return "the wire history lost \(evidence.dropped) events" }
        let strays = all.filter { $0.document == nil }.reduce(0) { $0 + $1.attempts.count }
        if strays > 0 {
            return "nobody can tell whose \(strays) requests on \(link) are, so attempts cannot be counted"
        }
        if evidence.traffic.opaque.contains(link) {
            return "a connection of \(link) stopped making sense, so not all of its calls were seen"
        }
        return all.isEmpty ? "no call was seen on \(link)" : nil
    }
}

extension Evidence {
    /// Documents of which more than one thing was asked under fire.
    var documentsAskedOften: Set<String> {
        let counts = Dictionary(
            world.submissions.filter { !$0.isBaseline }.map { ($0.document, 1) }, uniquingKeysWith: +)
        return Set(counts.filter { $0.value > 1 }.keys)
    }
}

extension Spec {
    /// The name of a link.
    mutating func link(_ key: String, _ links: [String: LinkTraits]) throws(SpecError) -> String {
        let link = try required(key, .name)
        try check(link, key, links)
        return link
    }

    /// The name of a link on which calls can be seen.
    mutating func callLink(_ key: String, _ links: [String: LinkTraits]) throws(SpecError) -> String {
        let link = try link(key, links)
        guard links[link]?.knowsCalls == true else {
            let known = links.filter(\.value.knowsCalls).keys.sorted()
            throw error(
                key,
                "names the link '\(link)', which speaks \(links[link]?.linkProtocol.rawValue ?? "?"): calls cannot be seen on it",
                mend: known.isEmpty ? "there is no link with calls" : "name one of \(known.joined(separator: ", "))")
        }
        return link
    }

    func check(_ link: String, _ key: String, _ links: [String: LinkTraits]) throws(SpecError) {
        if links[link] != nil { return }
        throw error(
            key, "names no link: '\(link)'",
            mend: Suggestion.known(links.keys.sorted(), plural: "links", insteadOf: link))
    }
}

extension LinkTraits {
    /// Whether calls can be told apart on it.
    var knowsCalls: Bool { LinkProtocol.withMessages.contains(linkProtocol) }
}

extension SpecType where Value == String {
    /// What an answer that is final says: an HTTP status, or an error's code as the protocol writes it.
    fileprivate static func final(on linkProtocol: LinkProtocol?) -> SpecType {
        switch linkProtocol {
        case .postgres:
            .scalar("an SQLSTATE", example: "42501", mend: "write five capital letters and digits") { text in
                text.wholeMatch(of: /[0-9A-Z]{5}/) == nil ? nil : text
            }
        case .redis:
            .scalar("an error's code", example: "NOPERM", mend: "write a word in capitals") { text in
                text.wholeMatch(of: /[A-Z][A-Z0-9]*/) == nil ? nil : text
            }
        case .bolt:
            .scalar(
                "a status code", example: "Neo.ClientError.Security.Forbidden",
                mend: "write Neo.CLASSIFICATION.CATEGORY.TITLE"
            ) { text in
                text.wholeMatch(of: /Neo(\.[A-Za-z]+){3}/) == nil ? nil : text
            }
        default:
            .scalar("a whole number from 100 to 599", example: "401") { text in
                Int(text).map { (100...599).contains($0) } == true ? text : nil
            }
        }
    }
}
