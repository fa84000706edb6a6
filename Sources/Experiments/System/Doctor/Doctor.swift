import Consistency
import Foundation
import Ingestion
package import Stack
import Stores

/// Looks whether a system is fit for experiments. Each check is independent of the others, and none waits for ever.
package struct Doctor: Sendable {
    /// Nil: the reference worker on the native stack.
    private let file: SystemFile?
    /// Nil where no project is around.
    private let stack: NativeStack?
    private let limit: Duration

    /// - Parameter limit: for one check.
    package init(file: SystemFile?, stack: NativeStack?, limit: Duration = .seconds(10)) {
        self.file = file
        self.stack = stack
        self.limit = limit
    }

    /// The checks in the order of a run's needs.
    package func examine() async -> [DoctorCheck] {
        var checks: [DoctorCheck] = []
        if let file {
            checks.append(
                DoctorCheck(
                    "file", .ok,
                    "\(file.file) reads well: \(file.links.count) links, \(file.kinds.count) stores with footprints"))
        }
        let usesStack = file?.usesNativeStack ?? true
        if usesStack { checks += await StackExam(stack: stack).checks() }
        checks += MachineExam.checks(folder: stack?.home.folder)
        let endpoints = try? stack?.endpoints
        do {
            if let file {
                checks += await examine(try file.system(stack: endpoints))
            } else if let endpoints {
                checks += await examine(try System.reference(endpoints: endpoints, engine: .temporal))
            } else {
                checks.append(Self.waitsForStack)
            }
        } catch {
            checks.append(
                usesStack && endpoints == nil ? Self.waitsForStack : DoctorCheck("system", .failed, "\(error)"))
        }
        return checks
    }

    private static var waitsForStack: DoctorCheck {
        DoctorCheck(
            "links, stores", .skipped,
            "they need the native stack, which is not up; run `faultline stack up` to look at them")
    }

    private func examine(_ system: System) async -> [DoctorCheck] {
        async let links = LinkExam(system: system, limit: limit).checks()
        async let stores = StoreExam(system: system, isReference: file?.footprints == nil, limit: limit).checks()
        async let bucket = BucketExam(system: system, limit: limit).check()
        async let pipeline = PipelineExam(system: system, limit: limit).checks()
        let workers = WorkerExam(workers: system.workers).checks()
        return await links + stores + [bucket] + workers + pipeline
    }
}
