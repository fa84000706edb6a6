import Faults
import Reactor
import Wire

/// How bytes leave that windows give a shape: damaged, in pieces, at a rate. In this order, whatever that of the windows.
extension Connection {
    /// Nothing is done to what comes next.
    func plain(_ half: HalfPointer) {
        half.pointee.delay = .zero
        if half.pointee.shaping != nil { half.pointee.shaping = nil }
    }

    /// From here on the bytes of a message pass as was decided.
    func shape(_ half: HalfPointer, _ decision: Decision, _ message: MessageInPassing) {
        half.pointee.delay = Nanoseconds(decision.delay)
        half.pointee.shaping = decision.shape.isPlain ? nil : Shaping(decision.shape, of: message)
    }

    private func outlet(_ half: HalfPointer) -> Outlet {
        if let outlet = half.pointee.outlet { return outlet }
        let outlet = Outlet()
        half.pointee.outlet = outlet
        return outlet
    }

    /// Queues bytes in their shape, and sends what may leave; false when the connection is over.
    func emit(_ half: HalfPointer, _ bytes: UnsafeRawBufferPointer, _ shaping: Shaping) -> Bool {
        guard !bytes.isEmpty else { return true }
        let outlet = outlet(half)
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
        copy.copyMemory(from: bytes)
        corrupt(half, copy, shaping, outlet)
        shaping.bytesQueued += bytes.count
        if let slice = shaping.slice {
            let firstPiece = shaping.firstPiece ?? nextPiece(half, slice, outlet)
            if shaping.firstPiece == nil { (shaping.firstPiece, shaping.pieceLeft) = (firstPiece, firstPiece) }
            if shaping.bytesQueued > firstPiece { prove(slice.window, shaping) }
        }
        half.pointee.output.take(copy, due: half.pointee.due, shaping: shaping)
        return drain(half)
    }

    private func corrupt(
        _ half: HalfPointer, _ bytes: UnsafeMutableRawBufferPointer, _ shaping: Shaping, _ outlet: Outlet
    ) {
        for corruption in shaping.shape.corruptions {
            var damage =
                outlet.corruptions[corruption.window]
                ?? ByteCorruption(share: corruption.share, seed: seed(half, corruption.window))
            if damage.apply(to: bytes) > 0 {
                prove(corruption.window, shaping)
                shaping.message.action = .corrupted
            }
            outlet.corruptions[corruption.window] = damage
        }
    }

    /// A window has changed something of a message.
    private func prove(_ window: Int, _ shaping: Shaping) {
        guard shaping.prove(window) else { return }
        if shaping.message.action == .forwarded { shaping.message.action = .shaped }
        link.confirm(window)
    }

    private func seed(_ half: HalfPointer, _ window: Int) -> UInt64 {
        link.windows.access(at: loop.now) { windows, _ in
            windows.seed(of: window, connection: number, direction: half.pointee.direction)
        }
    }

    private func nextPiece(_ half: HalfPointer, _ slice: Shape.Slice, _ outlet: Outlet) -> Int {
        var sizes = outlet.pieceSizes[slice.window] ?? PieceSizes(slice.slicing, seed: seed(half, slice.window))
        defer { outlet.pieceSizes[slice.window] = sizes }
        return sizes.next()
    }

    // MARK: Leaving

    /// How many of so many bytes may leave now.
    func allowance(_ half: HalfPointer, _ shaping: Shaping, _ count: Int) -> Int {
        let outlet = outlet(half)
        guard outlet.opensAt <= loop.now else { return 0 }
        var allowed = count
        if shaping.slice != nil, let left = shaping.pieceLeft { allowed = min(allowed, left) }
        guard let pace = shaping.pace else { return allowed }
        if outlet.pacer?.bytesPerSecond != pace.bytesPerSecond {
            (outlet.pacer, outlet.granted) = (Pacer(bytesPerSecond: pace.bytesPerSecond), 0)
        }
        if outlet.granted == 0, let grant = outlet.pacer?.take(half.pointee.output.byteCount, now: loop.now.rawValue) {
            outlet.granted = grant.bytes
            if grant.bytes == 0 { outlet.opensAt = Nanoseconds(grant.next) }
        }
        if outlet.granted < allowed { prove(pace.window, shaping) }
        return min(allowed, outlet.granted)
    }

    /// So many shaped bytes have left.
    func spend(_ half: HalfPointer, _ shaping: Shaping, _ count: Int) {
        let outlet = outlet(half)
        outlet.granted = max(0, outlet.granted - count)
        guard let slice = shaping.slice, let left = shaping.pieceLeft else { return }
        shaping.pieceLeft = left - count
        guard left == count else { return }
        shaping.pieceLeft = nextPiece(half, slice, outlet)
        if slice.slicing.gap > .zero { outlet.opensAt = loop.now + Nanoseconds(slice.slicing.gap) }
    }

    /// Windows that are over shape no more of what waits.
    func releaseShapes(_ half: HalfPointer) {
        // What is held has a shape before anything of the half has left in one.
        var anyIsOver = half.pointee.shaping?.release(link.isOpen) == true
        guard let outlet = half.pointee.outlet else { return }
        half.pointee.output.forEachShaping { if $0.release(link.isOpen) { anyIsOver = true } }
        outlet.corruptions = outlet.corruptions.filter { link.isOpen($0.key) }
        outlet.pieceSizes = outlet.pieceSizes.filter { link.isOpen($0.key) }
        if anyIsOver { (outlet.opensAt, outlet.granted) = (.zero, 0) }
    }
}
