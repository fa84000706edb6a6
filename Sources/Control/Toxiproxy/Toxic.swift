import Faults
import Stores
import Wire

/// One of Toxiproxy's toxics, as its clients know it: the numbers are told again as they were given.
package struct Toxic: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case latency, bandwidth, timeout, slicer
        case slowClose = "slow_close"
        case resetPeer = "reset_peer"
        case limitData = "limit_data"
        case packetLoss = "packet_loss"

        /// The attributes with what they are where nobody says. Whole numbers but for those of `packet_loss`, which are shares.
        var attributes: [(name: String, fallback: JSON)] {
            switch self {
            case .latency: [("latency", 0), ("jitter", 0)]
            case .bandwidth: [("rate", 0)]
            case .timeout, .resetPeer: [("timeout", 0)]
            case .slowClose: [("delay", 0)]
            case .slicer: [("average_size", 0), ("size_variation", 0), ("delay", 0)]
            case .limitData: [("bytes", 0)]
            case .packetLoss: [("loss_rate", .double(0.1)), ("correlation", .double(0))]
            }
        }
    }

    /// Which way the bytes go that it strikes.
    package enum Stream: String, Hashable, Sendable, CaseIterable {
        case upstream, downstream

        var direction: Direction { self == .upstream ? .request : .response }
    }

    package let kind: Kind
    package let name: String
    package let stream: Stream
    /// As it was written: the case of its letters is told again.
    private let streamText: String
    /// The chance that a connection meets it.
    package private(set) var toxicity: Float
    /// `int`, or `double` for shares.
    private(set) var attributes: [String: JSON]

    /// - Throws: `ToxiproxyError`, in Toxiproxy's own words.
    init(_ fields: ToxiproxyFields) throws {
        streamText = try fields.string("stream") ?? "downstream"
        let type = try fields.string("type") ?? ""
        let name = try fields.string("name") ?? ""
        toxicity = try fields.float("toxicity") ?? 1
        guard let stream = Stream(rawValue: streamText.lowercased()) else { throw ToxiproxyError.invalidStream }
        guard let kind = Kind(rawValue: type) else { throw ToxiproxyError.invalidType }
        (self.stream, self.kind) = (stream, kind)
        self.name = name.isEmpty ? "\(kind.rawValue)_\(streamText)" : name
        guard self.name.utf8.count <= ToxiproxyFields.textMax else { throw ToxiproxyFields.tooLong("name") }
        attributes = Dictionary(uniqueKeysWithValues: kind.attributes.map { ($0.name, $0.fallback) })
        try merge(fields)
    }

    /// The same with another toxicity and other attributes, as far as they are there.
    func updated(_ fields: ToxiproxyFields) throws -> Toxic {
        var toxic = self
        toxic.toxicity = try fields.float("toxicity") ?? toxicity
        try toxic.merge(fields)
        return toxic
    }

    private mutating func merge(_ fields: ToxiproxyFields) throws {
        guard let given = try fields.fields("attributes") else { return }
        for (name, fallback) in kind.attributes {
            if case .int = fallback {
                if let number = try given.int(name) { attributes[name] = .int(number) }
            } else if let number = try given.double(name) {
                attributes[name] = .double(number)
            }
        }
    }

    private func number(_ name: String) -> Int { attributes[name]?.int ?? 0 }

    private func share(_ name: String) -> Double { if case .double(let share)? = attributes[name] { share } else { 0 } }

    /// `nil` where it has no effect.
    var fault: (any Fault)? {
        switch kind {
        case .latency: ToxicFaults.latency(number("latency"), jitter: number("jitter"))
        case .bandwidth: ToxicFaults.bandwidth(rate: number("rate"))
        case .slowClose: ToxicFaults.slowClose(delay: number("delay"))
        case .timeout: ToxicFaults.timeout(number("timeout"))
        case .resetPeer: ToxicFaults.resetPeer(timeout: number("timeout"))
        case .slicer:
            ToxicFaults.slicer(
                averageSize: number("average_size"), sizeVariation: number("size_variation"), delay: number("delay"))
        case .limitData: ToxicFaults.limitData(bytes: number("bytes"))
        case .packetLoss: ToxicFaults.packetLoss(rate: share("loss_rate"), correlation: share("correlation"))
        }
    }

    /// As a fault on a link. With toxicity 0 it is none.
    package func draft(on link: String, source: LiveLink.Source = .api) -> FaultDraft {
        var window: Window?
        if let fault, toxicity > 0 {
            var selector = Selector(direction: stream.direction)
            if toxicity < 1 { (selector.probability, selector.per) = (Double(toxicity), .connection) }
            window = Window(id: 1, name: name, link: link, selector: selector, fault: fault)
        }
        return FaultDraft(link: link, name: name, window: window, written: json, source: source, toxic: self)
    }

    var json: JSON {
        [
            "attributes": .object(attributes), "name": .string(name), "type": .string(kind.rawValue),
            "stream": .string(streamText),
            "toxicity": toxicity == toxicity.rounded() && abs(toxicity) < 1e9
                ? .int(Int(toxicity)) : .double(Double("\(toxicity)") ?? Double(toxicity)),
        ]
    }
}
