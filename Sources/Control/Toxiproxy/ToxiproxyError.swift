import Stores

/// What Toxiproxy says when it does not do what it was asked. Texts and statuses are those of its own API, 2.12.
struct ToxiproxyError: Error, Hashable, Sendable {
    var status: Int
    var message: String

    static let invalidStream = Self(400, "stream was invalid, can be either upstream or downstream")
    static let invalidType = Self(400, "invalid toxic type")
    static let noProxy = Self(404, "proxy not found")
    static let noToxic = Self(404, "toxic not found")
    static let proxyExists = Self(409, "proxy already exists")
    static let toxicExists = Self(409, "toxic already exists")

    static func badBody(_ why: String) -> Self { Self(400, "bad request body: \(why)") }
    static func missing(_ field: String) -> Self { Self(400, "missing required field: \(field)") }

    private init(_ status: Int, _ message: String) {
        self.status = status
        self.message = message
    }

    /// Something that Toxiproxy has no word for has ours; what its server cannot do is a status of 500 there.
    init(_ error: any Error) {
        switch error {
        case let error as ToxiproxyError: self = error
        case LiveError.noLink: self = .noProxy
        case LiveError.noFault: self = .noToxic
        case LiveError.linkExists: self = .proxyExists
        case LiveError.faultExists: self = .toxicExists
        case let error as LiveError:
            if case .notAllowed = error { self.init(403, "\(error)") } else { self.init(409, "\(error)") }
        default: self.init(500, "\(error)")
        }
    }

    var json: JSON { ["error": .string(message), "status": .int(status)] }
}
