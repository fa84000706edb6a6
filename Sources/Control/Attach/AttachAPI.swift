import Faults
import Hummingbird
import NIOCore
import Proxy
import Stores

/// `/v1/attachments`: a run elsewhere has links of this proxy to itself, puts its plan in force and is told the history.
struct AttachAPI: Sendable {
    private let live: LiveLinks

    init(_ live: LiveLinks) { self.live = live }

    func list() async throws -> APIAnswer {
        try await live.sweep()
        let (set, now) = await live.now
        let attachments = set.attachments.map { attachment in
            let lease = set.leases.first { $0.owner == attachment.owner }
            return Self.json(attachment, remaining: max((lease?.expires ?? now) - now, .zero))
        }
        return .json(["attachments": .array(attachments.map { .object($0) })])
    }

    /// `{ owner, links, for }`.
    func attach(_ body: [UInt8]) async throws -> APIAnswer {
        var members = try APIBody.object(body)
        let lasting = try Self.lasting(&members)
        var spec = try APIBody.spec(members)
        let owner = try spec.required("owner", .name)
        let links = try spec.required("links", .list(of: .name))
        try spec.finish()
        guard owner.unicodeScalars.count <= 255 else { throw APIError(400, "an owner has 1 to 255 characters") }
        guard !links.isEmpty, Set(links).count == links.count, links.count <= LiveSet.linksMax else {
            throw APIError(400, "links names those that the run uses, each once")
        }
        return .json(Self.json(try await live.attach(owner, to: links, for: lasting)), status: 201)
    }

    func state(_ owner: String) async throws -> APIAnswer { .json(Self.json(try await live.state(of: owner))) }

    /// `{ for }`.
    func renew(_ owner: String, _ body: [UInt8]) async throws -> APIAnswer {
        var members = try APIBody.object(body)
        let lasting = try Self.lasting(&members)
        try APIBody.spec(members).finish()
        return .json(Self.json(try await live.state(of: owner, renewedFor: lasting)))
    }

    func detach(_ owner: String) async throws -> APIAnswer {
        try await live.detach(owner)
        return .done
    }

    func plan(_ owner: String, _ body: [UInt8]) async throws -> APIAnswer {
        let set = await live.now.set
        let links = try set.attachment(of: owner).links.map { (name: String) in
            (name, try set.link(name).configuration.traits)
        }
        let (windows, seed) = try PlanBody.read(body, links: Dictionary(uniqueKeysWithValues: links))
        return .json(["time": .int(Int(try await live.replacePlan(of: owner, by: windows, seed: seed)))])
    }

    /// `{ number }`.
    func mark(_ owner: String, _ body: [UInt8]) async throws -> APIAnswer {
        var spec = try APIBody.spec(APIBody.object(body))
        let number = try spec.required("number", .int(in: 1...Int(Int32.max)))
        try spec.finish()
        try await live.mark(owner, number: number)
        return .done
    }

    /// The history as it is made, in the form of its files. When its reader is gone so is the run, and its faults heal.
    func history(_ owner: String) async throws -> APIAnswer {
        let (live, tap) = (live, try await live.tap(owner))
        let body = ResponseBody { writer in
            var failure: (any Error)?
            do {
                while let bytes = await tap.next() { try await writer.write(ByteBuffer(bytes: bytes)) }
                try await writer.finish(nil)
            } catch {
                failure = error
            }
            tap.stop()
            try? await live.detach(owner)
            if let failure { throw failure }
        }
        return APIAnswer(status: 200, type: "application/octet-stream", stream: body)
    }

    private static func lasting(_ members: inout [String: JSON]) throws -> Duration {
        guard let duration = try APIBody.lasting(&members) else {
            throw APIError(400, "the request needs the option 'for'; add \"for\": \"10s\"")
        }
        return duration
    }

    // MARK: Telling

    private static func json(_ attachment: Attachment, remaining: Duration) -> [String: JSON] {
        [
            "owner": .string(attachment.owner), "links": .array(attachment.links.map { .string($0) }),
            "remaining_ms": .int(remaining.wholeMilliseconds),
            "disturbances": .array(attachment.disturbances.map { .string($0) }),
        ]
    }

    private static func json(_ state: LiveLinks.AttachmentState) -> JSON {
        var members = json(state.attachment, remaining: state.remaining)
        members["time"] = .int(Int(state.time))
        members["calls"] = .int(state.inFlight.calls)
        members["bytes"] = .int(state.inFlight.bytes)
        members["connections"] = .int(state.inFlight.connections)
        members["faults"] = .array(
            state.progress.sorted { $0.key < $1.key }.map { id, entry in
                let (progress, since) = entry
                func time(_ elapsed: Duration?) -> JSON {
                    elapsed.map { .int(Int(since) + Int($0 / .nanoseconds(1))) } ?? .null
                }
                return [
                    "id": .int(id), "matched": .int(progress.matched), "struck": .int(progress.struck),
                    "not_applied": .int(progress.notApplied), "damage": .bool(progress.isDamage),
                    "opened": time(progress.opened), "closed": time(progress.closed),
                ]
            })
        return .object(members)
    }
}
