import Consistency
import Faults
import Proxy
import Stores
import Wire

/// What must fit together in a system file, beyond each option by itself.
struct SystemCheck {
    let system: SystemFile
    let spec: Spec

    func check() throws(SpecError) {
        try checkHosts()
        try checkNativeLinks()
        try checkStores()
        try checkPipeline()
        try checkCleanUp()
        try checkWorkers()
    }

    private func checkHosts() throws(SpecError) {
        let allowed = AllowedHosts(hosts: Set(system.allow.map { $0.lowercased() }))
        for link in system.links {
            try allowed.check(link.upstream, at: spec.placeOf("links", link.name, "upstream"))
        }
        for (name, address) in system.stores.all {
            try allowed.check(address, at: spec.placeOf("stores", name))
        }
        switch system.pipeline {
        case .reference, .command: break
        case .http(let http): try check(http, allowed)
        case .temporal(let temporal):
            try allowed.check(temporal.address, at: spec.placeOf("pipeline", "temporal", "address"))
        }
    }

    private func check(_ http: HTTPSpec, _ allowed: AllowedHosts) throws(SpecError) {
        for kind in Submission.Kind.inFiles {
            guard let course = http.courses[kind] else { continue }
            for (name, request) in [("submit", course.submit.request), ("poll", course.poll?.request)] {
                // What stands there may be a link's.
                guard let url = request?.url, url.wholeMatch(of: /https?:\/\/\{link\.[^}]+\}[:\/]?.*/) == nil
                else { continue }
                let place = spec.placeOf("pipeline", "http", kind.rawValue, name, "url")
                guard
                    let host = url.firstMatch(of: /:\/\/(?:[^\/@]*@)?(\[[^\]]*\]|[^:\/?#]*)/).map({
                        String($0.output.1)
                    }),
                    !host.contains("{")
                else { throw place.error("doesn't name its host", mend: "write it, or a link: http://{link.api}/…") }
                guard !allowed.contains(host) else { continue }
                try allowed.check("\(host):80", at: place)
            }
        }
    }

    private func checkNativeLinks() throws(SpecError) {
        for link in system.links where link.upstream == NativeAddress.word && link.service == nil {
            throw spec.placeOf("links", link.name, "upstream").error(
                "is native, but nothing says which service that is",
                mend: "add 'service: ' with one of \(Service.allCases.map(\.rawValue).joined(separator: ", "))")
        }
    }

    private func checkStores() throws(SpecError) {
        let known = Set(system.stores.all.map(\.name))
        let needed = Store.allCases.filter { system.kinds[$0] != nil }.map(\.rawValue) + ["s3"]
        guard let missing = needed.first(where: { !known.contains($0) }) else { return }
        let reason = missing == "s3" ? "documents are uploaded there" : "its footprints are read there"
        throw spec.placeOf("stores").error(
            "doesn't say where \(missing) is: \(reason), past the links",
            mend: missing == "s3"
                ? "add 's3: http://key:secret@HOST:PORT', or a link to it with 'upstream: native'"
                : "add '\(missing): ' with its address, or leave it out of 'footprints'")
    }

    private func checkPipeline() throws(SpecError) {
        guard system.pipeline == .reference else { return }
        let present = Set(system.links.compactMap(\.service))
        guard let missing = ReferenceLinks.services.first(where: { !present.contains($0) }) else { return }
        throw spec.placeOf("links").error(
            "has no link to \(missing.rawValue), which the reference worker needs",
            mend: "add it, or say with 'pipeline: { command: [./worker] }' what ingests your documents")
    }

    /// A process is struck by its name, which must tell it.
    private func checkWorkers() throws(SpecError) {
        for worker in system.workers where Service(rawValue: worker.name) != nil {
            throw spec.placeOf("workers").error(
                "has a worker with the name of a service: '\(worker.name)'",
                mend: "give it a name of its own: faults strike processes by their names")
        }
    }

    private func checkCleanUp() throws(SpecError) {
        guard let cleanUp = system.cleanUp else { return }
        for store in Store.allCases where cleanUp.covers(store) && system.stores[store] == nil {
            throw spec.placeOf("clean-up", store.rawValue).error(
                "has statements for a store without an address", mend: "add '\(store.rawValue): ' to 'stores'")
        }
    }
}

extension Spec {
    /// Where a value inside this mapping stands; of what isn't there, where the nearest mapping around it stands.
    func placeOf(_ keys: String...) -> SpecPlace {
        var spec = self
        var place = self.place
        for (index, key) in keys.enumerated() {
            guard let node = try? spec.optional(key, .node) else {
                return SpecPlace(
                    file: place.file, path: keys[...index].reduce(place.path) { $0.isEmpty ? $1 : "\($0).\($1)" },
                    mark: place.mark)
            }
            place = place.option(key, at: node.mark)
            guard let inner = try? Spec(node, at: place) else { return place }
            spec = inner
        }
        return place
    }
}
