import Experiments
import Faults
import Proxy
import Stores

/// `{ on, inject, when, name, from, until, for, lease }`: an entry of `faults:` as experiments have it, but that `for` counts from
/// now, and `lease` names what its owner renews.
enum FaultBody {
    static func draft(_ body: [UInt8], links: [LiveLink]) throws -> FaultDraft {
        var members = try APIBody.object(body)
        let written = members
        let lasting = try APIBody.lasting(&members)
        let lease = try members.removeValue(forKey: "lease").map { json throws(SpecError) in
            try SpecType<String>.name.read(APIBody.node(json), APIBody.place("lease"))
        }
        let traits = Dictionary(uniqueKeysWithValues: links.map { ($0.name, $0.configuration.traits) })
        if let on = members["on"]?.string, traits[on] == nil { throw LiveError.noLink(on) }
        let window = try WindowReader.read([APIBody.spec(members)], links: traits)[0]
        guard !window.link.isEmpty, window.process == nil else {
            throw APIError(400, "process names a process; a standing proxy strikes links alone")
        }
        return FaultDraft(
            link: window.link, name: window.ownName, window: window, written: .object(written), lasting: lasting,
            lease: lease)
    }
}

/// `{ name, protocol, upstream, listen, service, enabled, ... }`: a link as system files have it.
enum LinkBody {
    static func link(_ body: [UInt8]) throws -> LiveLink {
        var spec = try APIBody.spec(APIBody.object(body))
        let name = try spec.required("name", .name)
        guard name.unicodeScalars.count <= 255 else { throw APIError(400, "name is longer than 255 characters") }
        let isEnabled = try spec.optional("enabled", .bool) ?? true
        let configuration = try LinkConfiguration(name: name, spec: &spec, isStanding: true)
        try spec.finish()
        guard configuration.upstream != NativeAddress.word else {
            throw APIError(400, "upstream is 'native', and a standing proxy has no stack of its own; write an address")
        }
        return LiveLink(configuration, source: .api, isEnabled: isEnabled)
    }

    /// `{ listen, upstream, enabled }`, each as far as it is there.
    static func change(_ body: [UInt8], of link: inout LiveLink) throws {
        var spec = try APIBody.spec(APIBody.object(body))
        if let listen = try spec.optional("listen", .name) { link.configuration.listen = listen }
        if let upstream = try spec.optional("upstream", .name) { link.configuration.upstream = upstream }
        if let isEnabled = try spec.optional("enabled", .bool) { link.isEnabled = isEnabled }
        try spec.finish()
    }
}
