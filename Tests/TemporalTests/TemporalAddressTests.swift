import Temporal
import Testing

@Suite struct TemporalAddressTests {
    @Test(arguments: [
        ("127.0.0.1:7233", "127.0.0.1", 7233), ("[::1]:1", "::1", 1), ("host.example:65535", "host.example", 65535),
    ])
    func anAddressHasHostAndPort(text: String, host: String, port: Int) throws {
        let address = try #require(TemporalAddress(text))
        #expect(address.host == host && address.port == port && address.text == text)
    }

    @Test(arguments: ["", "host", "host:", ":1", "host:0", "host:65536", "http://host:1", "host:x"])
    func whatIsNoAddressIsNone(text: String) {
        #expect(TemporalAddress(text) == nil)
    }

    @Test func theEnvironmentOfTemporalsToolsIsRead() throws {
        let address = try TemporalAddress.fromEnvironment([
            "TEMPORAL_ADDRESS": "ns.tmprl.cloud:7233", "TEMPORAL_NAMESPACE": "ns", "TEMPORAL_API_KEY": "secret",
        ])
        #expect(address.host == "ns.tmprl.cloud" && address.namespace == "ns" && address.apiKey == "secret")
        #expect(address.security == .tls())
        let plain = try TemporalAddress.fromEnvironment(["TEMPORAL_HOST": "h", "TEMPORAL_PORT": "1"])
        #expect(plain == TemporalAddress(host: "h", port: 1))
        let file = #filePath
        let mutual = try TemporalAddress.fromEnvironment([
            "TEMPORAL_TLS_CLIENT_CERT_PATH": file, "TEMPORAL_TLS_CLIENT_KEY_PATH": file,
            "TEMPORAL_TLS_SERVER_CA_CERT_PATH": file, "TEMPORAL_TLS_SERVER_NAME": "temporal.example",
        ])
        #expect(
            mutual.security == .tls(trust: [file], identity: TemporalAddress.Identity(certificate: file, key: file)))
        #expect(mutual.serverName == "temporal.example")
    }

    @Test(arguments: [
        (["TEMPORAL_ADDRESS": "nowhere"], "TEMPORAL_ADDRESS"),
        (["TEMPORAL_PORT": "x"], "TEMPORAL_PORT"),
        (["TEMPORAL_TLS_CLIENT_CERT_PATH": #filePath], "TEMPORAL_TLS_CLIENT_KEY_PATH"),
        (["TEMPORAL_TLS_SERVER_CA_CERT_PATH": "/none.pem"], "TEMPORAL_TLS_SERVER_CA_CERT_PATH is '/none.pem'"),
        (["TEMPORAL_TLS": "true", "TEMPORAL_ADDRESS": "10.0.0.1:7233"], "TEMPORAL_TLS_SERVER_NAME"),
        (["TEMPORAL_TLS": "true", "TEMPORAL_ADDRESS": "[::1]:7233"], "TEMPORAL_TLS_SERVER_NAME"),
    ])
    func whatIsWrongIsNamed(environment: [String: String], name: String) {
        let error = #expect(throws: TemporalAddress.Malformed.self) {
            try TemporalAddress.fromEnvironment(environment)
        }
        #expect(error?.description.contains(name) == true)
    }
}
