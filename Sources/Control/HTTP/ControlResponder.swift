import HTTPTypes
import Hummingbird
import Stores

/// Answers every request to the control port: who may ask, how much, and which API it is for.
struct ControlResponder: HTTPResponder {
    typealias Context = BasicRequestContext

    static let bodyMax = 1 << 20

    let guardian: Guardian
    let toxiproxy: ToxiproxyAPI
    let own: OwnAPI
    let metrics: MetricsPage

    /// Which proxy answers, told in every answer: one that is started in its place is another.
    let instance: String
    static let instanceField = HTTPField.Name("Faultline-Proxy")!

    func respond(to request: Request, context: Context) async throws -> Response {
        var response = await answer(request).response
        response.headers[Self.instanceField] = instance
        return response
    }

    private func answer(_ request: Request) async -> APIAnswer {
        if let (status, why) = guardian.refusal(request) { return Self.refused(status, why) }
        let body: [UInt8]
        do {
            body = Array(buffer: try await request.body.collect(upTo: Self.bodyMax))
        } catch {
            return Self.refused(413, "a request has no more than \(Self.bodyMax) bytes")
        }
        let asked = APIRequest(request, body: body)
        if asked.path == ["metrics"] { return await metrics.answer(asked) }
        return asked.path.first == "v1" ? await own.answer(asked) : await toxiproxy.answer(asked)
    }

    /// In the words that both APIs have for errors.
    private static func refused(_ status: Int, _ why: String) -> APIAnswer {
        .json(["error": .string(why), "status": .int(status)], status: status)
    }
}
