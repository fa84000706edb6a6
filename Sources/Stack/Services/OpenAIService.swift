import Foundation
import Glibc
package import Stores

/// Our stand-in for the OpenAI API, which is a command of faultline itself.
package struct OpenAIService: StackService {
    package let name = "openai"

    package init() {}

    package func command(_ site: Site) throws -> Command {
        Command(
            executable: FaultlineProgram.path, arguments: ["stand-in", "openai", "--port", "\(site.port)"],
            remedy: "run `swift build -c release`, or name the program in FAULTLINE_BINARY")
    }

    package func probe(_ site: Site, timeout: Duration) async throws -> String {
        let client = OpenAIClient(endpoint: "http://\(site.address)/v1", http: ProbeHTTP.client)
        let vectors = try await client.embeddings(
            model: "text-embedding-3-small", inputs: ["ready"], dimensions: 1536, timeout: timeout)
        return "stand-in, \(vectors[0].count) dimensions"
    }

    package func announce(_ site: Site, in endpoints: inout Endpoints) {
        endpoints.openai = "http://\(site.address)/v1"
    }
}
