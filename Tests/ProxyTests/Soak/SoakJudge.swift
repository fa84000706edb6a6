import Faults
import Proxy
import Reactor
import Wire

/// Something that nothing allowed.
struct SoakDifference: Hashable, Sendable, CustomStringConvertible {
    var link: String
    /// The soak's own number of the connection, and the link's, where it is known.
    var id: Int
    var connection: Int?
    var direction: Direction?
    var offset: Int?
    var what: String
    /// The windows that may have been in force in the connection's time, the last of them.
    var plan: [String] = []
    /// What the history says of the connection, the last of it.
    var course: [String] = []

    var description: String {
        let place = [
            "\(link): connection \(id)", connection.map { "(\($0) in the history)" } ?? "(not in the history)",
            direction.map { "\($0)" }, offset.map { "offset \($0)" },
        ]
        return place.compactMap { $0 }.joined(separator: " ") + ": \(what)"
            + (["\n    in force:"] + (plan.isEmpty ? ["nothing"] : plan)).joined(separator: "\n        ")
            + (["\n    history:"] + (course.isEmpty ? ["nothing"] : course)).joined(separator: "\n        ")
    }
}

/// Compares what the peers saw with what the wire history says that faults did. Pure: it sees values alone.
final class SoakJudge {
    let plans: SoakPlans
    /// The link's events, by connection and in the order of recording.
    private var events: [Int: [WireEvent]] = [:]
    private var numbers: [Int: [Int]] = [:]
    let link: String
    private let start: Nanoseconds
    private(set) var differences: [SoakDifference] = []

    /// - Parameter start: when the history's time began.
    init(_ link: String, _ history: [WireEvent], since start: Nanoseconds, _ plans: SoakPlans) {
        (self.link, self.plans, self.start) = (link, plans, start)
        for event in history where event.link == link {
            if events[event.connection] == nil { numbers[event.lane, default: []].append(event.connection) }
            events[event.connection, default: []].append(event)
        }
        for lane in numbers.keys { numbers[lane]!.sort() }
    }

    private static let linesTold = 8

    // MARK: Whose events are whose

    /// What the judge needs to know of a connection to find it in the history.
    struct Client {
        var id: Int
        var lane: Int
        var began: Nanoseconds
        var ended: Nanoseconds
        var ending: SoakEnding?
        /// Bytes passed, or the server met it: the link must have taken it.
        var wasMet: Bool

        var neverConnected: Bool {
            switch ending {
            case .refused, .failed: true
            default: false
            }
        }
    }

    /// The history's connection of each client. A lane has one client after the other, so both are in the same order; a client
    /// that was reset while it waited to be accepted is in no history.
    func matched(_ clients: [Client]) -> [Int: Int] {
        var found: [Int: Int] = [:]
        for lane in Set(clients.map(\.lane)).union(numbers.keys) {
            let own = clients.filter { $0.lane == lane && !$0.neverConnected }
            var taken = (numbers[lane] ?? [])[...]
            var missing = 0
            for client in own where !wasNeverTaken(client, insteadOf: taken.first) {
                if let number = taken.popFirst() { found[client.id] = number } else { missing += 1 }
            }
            if missing > 0 || !taken.isEmpty {
                differences.append(
                    SoakDifference(
                        link: link, id: 0,
                        what:
                            "lane \(lane): the history lacks \(missing) of \(own.count) clients and has \(taken.count) more"
                    ))
            }
        }
        return found
    }

    /// Whether a client was reset while it waited to be accepted. Had the link taken it, as this connection, and reset it, the
    /// history would tell of that before the client noticed.
    private func wasNeverTaken(_ client: Client, insteadOf number: Int?) -> Bool {
        guard !client.wasMet, client.ending == .reset, !windows(of: client, granting: .refused).isEmpty else {
            return false
        }
        guard let number, let end = events[number]?.last else { return true }
        return start + Nanoseconds(end.time) > client.ended + Self.clockSlack
    }

    /// Less than a client waits before it tries again.
    private static let clockSlack = Nanoseconds(.milliseconds(1))

    private func windows(of client: Client, granting licence: SoakFault.Licence) -> [SoakPlans.Drawn] {
        plans.windows(on: link, from: client.began, to: client.ended).filter {
            !$0.fault.licence.isDisjoint(with: licence)
        }
    }

    // MARK: What is allowed

    /// What the windows that struck this connection allow, as the history tells: an end names its window, a message the
    /// first of those that struck it, so there the others of its plan count too.
    private func granted(_ own: [WireEvent], _ client: Client) -> SoakFault.Licence {
        var licence: SoakFault.Licence = []
        // Whom nobody has accepted the history doesn't know.
        let wasTurnedAway = client.ending == .refused || (own.isEmpty && client.ending == .reset && !client.wasMet)
        if wasTurnedAway, !windows(of: client, granting: .refused).isEmpty { licence = .refused }
        for event in own where event.window != 0 {
            guard let window = plans.window(event.window) else {
                report(client, event.connection, "it was struck by window \(event.window), which there never was")
                continue
            }
            guard event.kind == .message else {
                licence.formUnion(window.fault.licence)
                continue
            }
            let mayBe = plans.windows(of: window.plan, on: link).reduce(into: SoakFault.Licence()) {
                $0.formUnion($1.fault.licence)
            }
            licence.formUnion(mayBe.intersection(Self.licence(of: event.action)))
        }
        return licence
    }

    /// What an action that the history names can have done.
    private static func licence(of action: WireEvent.Action) -> SoakFault.Licence {
        switch action {
        case .forwarded, .delayed, .shaped, .duplicated: []
        // A message that was damaged is told as that, whatever else ended in its place.
        case .corrupted: [.differs, .short, .reset]
        case .held, .hung, .cut: [.short, .reset]
        case .reset, .lost: [.reset]
        case .replied: [.replied]
        case .edited: [.edited]
        }
    }

    private func report(
        _ client: Client, _ number: Int?, on direction: Direction? = nil, at offset: Int? = nil, _ what: String
    ) {
        let inForce = plans.windows(on: link, from: client.began, to: client.ended)
        let own = number.flatMap { events[$0] } ?? []
        differences.append(
            SoakDifference(
                link: link, id: client.id, connection: number, direction: direction, offset: offset, what: what,
                plan: inForce.sorted { $0.plan < $1.plan }.suffix(Self.linesTold).map {
                    "plan \($0.plan) " + $0.text
                },
                course: own.suffix(Self.linesTold).map {
                    "\($0.kind) \($0.direction.map { "\($0)" } ?? "") \($0.size) bytes \($0.action), window \($0.window)"
                }))
    }

    /// What every connection must keep: one beginning, one end, times in order.
    private func judgeCourse(_ client: Client, _ number: Int?, _ own: [WireEvent], isClean: Bool) {
        guard number != nil else { return }
        let ends = own.filter { [.closed, .reset, .unreachable].contains($0.kind) }
        if ends.count != 1 { report(client, number, "it has \(ends.count) ends in the history") }
        if own.count(where: { $0.kind == .opened }) > 1 { report(client, number, "it was opened twice") }
        if own.contains(where: { $0.end < $0.time }) { report(client, number, "an event ends before it begins") }
        if isClean, ends.first?.kind != .closed {
            report(client, number, "it ended in order, and the history says not")
        }
        if client.ending == .stuck { report(client, number, "its client waited for ever") }
    }

    // MARK: Bytes

    private static let lossy: SoakFault.Licence = [.short, .reset, .refused]

    func judge(_ streams: [SoakEvidence]) {
        let clients = streams.map { stream in
            Client(
                id: stream.script.id, lane: stream.lane, began: stream.began, ended: stream.ended,
                ending: stream.clientEnding,
                wasMet: stream.serverEnding != nil || stream.response.received > 0 || stream.response.sawEnd)
        }
        let matches = matched(clients)
        for (stream, client) in zip(streams, clients) {
            let number = matches[client.id]
            let own = number.flatMap { events[$0] } ?? []
            let licence = granted(own, client)
            judge(stream, client, number, own, licence, .request)
            judge(stream, client, number, own, licence, .response)
            judgeEndings(stream, client, number, licence)
            let isClean = stream.clientEnding == .finished && stream.serverEnding == .finished && licence.isEmpty
            judgeCourse(client, number, own, isClean: isClean)
        }
    }

    private func judge(
        _ stream: SoakEvidence, _ client: Client, _ number: Int?, _ own: [WireEvent], _ licence: SoakFault.Licence,
        _ direction: Direction
    ) {
        let isRequest = direction == .request
        let (passage, size) =
            isRequest ? (stream.request, stream.script.requestSize) : (stream.response, stream.script.responseSize)
        let chunks = own.filter { $0.kind == .message && $0.direction == direction }
        // Of a chunk in whose place a connection ended, as much passed as its size says, of one that was held none; either is
        // told as cut where the connection ended otherwise.
        let passed = chunks.filter { $0.action != .held }.reduce(0) { $0 + $1.size }
        let surely = chunks.filter { $0.action != .held && $0.action != .cut }.reduce(0) { $0 + $1.size }
        let read = chunks.reduce(0) { $0 + $1.size }
        let isWhole = passage.received == size && passage.sawEnd
        let wasAborted = stream.clientEnding == .aborted || stream.serverEnding == .aborted
        if passage.received > passage.sent {
            report(
                client, number, on: direction, at: passage.sent,
                "\(passage.received - passage.sent) bytes too many came")
        }
        let damaged = Self.damaged(chunks)
        if let offset = passage.differences.first(where: { offset in !damaged.contains { $0.contains(offset) } }) {
            report(
                client, number, on: direction, at: offset,
                "\(passage.differences.count) of \(passage.received) bytes are not those that were sent")
        }
        if passage.received < size || !passage.sawEnd, !wasAborted, licence.isDisjoint(with: Self.lossy) {
            report(
                client, number, on: direction, at: passage.received,
                "\(size - passage.received) of \(size) bytes and the end are missing, and nothing took them")
        }
        // A reset passes on as one, so only a fault may end a stream in order before its last byte.
        if passage.received < size, passage.sawEnd, licence.isDisjoint(with: Self.lossy) {
            report(client, number, on: direction, at: passage.received, "FIN came before the last of \(size) bytes")
        }
        guard number != nil, !own.isEmpty else { return }
        let met = !isRequest || stream.serverEnding != nil
        if isWhole, passed != size || read != size {
            report(client, number, on: direction, "\(size) bytes passed, and the history counts \(passed) of \(read)")
        }
        if passage.received > passed || (passage.sawEnd && met && passage.received < surely) {
            report(
                client, number, on: direction, at: passage.received,
                "\(passage.received) bytes arrived, and the history says that \(passed) passed")
        }
        if read > passage.sent {
            report(client, number, on: direction, "\(passage.sent) bytes were sent, and the history counts \(read)")
        }
    }

    /// Where in a direction's stream bytes may differ.
    private static func damaged(_ chunks: [WireEvent]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var position = 0
        for chunk in chunks {
            if chunk.action == .corrupted { found.append(position..<(position + chunk.size)) }
            position += chunk.size
        }
        return found
    }

    private func judgeEndings(
        _ stream: SoakEvidence, _ client: Client, _ number: Int?, _ licence: SoakFault.Licence
    ) {
        if stream.serverEnding == .stuck { report(client, number, "its server waited for ever") }
        guard licence.isDisjoint(with: Self.lossy) else { return }
        let endings = [stream.clientEnding, stream.serverEnding]
        if endings.contains(.reset), !endings.contains(.aborted) {
            report(client, number, "it was reset, and nobody did that")
        }
        if client.neverConnected {
            report(client, number, "its client ended with \(client.ending!), and nobody did that")
        }
    }

    // MARK: Calls

    func judge(_ talks: [SoakTalk]) {
        let clients = talks.map { talk in
            Client(
                id: talk.id, lane: talk.lane, began: talk.began, ended: talk.ended, ending: talk.clientEnding,
                wasMet: talk.serverEnding != nil || talk.calls.contains { $0.servings > 0 || $0.responseReceived > 0 })
        }
        let matches = matched(clients)
        for (talk, client) in zip(talks, clients) {
            let number = matches[client.id]
            let own = number.flatMap { events[$0] } ?? []
            let licence = granted(own, client)
            let isBroken = talk.clientEnding == .aborted || !licence.isDisjoint(with: Self.lossy)
            for call in talk.calls { judge(call, client, number, own, isBroken: isBroken) }
            if let nonsense = talk.nonsense { report(client, number, on: .response, nonsense) }
            if own.contains(where: { $0.kind == .opaque }) { report(client, number, "HTTP was taken for bytes") }
            if talk.serverEnding == .stuck { report(client, number, "its server waited for ever") }
            if !isBroken, client.ending != .finished { report(client, number, "its client's end: \(client.ending!)") }
            judgeCourse(client, number, own, isClean: client.ending == .finished && licence.isEmpty)
        }
    }

    private func judge(
        _ evidence: SoakCallEvidence, _ client: Client, _ number: Int?, _ own: [WireEvent], isBroken: Bool
    ) {
        let call = evidence.call
        let messages = own.filter { $0.kind == .message && $0.exchange == call.number }
        let request = messages.first { $0.direction == .request }
        let response = messages.first { $0.direction == .response }
        func tell(_ what: String) { report(client, number, "call \(call.number): \(what)") }
        for difference in evidence.differences { tell(difference) }
        if evidence.servings > 1 { tell("the server met it \(evidence.servings) times") }
        if messages.count > 2 { tell("the history has \(messages.count) messages of it") }
        guard evidence.isResponseWhole else {
            if !isBroken { tell("its answer ended at \(evidence.responseReceived) bytes, and nothing took the rest") }
            return
        }
        guard let request, let response else { return tell("it was answered, and the history doesn't know it") }
        if request.action == .replied || response.action == .replied {
            let plan = plans.window(request.window)?.plan ?? 0
            if !plans.windows(of: plan, on: link).contains(where: { $0.fault.licence.contains(.replied) }) {
                tell("it was answered by window \(request.window), which does no such thing")
            }
            if evidence.servings > 0 { tell("it was refused by the proxy, and the server met it") }
            if response.size != evidence.responseReceived || response.status != evidence.status {
                tell("its reply was \(evidence.responseReceived) bytes, and the history says \(response.size)")
            }
            return
        }
        if evidence.status != 200 { tell("its status was \(evidence.status), and no window gave it") }
        if evidence.servings != 1 || !evidence.isRequestWhole { tell("it was answered, and the server did not do so") }
        if request.size != evidence.requestBytes || response.size != evidence.responseSent {
            tell(
                "\(evidence.requestBytes) and \(evidence.responseSent) bytes were sent, and the history counts "
                    + "\(request.size) and \(response.size)")
        }
        let mayEdit = !windows(of: client, granting: .edited).isEmpty
        for (isMarked, isSame, event) in [
            (evidence.isRequestMarked, evidence.requestReceived == evidence.requestBytes, request),
            (evidence.isResponseMarked, evidence.responseReceived == evidence.responseSent, response),
        ] {
            // What was held first counts as delayed, though a header was taken from it too.
            let isEdited = !isMarked && (event.action == .edited || (mayEdit && event.action == .delayed))
            if isEdited == isMarked || isSame != isMarked || (event.action == .edited && isMarked) {
                tell("its \(event.direction!) is \(isMarked ? "" : "not ")marked, and the history says \(event.action)")
            }
        }
    }
}
