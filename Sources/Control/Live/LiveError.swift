/// Why links and faults cannot be changed as somebody asks: what, and how to mend it.
package enum LiveError: Error, Hashable, Sendable, CustomStringConvertible {
    case noLink(String)
    case linkExists(String)
    case noFault(String)
    case faultExists(String, link: String)
    case noLease(String)
    case disabled(String)
    /// A run has the link to itself.
    case attached(link: String, owner: String)
    /// A run wants the link to itself, and there is a fault of somebody else's.
    case notQuiet(link: String, fault: String)
    case noAttachment(String)
    case leaseExists(String)
    /// There are as many as there may be.
    case tooMany(String, limit: Int)
    /// A fault that the scope of its lease cannot hold.
    case notScoped(String, link: String, lease: String, why: String)
    /// A host beyond this machine that nobody has allowed.
    case notAllowed(host: String)

    package var description: String {
        switch self {
        case .noLink(let name): "there is no link '\(name)'"
        case .linkExists(let name): "there is another link of this name: '\(name)'"
        case .noFault(let name): "there is no fault '\(name)'"
        case .faultExists(let name, let link): "there is a fault '\(name)' on the link '\(link)' already"
        case .noLease(let owner): "there is no lease of '\(owner)'; it may have run out: take it again"
        case .disabled(let name): "the link '\(name)' is disabled; enable it first"
        case .attached(let link, let owner): "'\(owner)' is attached to the link '\(link)'; wait until it has ended"
        case .notQuiet(let link, let fault):
            "somebody's fault is in force on the link '\(link)': \(fault); heal it first: faultline heal \(link)"
        case .noAttachment(let owner):
            "'\(owner)' is not attached; its lease may have run out, or somebody has ended it"
        case .leaseExists(let owner): "there is a lease of '\(owner)' already; name another owner"
        case .tooMany(let what, let limit): "there are \(limit) \(what), and there can be no more"
        case .notScoped(let kind, let link, let lease, let why):
            "the scope of '\(lease)' cannot hold \(kind) on '\(link)', which \(why)"
        case .notAllowed(let host):
            "'\(host)' is not this machine; if it may be broken, start the proxy with --allow \(host)"
        }
    }
}
