/// One thing that a doctor looked at.
package struct DoctorCheck: Hashable, Sendable, Codable {
    package enum State: String, Hashable, Sendable, Codable, CaseIterable { case ok, failed, skipped }

    /// `link s3`, `store postgres`.
    package var name: String
    package var state: State
    /// What was found, or why nobody looked.
    package var detail: String
    /// How to mend what failed.
    package var mend: String?

    package init(_ name: String, _ state: State, _ detail: String, mend: String? = nil) {
        self.name = name
        self.state = state
        self.detail = detail
        self.mend = mend
    }

    /// Takes whatever goes wrong, and time that runs out, for a failed check.
    static func of(
        _ name: String, within limit: Duration, mend: String,
        _ look: @escaping @Sendable () async throws -> DoctorCheck
    ) async -> DoctorCheck {
        await withTaskGroup(of: DoctorCheck?.self) { group in
            group.addTask {
                do {
                    return try await look()
                } catch {
                    return Task.isCancelled ? nil : DoctorCheck(name, .failed, "\(error)", mend: mend)
                }
            }
            group.addTask {
                try? await Task.sleep(for: limit)
                return Task.isCancelled ? nil : DoctorCheck(name, .failed, "no answer within \(limit)", mend: mend)
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first ?? DoctorCheck(name, .skipped, "interrupted")
        }
    }
}
