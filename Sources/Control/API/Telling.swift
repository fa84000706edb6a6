import Faults
import Proxy
import Stores
import Wire

/// Links, faults and leases as our own API tells of them. Times are milliseconds.
extension LiveLink {
    func json(_ faults: [LiveFault]) -> JSON {
        [
            "name": .string(name), "protocol": .string(configuration.linkProtocol.rawValue),
            "service": configuration.service.map { .string($0.rawValue) } ?? .null,
            "listen": .array((addresses.isEmpty ? [configuration.listen] : addresses).map { .string($0) }),
            "upstream": .string(configuration.upstream), "enabled": .bool(isEnabled),
            "source": .string(source.rawValue), "faults": .array(faults.map { .int($0.number) }),
        ]
    }
}

extension LiveFault {
    /// - Parameters:
    ///   - progress: nil where it has no effect.
    ///   - remaining: until it heals of itself.
    func json(_ progress: LinkWindows.Progress?, remaining: Duration?) -> JSON {
        var members: [String: JSON] = [
            "number": .int(number), "link": .string(link), "name": name.map { .string($0) } ?? .null,
            "kind": draft.window.map { .string(type(of: $0.fault).kind) } ?? .null,
            "source": .string(draft.source.rawValue), "lease": draft.lease.map { .string($0) } ?? .null,
            "remaining_ms": remaining.map { .int($0.wholeMilliseconds) } ?? .null,
            "matched": .int(progress?.matched ?? 0), "struck": .int(progress?.struck ?? 0),
            "not_applied": .int(progress?.notApplied ?? 0),
            "open": .bool(progress.map { $0.opened != nil && $0.closed == nil } ?? false),
        ]
        if let toxic = draft.toxic {
            members["toxic"] = toxic.json
        } else {
            members["inject"] = draft.written["inject"] ?? .null
            members["when"] = draft.written["when"] ?? .null
        }
        return .object(members)
    }
}

extension Lease {
    func json(at now: Duration, faults: [LiveFault]) -> JSON {
        [
            "owner": .string(owner), "remaining_ms": .int(max(expires - now, .zero).wholeMilliseconds),
            "scope": scoping?.written ?? .null,
            "faults": .array(faults.filter { $0.draft.lease == owner }.map { .int($0.number) }),
        ]
    }
}

extension Duration {
    var wholeMilliseconds: Int { Int((self / .milliseconds(1)).rounded(.up)) }
}
