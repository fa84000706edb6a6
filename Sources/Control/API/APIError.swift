import Faults
import Proxy
import Stores

/// What our own API says when it does not do what it was asked.
struct APIError: Error, Hashable, Sendable {
    var status: Int
    var message: String

    init(_ status: Int, _ message: String) {
        self.status = status
        self.message = message
    }

    init(_ error: any Error) {
        switch error {
        case let error as APIError: self = error
        case let error as LiveError: self.init(Self.status(of: error), "\(error)")
        case let error as SpecError:
            let sentence = "\(error.path.isEmpty ? "the request" : error.path) \(error.what)"
            self.init(400, error.mend.map { "\(sentence); \($0)" } ?? sentence)
        case let error as LinkError: self.init(409, "\(error)")
        default: self.init(500, "\(error)")
        }
    }

    private static func status(of error: LiveError) -> Int {
        switch error {
        case .noLink, .noFault, .noLease, .noAttachment: 404
        case .linkExists, .faultExists, .tooMany, .disabled, .attached, .notQuiet, .leaseExists: 409
        case .notScoped: 400
        case .notAllowed: 403
        }
    }

    var answer: APIAnswer { .json(["error": .string(message), "status": .int(status)], status: status) }
}
