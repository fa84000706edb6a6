import Foundation
import SwiftProtobuf

/// A client of one namespace of a Temporal server. Calls are made again as Temporal's own clients do; what still fails is thrown.
package final class TemporalClient: Sendable {
    let service: TemporalService
    /// How this client is named in histories.
    package let identity: String

    package var address: TemporalAddress { service.address }
    var namespace: String { service.address.namespace }

    /// Dials nothing yet.
    package init(_ address: TemporalAddress, identity: String = TemporalClient.processIdentity) throws(TemporalError) {
        service = try TemporalService(address)
        self.identity = identity
    }

    /// Ends when the calls under way have ended.
    package func close() { service.close() }

    /// Ends at once, calls and all.
    package func abort() { service.abort() }

    deinit { service.abort() }

    /// This process and machine, as Temporal's tools show who polls.
    package static var processIdentity: String {
        "\(ProcessInfo.processInfo.processIdentifier)@\(ProcessInfo.processInfo.hostName)"
    }

    /// The server's version, which also tells that it is there.
    package func serverVersion(timeout: Duration = .seconds(5)) async throws(TemporalError) -> String {
        let answer: Temporal_Api_Workflowservice_V1_GetSystemInfoResponse = try await service.callOnce(
            TemporalService.Method.GetSystemInfo.descriptor,
            Temporal_Api_Workflowservice_V1_GetSystemInfoRequest(), timeout: timeout)
        return answer.serverVersion
    }
}
