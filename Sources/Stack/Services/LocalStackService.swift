package import Stores

/// LocalStack in host mode, S3 alone. Its objects live in memory and on scratch files: a restart forgets them.
package struct LocalStackService: StackService {
    package let name = "s3"
    package let readyWithin: Duration = .seconds(120)

    package init() {}

    package func command(_ site: Site) throws -> Command {
        Command(
            executable: PythonEnvironment(home: site.home).python,
            arguments: ["-m", "localstack.runtime.main"],
            environment: [
                "GATEWAY_LISTEN": site.address, "SERVICES": "s3", "EAGER_SERVICE_LOADING": "1", "DISABLE_EVENTS": "1",
                "SKIP_SSL_CERT_DOWNLOAD": "1", "LOCALSTACK_VOLUME_DIR": site.data, "FILESYSTEM_ROOT": site.data,
                "TMPDIR": site.data,
            ])
    }

    package func probe(_ site: Site, timeout: Duration) async throws -> String {
        let keys = HTTPRequest.Signing(accessKey: "test", secretKey: "test", region: "us-east-1", service: "s3")
        let answer = try await ProbeHTTP.get("http://\(site.address)/", of: self, signing: keys, timeout: timeout)
        guard answer.text.contains("ListAllMyBucketsResult") else {
            throw StackError(service: name, what: "ListBuckets was answered by \(answer.text.prefix(200))")
        }
        return "LocalStack"
    }

    package func announce(_ site: Site, in endpoints: inout Endpoints) {
        endpoints.s3 = "http://\(site.address)"
    }
}
