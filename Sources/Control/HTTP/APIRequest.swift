import Foundation
import Hummingbird

/// A request to one of the APIs, whole.
struct APIRequest: Sendable {
    var method: String
    /// The path's segments, decoded.
    var path: [String]
    var query: [String: String]
    var userAgent: String
    var body: [UInt8]

    init(_ request: Request, body: [UInt8]) {
        method = request.method.rawValue
        path = request.uri.path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map {
            $0.removingPercentEncoding ?? String($0)
        }
        query = Dictionary(
            request.uri.queryParameters.map { (String($0.key), String($0.value)) }, uniquingKeysWith: { $1 })
        userAgent = request.headers[.userAgent] ?? ""
        self.body = body
    }
}
