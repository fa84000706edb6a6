package import Faults
import Proxy
import Stack
import Wire

extension ProcessNames {
    /// Those of the reference worker on the native stack.
    package static let reference = ProcessNames(
        workers: [ReferenceWorkers.name: nil],
        services: ReferenceLinks.services.map(\.rawValue) + [Service.temporal.rawValue], forgetful: forgetting)

    /// What the native stack keeps in memory alone.
    private static let forgetting = [Service.s3.rawValue]

    /// Those of a system of the user's: its managed workers, and the services of the native stack that it uses.
    package init(_ system: SystemFile) {
        let workers = Dictionary(
            system.workers.map { worker -> (String, Int?) in
                if case .count(let count) = worker.placement { return (worker.name, count) }
                return (worker.name, nil)
            }, uniquingKeysWith: { first, _ in first })
        var services: [String] = system.links.filter { $0.upstream == NativeAddress.word }
            .compactMap { $0.service?.rawValue }
        services += system.stores.all.filter { $0.address == NativeAddress.word }.map(\.name)
        if !services.isEmpty { services.append(Service.temporal.rawValue) }
        var seen: Set<String> = []
        self.init(
            workers: workers, services: services.filter { seen.insert($0).inserted },
            forgetful: Self.forgetting)
    }
}
