import Wire

/// Every kind of fault, in the order of the reference. A new kind is a file in `Kinds` and a line here.
package enum FaultCatalogue {
    package static let groups: [(group: FaultGroup, faults: [any Fault.Type])] = [
        (
            .bytes,
            [
                Latency.self,
                Bandwidth.self,
                Slice.self,
                Limit.self,
                Corrupt.self,
                LoseBytes.self,
                SlowClose.self,
            ]
        ),
        (
            .connections,
            [
                Refuse.self,
                SlowConnect.self,
                Reset.self,
                Close.self,
                HalfClose.self,
                Blackhole.self,
                Swallow.self,
                Partition.self,
                ConnectionLimit.self,
                Flap.self,
            ]
        ),
        (
            .messages,
            [
                LoseRequest.self,
                LoseResponse.self,
                HangRequest.self,
                HangResponse.self,
                Delay.self,
                DuplicateRequest.self,
                Truncate.self,
                RetryableError.self,
                ErrorAfterApply.self,
                PermanentError.self,
                Watch.self,
            ]
        ),
        (
            .http,
            [
                Status.self,
                RemoveHeader.self,
                SetHeader.self,
                RateLimit.self,
                MalformedBody.self,
                WrongLength.self,
            ]
        ),
        (
            .s3,
            [
                SlowDown.self,
                InternalError.self,
            ]
        ),
        (
            .openai,
            [
                InsufficientQuota.self,
                ReorderEmbeddings.self,
                DropEmbedding.self,
                WrongDimensions.self,
            ]
        ),
        (
            .postgres,
            [
                SQLStateError.self
            ]
        ),
        (
            .redis,
            [
                RedisCommandError.self
            ]
        ),
        (
            .bolt,
            [
                BoltMessageFailure.self
            ]
        ),
        (
            .processes,
            [
                Kill.self,
                Pause.self,
                Restart.self,
            ]
        ),
    ]

    /// All of them, in that order.
    package static let all: [any Fault.Type] = groups.flatMap(\.faults)

    /// How `inject: { KIND: { ATTRIBUTES } }` is read: refuses a kind that is unknown, or that the link cannot express.
    static func type(link: String, traits: LinkTraits) -> SpecType<any Fault> {
        SpecType(example: "{ latency: { delay: 200ms } }") { node, place throws(SpecError) in
            let tag = try SpecType<SpecTag>.tag.read(node, place)
            guard let type = all.first(where: { $0.kind == tag.name }) else {
                throw tag.unknown("fault", known: all.filter { $0.target != .processes }.map { $0.kind })
            }
            if type.target == .processes {
                throw tag.place.error(
                    "cannot inject '\(tag.name)' on a link: it strikes a process",
                    mend:
                        "write 'process: NAME' in place of 'on', and a message that it waits for as 'at: { on: \(link) }'"
                )
            }
            if let what = reasonAgainst(type, on: link, traits) {
                let able = all.filter { $0.target != .processes && reasonAgainst($0, on: link, traits) == nil }
                    .map { $0.kind }
                throw tag.place.error(
                    "cannot inject '\(tag.name)': \(what)",
                    mend: "faults that '\(link)' can express: \(able.joined(separator: ", "))")
            }
            return try tag.read { (options: inout Spec) throws(SpecError) -> any Fault in
                try type.init(spec: &options).suited(to: traits)
            }
        }
    }

    /// How `inject: KIND` is read where it strikes a process.
    static let processType = SpecType<any Fault>(example: "kill") { node, place throws(SpecError) in
        let tag = try SpecType<SpecTag>.tag.read(node, place)
        guard let type = all.first(where: { $0.kind == tag.name }) else {
            throw tag.unknown("fault", known: all.filter { $0.target == .processes }.map { $0.kind })
        }
        guard type.target == .processes else {
            let able = all.filter { $0.target == .processes }.map { $0.kind }
            throw tag.place.error(
                "cannot inject '\(tag.name)': it strikes a link, and the entry names a process",
                mend: "write 'on: LINK' in place of 'process', or inject \(able.joined(separator: ", "))")
        }
        return try tag.read { (options: inout Spec) throws(SpecError) -> any Fault in try type.init(spec: &options) }
    }

    /// Why the link cannot express such a fault; `nil` where it can.
    private static func reasonAgainst(_ type: any Fault.Type, on link: String, _ traits: LinkTraits) -> String? {
        guard type.protocols.contains(traits.linkProtocol) else {
            return "the link '\(link)' speaks \(traits.linkProtocol.rawValue)"
        }
        guard let services = type.services, !(traits.service.map(services.contains) ?? false) else { return nil }
        let own = services.map(\.rawValue).joined(separator: " or ")
        let carried = traits.service.map { "carries \($0.rawValue)" } ?? "does not say what it carries"
        return "it is for \(own), and the link '\(link)' \(carried)"
    }
}
