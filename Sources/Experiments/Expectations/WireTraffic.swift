package import Consistency
package import Proxy
import Wire

/// The wire history of a workload, summed up.
package struct WireTraffic: Hashable, Sendable {
    /// What the attempts of one call have in common.
    package struct Call: Hashable, Sendable {
        package var link: String
        package var operation: String
        package var key: String

        package init(link: String, operation: String, key: String) {
            self.link = link
            self.operation = operation
            self.key = key
        }
    }

    package struct Attempts: Hashable, Sendable {
        package var requests = 0
        /// Windows that struck any of them.
        package var struckBy: Set<Int> = []
    }

    package private(set) var calls: [Call: Attempts] = [:]
    package private(set) var messages: [String: Int] = [:]
    package private(set) var bytes: [String: Int] = [:]
    package private(set) var keys: [String: Set<String>] = [:]
    /// Requests without a key, by link.
    package private(set) var unattributed: [String: Int] = [:]
    /// Links of which some connection passed as bytes.
    package private(set) var opaque: Set<String> = []

    package init() {}

    package init(_ events: some Sequence<WireEvent>) {
        for event in events { add(event) }
    }

    package mutating func add(_ event: WireEvent) {
        if event.kind == .opaque { opaque.insert(event.link) }
        guard event.kind == .message else { return }
        messages[event.link, default: 0] += 1
        bytes[event.link, default: 0] += event.size
        guard !event.key.isEmpty else {
            if event.direction == .request { unattributed[event.link, default: 0] += 1 }
            return
        }
        keys[event.link, default: []].insert(event.key)
        let call = Call(link: event.link, operation: event.operation, key: event.key)
        if event.direction == .request { calls[call, default: Attempts()].requests += 1 }
        if event.window != 0 { calls[call, default: Attempts()].struckBy.insert(event.window) }
    }

    /// What invariants ask of links.
    package func links(_ configurations: [LinkConfiguration], isCutShort: Bool) -> [LinkTraffic] {
        configurations.map { link in
            LinkTraffic(
                link: link.name, service: link.service?.rawValue ?? link.name, messages: messages[link.name] ?? 0,
                bytes: bytes[link.name] ?? 0, keys: link.service == .s3 ? keys[link.name] ?? [] : nil,
                isCutShort: isCutShort)
        }
    }

    /// Windows that struck a call with this key, on any link.
    package func windows(striking key: String) -> Set<Int> {
        calls.reduce(into: []) { windows, entry in
            if entry.key.key == key { windows.formUnion(entry.value.struckBy) }
        }
    }
}

extension WireTraffic.Call: Comparable {
    package static func < (left: Self, right: Self) -> Bool {
        (left.link, left.key, left.operation) < (right.link, right.key, right.operation)
    }
}
