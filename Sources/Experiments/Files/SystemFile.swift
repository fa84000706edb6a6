package import Faults
package import Proxy
package import Stores

/// `faultline.yaml`: the system under test, as far as this version knows it.
package struct SystemFile: Hashable, Sendable {
    package var file: String
    /// In the order of the file.
    package var links: [LinkConfiguration]
    /// How to find what a document left in the stores. Nil: as the reference worker does.
    package var footprints: FootprintQueries?

    package static func read(_ path: String) throws(SpecError) -> SystemFile {
        var spec = try YAMLFile.read(path)
        let system = try SystemFile(spec: &spec)
        try spec.finish()
        return system
    }

    package init(spec: inout Spec) throws(SpecError) {
        file = spec.place.file
        links = try spec.optional("links", .links) ?? []
        footprints = try spec.optional("footprints", .mapping(FootprintQueries.init(spec:)))
    }
}

extension SpecType where Value == [LinkConfiguration] {
    /// Links by their names.
    static var links: SpecType {
        .mapping { spec throws(SpecError) in
            var links: [LinkConfiguration] = []
            for (name, options) in try spec.all(.spec) {
                var options = options
                links.append(try LinkConfiguration(name: name, spec: &options))
                try options.finish()
            }
            return links
        }
    }
}
