internal import CCurl
internal import Glibc

/// One request on libcurl's thread, from its order to its answer. Never leaves the thread.
final class Transfer {
    private static let errorBodyBytes = 1 << 20

    let handle: UnsafeMutableRawPointer
    private let order: TransferLoop.Order
    private var headers: UnsafeMutablePointer<curl_slist>?
    private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    private var upload: Upload?
    private var response = HTTPResponse(status: 0, headers: [], body: [], bodyBytes: 0)
    private var sinkFile: UnsafeMutablePointer<FILE>?
    /// How often libcurl was about to send the request; more than once would be a retry.
    private var sends = 0
    private var isRepetitionRefused = false
    /// Why a callback ended the transfer.
    private var failure: Interruption?

    var isCancelled: Bool { order.cancellation.isCancelled }

    init(_ order: TransferLoop.Order) throws(StoreError) {
        self.order = order
        if order.cancellation.isCancelled { throw order.request.failure(.cancelled, outcome: .definite) }
        guard let handle = curl_easy_init() else {
            throw order.request.failure(.system(operation: "curl_easy_init", ENOMEM), outcome: .definite)
        }
        self.handle = handle
        errorText.pointee = 0
        upload = try Upload(order.request)
        for header in order.request.headers where (header.name + header.value).utf8.contains(where: { $0 < 0x20 }) {
            throw order.request.failure(
                .unusable("header \(header.name) holds a control character"), outcome: .definite)
        }
        let code = setOptions()
        guard code == CURLE_OK else {
            let why = String(cString: curl_easy_strerror(code))
            throw order.request.failure(.unusable("\(order.request.url): \(why)"), outcome: .definite)
        }
    }

    deinit {
        curl_easy_cleanup(handle)
        curl_slist_free_all(headers)
        errorText.deallocate()
        if let sinkFile { fclose(sinkFile) }
    }

    // MARK: Setting up

    private func setOptions() -> CURLcode {
        let request = order.request
        let context = Unmanaged.passUnretained(self).toOpaque()
        for header in request.headers {
            // A semicolon is how libcurl is told of a header without a value.
            let line = header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)"
            headers = curl_slist_append(headers, line)
        }
        if request.signing == nil {
            // libcurl waits a second for the `100 Continue` of servers that know nothing of it. A signed request keeps
            // its Expect: without it a server that refuses the signature leaves the body on the connection.
            headers = curl_slist_append(headers, "Expect:")
        }
        let total = max(1, Int(order.deadline.pollMilliseconds))
        let connect = max(1, min(total, Int(Deadline(after: order.connectTimeout).pollMilliseconds)))
        var codes = [
            ccurl_set_defaults(handle),
            ccurl_set_url(handle, request.url),
            ccurl_set_error_buffer(handle, errorText),
            ccurl_set_timeouts(handle, connect, total),
            ccurl_set_receivers(handle, Self.takeHeader, Self.takeBody, context),
            ccurl_set_guards(handle, Self.openSocket, Self.beforeRequest, context),
        ]
        if let upload {
            codes.append(ccurl_set_upload(handle, curl_off_t(upload.length), Self.giveBody, Self.rewind, context))
        }
        if request.method == "HEAD" {
            codes.append(ccurl_set_head(handle))
        } else if request.method != "GET" || upload != nil {
            codes.append(ccurl_set_method(handle, request.method))
        }
        if let signing = request.signing {
            let scheme = "aws:amz:\(signing.region):\(signing.service)"
            codes.append(ccurl_set_signing(handle, scheme, signing.accessKey, signing.secretKey))
        }
        codes.append(ccurl_set_headers(handle, headers))
        return codes.first { $0 != CURLE_OK } ?? CURLE_OK
    }

    // MARK: Finishing

    func finish(_ ended: CURLcode) {
        let isShort = ended == CURLE_PARTIAL_FILE && order.request.acceptsShortBody
        let code = isShort ? CURLE_OK : ended
        if code == CURLE_OK, isForFile, response.bodyBytes == 0, case .file(let path) = order.request.sink {
            _ = write(UnsafeRawBufferPointer(start: nil, count: 0), to: path)
        }
        closeSink()
        if code == CURLE_OK, failure == nil {
            order.continuation.resume(returning: .success(response))
        } else {
            let detail = errorText.pointee == 0 ? String(cString: curl_easy_strerror(code)) : String(cString: errorText)
            fail(
                CurlFailure(
                    code: code, detail: detail, isRepetitionRefused: isRepetitionRefused, isSent: sends > 0,
                    reason: failure))
        }
    }

    func finish(interruptedBy reason: Interruption) {
        closeSink()
        fail(CurlFailure(code: CURLE_OK, detail: "", isRepetitionRefused: false, isSent: sends > 0, reason: reason))
    }

    private func fail(_ failure: CurlFailure) {
        if case .file(let path) = order.request.sink { unlink(path) }
        // A server acts on a request that it has whole; one whose body never left whole was not applied.
        let isWhole = upload?.isHandedOver ?? true
        let outcome: StoreError.Outcome = failure.isSent && isWhole ? .indefinite : .definite
        order.continuation.resume(returning: .failure(failure.error(of: order.request, outcome: outcome)))
    }

    private func closeSink() {
        if let file = sinkFile, fclose(file) != 0, failure == nil {
            failure = .system(operation: "writing the answer to a file", errno)
        }
        sinkFile = nil
    }

    // MARK: What libcurl calls

    private static func transfer(_ context: UnsafeMutableRawPointer?) -> Transfer {
        Unmanaged<Transfer>.fromOpaque(context!).takeUnretainedValue()
    }

    private static let takeHeader: ccurl_transfer = { bytes, size, count, context in
        let line = String(decoding: UnsafeRawBufferPointer(start: bytes, count: size * count), as: UTF8.self)
        transfer(context).take(headerLine: line)
        return size * count
    }

    private static let takeBody: ccurl_transfer = { bytes, size, count, context in
        let taken = transfer(context).take(body: UnsafeRawBufferPointer(start: bytes, count: size * count))
        return taken ? size * count : 0
    }

    private static let giveBody: ccurl_transfer = { bytes, size, count, context in
        let transfer = transfer(context)
        guard let bytes, let upload = transfer.upload else { return Int(CURL_READFUNC_ABORT) }
        do throws(Interruption) {
            return try upload.read(into: UnsafeMutableRawBufferPointer(start: bytes, count: size * count))
        } catch {
            transfer.failure = error
            return Int(CURL_READFUNC_ABORT)
        }
    }

    private static let rewind: ccurl_seek = { context, offset, origin in
        guard origin == SEEK_SET, transfer(context).upload?.seek(to: Int(offset)) == true else {
            return CURL_SEEKFUNC_CANTSEEK
        }
        return CURL_SEEKFUNC_OK
    }

    private static let openSocket: ccurl_open_socket = { context, _, address in
        let transfer = transfer(context)
        guard transfer.sends == 0, let address else {
            transfer.isRepetitionRefused = true
            return -1
        }
        return socket(
            address.pointee.family, address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue), address.pointee.protocol)
    }

    private static let beforeRequest: ccurl_before_request = { context, _, _, _, _ in
        let transfer = transfer(context)
        transfer.sends += 1
        guard transfer.sends == 1 else {
            transfer.isRepetitionRefused = true
            return Int32(CURL_PREREQFUNC_ABORT)
        }
        return Int32(CURL_PREREQFUNC_OK)
    }

    private func take(headerLine line: String) {
        let text = line.hasSuffix("\r\n") ? line.dropLast() : line.last == "\n" ? line.dropLast() : line[...]
        if text.hasPrefix("HTTP/") {
            // A further head after 100 Continue replaces the first.
            let code = text.split(separator: " ").dropFirst().first
            response = HTTPResponse(status: code.flatMap { Int($0) } ?? 0, headers: [], body: [], bodyBytes: 0)
        } else if let colon = text.firstIndex(of: ":") {
            let value = text[text.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            response.headers.append((String(text[..<colon]), String(value)))
        }
    }

    private var isForFile: Bool { response.isSuccess || order.request.keepsErrorBody }

    private func take(body bytes: UnsafeRawBufferPointer) -> Bool {
        response.bodyBytes += bytes.count
        var limit = Self.errorBodyBytes
        switch order.request.sink {
        case .file(let path) where isForFile:
            return write(bytes, to: path)
        case .file:
            break
        case .memory(let limitBytes):
            limit = limitBytes
        }
        guard response.bodyBytes <= limit else {
            failure = .tooLarge(limitBytes: limit)
            return false
        }
        response.body.append(contentsOf: bytes)
        return true
    }

    private func write(_ bytes: UnsafeRawBufferPointer, to path: String) -> Bool {
        if sinkFile == nil { sinkFile = fopen(path, "we") }
        guard let sinkFile, fwrite(bytes.baseAddress, 1, bytes.count, sinkFile) == bytes.count else {
            failure = .system(operation: "writing \(path)", errno)
            return false
        }
        return true
    }
}
