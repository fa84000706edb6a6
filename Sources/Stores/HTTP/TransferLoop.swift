internal import CCurl
internal import Synchronization

/// The thread that owns a curl_multi handle and all transfers on it.
final class TransferLoop: Sendable {
    /// A request on its way to the thread.
    struct Order: Sendable {
        var request: HTTPRequest
        var deadline: Deadline
        var connectTimeout: Duration
        var cancellation: Cancellation
        var continuation: CheckedContinuation<Result<HTTPResponse, StoreError>, Never>
    }

    /// curl_multi_wakeup is the one call that libcurl allows from any thread; the state's lock keeps the handle alive.
    private struct Multi: @unchecked Sendable {
        let handle: UnsafeMutableRawPointer
    }

    private struct State {
        var orders: [Order] = []
        var multi: Multi?
        var isClosing = false
    }

    private static let connectionsKept = 128
    private static let isInitialized: Bool = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK

    private let state = Mutex(State())

    init() {
        precondition(Self.isInitialized, "libcurl cannot be initialized")
        guard let handle = curl_multi_init() else { preconditionFailure("libcurl is out of memory") }
        ccurl_multi_set_connections(handle, Self.connectionsKept)
        let multi = Multi(handle: handle)
        state.withLock { $0.multi = multi }
        do {
            try BackgroundThread.start { self.serve(multi) }
        } catch {
            // Every request will be told.
            state.withLock { state in
                state.multi = nil
                state.isClosing = true
            }
            curl_multi_cleanup(handle)
        }
    }

    func add(_ order: Order) {
        let isRefused = state.withLock { state in
            if state.isClosing { return true }
            state.orders.append(order)
            return false
        }
        if isRefused {
            order.continuation.resume(returning: .failure(order.request.failure(.closed, outcome: .definite)))
        } else {
            wake()
        }
    }

    func wake() {
        state.withLock { state in
            if let multi = state.multi { _ = curl_multi_wakeup(multi.handle) }
        }
    }

    func close() {
        state.withLock { $0.isClosing = true }
        wake()
    }

    private func serve(_ multi: Multi) {
        var transfers: [UnsafeMutableRawPointer: Transfer] = [:]
        while true {
            let (orders, isClosing) = state.withLock { state in
                defer { state.orders = [] }
                return (state.orders, state.isClosing)
            }
            for order in orders { start(order, on: multi, &transfers) }
            for transfer in transfers.values where isClosing || transfer.isCancelled {
                curl_multi_remove_handle(multi.handle, transfer.handle)
                transfers[transfer.handle] = nil
                transfer.finish(interruptedBy: isClosing ? .closed : .cancelled)
            }
            if isClosing { break }
            var running: Int32 = 0
            curl_multi_perform(multi.handle, &running)
            collect(from: multi, &transfers)
            curl_multi_poll(multi.handle, nil, 0, 60_000, nil)
        }
        state.withLock { $0.multi = nil }
        curl_multi_cleanup(multi.handle)
    }

    private func start(_ order: Order, on multi: Multi, _ transfers: inout [UnsafeMutableRawPointer: Transfer]) {
        do throws(StoreError) {
            let transfer = try Transfer(order)
            curl_multi_add_handle(multi.handle, transfer.handle)
            transfers[transfer.handle] = transfer
        } catch {
            order.continuation.resume(returning: .failure(error))
        }
    }

    private func collect(from multi: Multi, _ transfers: inout [UnsafeMutableRawPointer: Transfer]) {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi.handle, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle else { continue }
            let code = ccurl_message_result(message)
            curl_multi_remove_handle(multi.handle, handle)
            transfers.removeValue(forKey: handle)?.finish(code)
        }
    }
}
