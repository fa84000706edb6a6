package import Consistency
package import Faults
import Foundation
import Ingestion
package import Proxy
package import Stores
package import Wire

/// `faultline.yaml`: the system under test as it was written. `system(stack:)` makes a `System` of it.
package struct SystemFile: Hashable, Sendable {
    package static let standardPath = "faultline.yaml"

    package var file: String
    /// In the order of the file. An upstream may be `native`. Left out in the file: those of the reference worker.
    package var links: [LinkConfiguration]
    /// Past the links. An address may be `native`.
    package var stores: StoreAddresses
    /// How to find what a document left in the stores. Nil: as the reference worker does.
    package var footprints: FootprintQueries?
    /// From which keys of a link's messages one can tell their document.
    package var identification: [IdentificationRule]
    package var pipeline: PipelineSpec
    /// What faultline starts beside the pipeline.
    package var workers: [WorkerSpec]
    /// Where documents are uploaded. Nil: a bucket of each run's own.
    package var bucket: String?
    package var cleanUp: CleanUp?
    /// Hosts beyond this machine that may be broken and written to.
    package var allow: [String]

    /// - Parameter variables: what `${VAR}` is filled in from.
    package static func read(
        _ path: String, variables: [String: String] = ProcessInfo.processInfo.environment
    ) throws(SpecError) -> SystemFile {
        try SystemFile(try YAMLFile.read(path, filledFrom: variables))
    }

    package static func parse(
        _ text: String, file: String = standardPath, variables: [String: String] = [:]
    ) throws(SpecError) -> SystemFile {
        let start = SpecPlace(file: file, path: "", mark: .init(line: 1, column: 1))
        let root = try Substitution(variables: variables).fill(YAMLFile.parse(text, file: file), at: start)
        return try SystemFile(try Spec(file: file, root: root))
    }

    private init(_ spec: Spec) throws(SpecError) {
        var spec = spec
        file = spec.place.file
        let folder = (file as NSString).deletingLastPathComponent
        let ownLinks = try spec.optional("links", .links)
        links = ownLinks ?? ReferenceLinks.native(for: .embedded)
        var stores = try spec.optional("stores", .mapping(StoreAddresses.init(spec:))) ?? StoreAddresses()
        identification = try spec.optional("identification", .identification(links: links.map(\.name))) ?? []
        footprints = try spec.optional("footprints", .mapping(FootprintQueries.init(spec:)))
        pipeline =
            try spec.optional("pipeline", PipelineSpec.type(folder: folder.isEmpty ? "." : folder, links: links))
            ?? .reference
        if ownLinks == nil, pipeline == .reference { links = ReferenceLinks.native(for: .temporal) }
        workers = try spec.optional("workers", .workers(folder: folder.isEmpty ? "." : folder, links: links)) ?? []
        bucket = try spec.optional("bucket", .bucketName)
        cleanUp = try spec.optional("clean-up", .mapping(CleanUp.init(spec:)))
        allow = try spec.optional("allow", .list(of: .name)) ?? []
        // A misspelt option is the likelier reason for one that is missing.
        try spec.finish()
        stores.fillNative(from: links)
        self.stores = stores
        try SystemCheck(system: self, spec: spec).check()
    }

    /// Whether a service of the native stack is part of it.
    package var usesNativeStack: Bool {
        links.contains { $0.upstream == NativeAddress.word } || stores.all.contains { $0.address == NativeAddress.word }
            || pipeline.usesNativeStack
    }

    /// What the links speak and carry, by name: what experiments are read with.
    package var traits: [String: LinkTraits] {
        Dictionary(links.map { ($0.name, $0.traits) }, uniquingKeysWith: { first, _ in first })
    }

    /// The stores that are read.
    package var kinds: [Store: Set<Record.Kind>] { (footprints ?? .reference).kinds }
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

extension SpecType where Value == String {
    fileprivate static var bucketName: SpecType {
        .scalar(
            "a bucket's name", example: "documents", mend: "write 3 to 63 of a-z, 0-9, '.' and '-'"
        ) { text in
            text.wholeMatch(of: /[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/) != nil ? text : nil
        }
    }
}
