import Wire

/// One loop's share of what a link counts. Lives on the loop's thread, so counting takes neither lock nor atomic.
///
/// Behind pointers, so that the hot path checks no access and counts no reference.
final class LinkCounter {
    let request = UnsafeMutablePointer<DirectionCounts>.allocate(capacity: 1)
    let response = UnsafeMutablePointer<DirectionCounts>.allocate(capacity: 1)
    var accepted = 0
    var dialFailures = 0

    init() {
        request.initialize(to: DirectionCounts())
        response.initialize(to: DirectionCounts())
    }

    deinit {
        request.deinitialize(count: 1).deallocate()
        response.deinitialize(count: 1).deallocate()
    }

    /// - Parameter open: the connections that the loop has now.
    func counts(open: Int) -> LinkCounts {
        var counts = LinkCounts()
        (counts.accepted, counts.open, counts.dialFailures) = (accepted, open, dialFailures)
        (counts.request, counts.response) = (request.pointee, response.pointee)
        return counts
    }
}
