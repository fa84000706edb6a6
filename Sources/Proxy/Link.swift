import Faults
import Reactor
import Wire

/// One proxied road: its listeners, its connections and its windows.
final class Link {
    let name: String
    let prepared: PreparedLink
    let dialect: any HTTPDialect.Type
    unowned let links: Links
    private(set) var windows: LinkWindows
    /// Whether any window that strikes messages is open now; while none is, nobody is asked.
    private(set) var isTouched = false
    /// One a lane.
    private var listeners: [Listener] = []
    /// The open windows that have the listeners refuse.
    private var refusers: [Int] = []
    private var connections: [Int: Connection] = [:]
    private var accepted = 0

    init(_ prepared: PreparedLink, links: Links) throws {
        self.prepared = prepared
        self.links = links
        name = prepared.configuration.name
        dialect = HTTPDialects.of(prepared.configuration.service)
        windows = LinkWindows(link: name)
        for (lane, listener) in prepared.listeners.enumerated() {
            do {
                listeners.append(try Listener(listener, lane: lane, link: self))
            } catch {
                close()
                throw LinkError(
                    link: prepared.configuration.name, what: "\(error)", mend: "choose another address, or port 0")
            }
        }
    }

    var addresses: [String] { listeners.map(\.address) }
    var isRefusing: Bool { !refusers.isEmpty }

    func take(_ client: Int32, lane: Int) {
        accepted += 1
        let connection = Connection(client: client, number: accepted, lane: lane, link: self)
        connections[accepted] = connection
        connection.dial()
    }

    func forget(_ connection: Connection) { connections[connection.number] = nil }

    // MARK: Windows

    /// - Parameter elapsed: how long the former plan was in force.
    func follow(_ plan: Plan, after elapsed: Duration) {
        windows = windows.replaced(by: plan, at: elapsed)
        windowsChanged()
    }

    /// A window has opened or closed: what is held may go on.
    func windowsChanged() {
        let elapsed = links.elapsed
        attend(at: elapsed)
        for connection in Array(connections.values) { connection.reconsider(at: elapsed) }
    }

    /// What shall happen to a message. Windows that wait for those that strike it are open for the next one.
    func decide(_ message: Message, call: UInt64) -> Decision {
        let decision = windows.decide(message, call: call, at: links.elapsed)
        for window in decision.struckBy { links.struck(window, count: windows.strikes(of: window)) }
        return decision
    }

    /// Opens the windows that wait for another to have struck so often; whether there were any.
    func trigger(after window: Int, strikes: Int) -> Bool {
        let elapsed = links.elapsed
        guard windows.trigger(after: window, strikes: strikes, at: elapsed) else { return false }
        // Nothing that is held may go on because a window has opened, so connections are left alone: one of them may be in
        // the middle of the message that did this.
        attend(at: elapsed)
        return true
    }

    /// Takes notice of which windows are open.
    private func attend(at elapsed: Duration) {
        isTouched = windows.hasOpenWindow(at: elapsed)
        let former = refusers
        refusers = windows.refusing(at: elapsed)
        for listener in listeners { isRefusing ? listener.refuse() : listener.accept() }
        for window in refusers where !former.contains(window) {
            windows.strikeListeners(listeners.count, window: window)
            links.struck(window, count: windows.strikes(of: window))
        }
    }

    // MARK: The whole

    func count(into sum: inout InFlight) {
        sum.connections += connections.count
        for connection in connections.values {
            sum.bytes += connection.waitingBytes
            sum.calls += connection.openCalls
        }
    }

    func close() {
        for connection in Array(connections.values) { connection.end(.reset) }
        for listener in listeners { listener.close() }
    }
}
