extension TemporalClient {
    /// - Returns: false when the server has no such namespace.
    package func hasNamespace(_ name: String? = nil) async throws(TemporalError) -> Bool {
        var request = Temporal_Api_Workflowservice_V1_DescribeNamespaceRequest()
        request.namespace = name ?? namespace
        do throws(TemporalError) {
            let _: Temporal_Api_Workflowservice_V1_DescribeNamespaceResponse = try await service.call(
                TemporalService.Method.DescribeNamespace.descriptor, request)
            return true
        } catch {
            guard error.code == .notFound else { throw error }
            return false
        }
    }

    package func namespaces() async throws(TemporalError) -> [String] {
        var names: [String] = []
        var request = Temporal_Api_Workflowservice_V1_ListNamespacesRequest()
        request.pageSize = 100
        repeat {
            let page: Temporal_Api_Workflowservice_V1_ListNamespacesResponse = try await service.call(
                TemporalService.Method.ListNamespaces.descriptor, request)
            names += page.namespaces.map(\.namespaceInfo.name)
            request.nextPageToken = page.nextPageToken
        } while !request.nextPageToken.isEmpty
        return names
    }

    /// Makes a namespace; one that is there is fine. It may take the server some seconds to know it everywhere.
    /// - Parameter retention: how long closed workflows are kept; the server wants a day at least.
    package func registerNamespace(
        _ name: String, retention: Duration = .seconds(86_400)
    ) async throws(TemporalError) {
        var request = Temporal_Api_Workflowservice_V1_RegisterNamespaceRequest()
        request.namespace = name
        request.workflowExecutionRetentionPeriod = retention.wire
        do throws(TemporalError) {
            let _: Temporal_Api_Workflowservice_V1_RegisterNamespaceResponse = try await service.call(
                TemporalService.Method.RegisterNamespace.descriptor, request)
        } catch {
            guard error.code == .alreadyExists else { throw error }
        }
    }
}
