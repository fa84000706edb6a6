import Consistency
import Experiments
import Proxy
import Wire

extension ReportPage {
    /// A short table of what crossed the links around the strikes.
    func trail(_ one: ViolationCase) -> HTML {
        guard let witness = one.witness else { return .nothing }
        guard !one.trail.isEmpty else {
            return .element("p", ["class": "dim"], "No event on the wire is known to belong to ", code(witness), ".")
        }
        var rows: [[HTML]] = []
        var marked: Set<Int> = []
        for row in one.trail {
            switch row {
            case .gap(let count):
                rows.append([
                    "", "",
                    .element("span", ["class": "dim"], "\(Figures.count(count, "event")) not shown: see wire.ndjson"),
                    "", "",
                ])
            case .event(let event):
                if event.window != 0 { marked.insert(rows.count) }
                rows.append([
                    "\(Figures.milliseconds(nanoseconds: event.time - zero))", "\(event.link)", "\(event.words)",
                    event.status == 0 ? "" : "\(event.status)", done(event),
                ])
            }
        }
        let whose = one.document == nil ? "one of the documents, \(witness)" : witness
        return PageTable(
            caption:
                "On the wire for \(whose). Seconds count from the beginning of the workload; struck messages are marked.",
            columns: [.number("Seconds"), .short("Link"), .text("Message"), .number("Status"), .text("What was done")],
            rows: rows, marked: marked, isTight: true
        ).html
    }

    private func done(_ event: WireEvent) -> HTML {
        guard event.window != 0 else { return "\(event.action.rawValue)" }
        let fault = windowNames[event.window] ?? "window \(event.window)"
        return HTML([.element("strong", [:], "struck: \(event.action.rawValue)"), " by \(fault)"])
    }

    var wire: HTML {
        guard let timeline else {
            return section("The wire over time", [.element("p", ["class": "dim"], "Nothing was on the wire.")])
        }
        return section(
            "The wire over time",
            [
                .element(
                    "p", ["class": "dim"],
                    HTML(
                        "One band a link, each on a scale of its own, and one for each process that was struck; a bar is "
                            + "\(Figures.span(timeline.bucket)). Time "
                            + "counts from the beginning of the workload.")),
                TimelinePicture(timeline: timeline).html,
            ])
    }

    var retriedCalls: HTML {
        guard !calls.isEmpty else { return .nothing }
        let scale = calls.shown.map(\.length).max() ?? 0
        return section(
            "Calls that were tried again",
            [
                CallPicture.legend,
                PageTable(
                    caption: "Each call from its first attempt on; the longest is as wide as the column "
                        + "(\(Figures.seconds(scale))).",
                    columns: [.text("Call"), .number("Began"), .text("Answers"), .text("Attempts over time")],
                    rows: calls.shown.map { call in
                        [
                            HTML([
                                "\(call.link) \(call.operation) ", code(call.key),
                                call.document == call.key || call.document == nil
                                    ? .nothing : .element("small", [:], " of ", document(call.document ?? "")),
                            ]),
                            "\(Figures.seconds(call.began))", "\(call.answers)",
                            CallPicture(call: call, scale: scale).html,
                        ]
                    }
                ).html,
                rest(calls.more, "retried call", in: "wire.ndjson"),
            ])
    }

    var attribution: HTML {
        guard !shares.isEmpty else { return .nothing }
        return section(
            "Whose requests they were",
            [
                PageTable(
                    caption: "Requests that no rule gives to a document make claims about them inconclusive.",
                    columns: [
                        .short("Link"), .number("Requests"), .number("Of a document"), .number("The worker's own"),
                        .number("Of nobody known"), .number("Share unknown"),
                    ],
                    rows: shares.map { share in
                        [
                            "\(share.link)", "\(Figures.number(share.requests))", "\(Figures.number(share.attributed))",
                            "\(Figures.number(share.idle))",
                            "\(Figures.number(share.unattributed))",
                            "\(Figures.percent(share.unattributed, of: share.requests))",
                        ]
                    }
                ).html
            ])
    }
}

extension CallRow {
    /// `429, 429, 200`, shortened when there are many.
    fileprivate var answers: String {
        let words = bars.map(\.word)
        let shown = words.count > 8 ? words.prefix(6) + ["…"] + words.suffix(1) : words[...]
        return "\(bars.count + more) attempts: " + shown.joined(separator: ", ")
    }
}

extension WireEvent {
    /// `GetObject answer`; what happened to a connection in words.
    fileprivate var words: String {
        switch kind {
        case .message:
            let side = direction == .response ? "answer" : "request"
            guard exchange > 0 else {
                return "\(Figures.count(size, "byte")) \(direction == .response ? "from" : "to") the service"
            }
            return "\(operation) \(side)"
        case .opened: return "connection opened"
        case .unreachable: return "upstream not reached"
        case .opaque: return "passes as bytes from here on"
        case .closed: return "connection closed"
        case .reset: return "connection reset"
        }
    }
}
