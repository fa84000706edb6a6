import ArgumentParser
import Foundation
import Stack

/// Tells a person how the stack comes along, on standard error.
struct StackPrinter: Sendable {
    var quiet: Bool

    /// Runs a command of the stack: signals cancel it, errors are printed, exit codes are those of the manual.
    func report(_ body: @escaping @Sendable () async throws -> Void) async throws {
        do {
            try await Interruption.cancelling(body)
        } catch let interrupted as Interruption.Interrupted {
            line("interrupted; what was started has been stopped")
            throw ExitCode(interrupted.exitCode)
        } catch let error as StackError {
            line("\(error)")
            throw ExitCode(70)
        }
    }

    func show(_ progress: StackProgress) {
        guard !quiet else { return }
        switch progress {
        case .clearing(let count): line("ending \(count) processes that an earlier start left behind")
        case .starting: break
        case .alreadyUp(let name): line("\(padded(name)) is up already")
        case .portTaken(let name, let port): line("\(padded(name)) found port \(port) taken, takes another")
        case .ready(let name, let time, let note): line("\(padded(name)) ready after \(seconds(time))  \(note)")
        case .failed(let name): line("\(padded(name)) failed; stopping what was started")
        case .stopped(let name, let time): line("\(padded(name)) stopped after \(seconds(time))")
        }
    }

    func conclude(services: Int, after time: Duration) {
        guard !quiet else { return }
        line("\(services) services are up (\(seconds(time)))")
    }

    private func line(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

    private func padded(_ name: String) -> String {
        name + String(repeating: " ", count: max(0, 9 - name.count))
    }

    private func seconds(_ time: Duration) -> String {
        time.formatted(.units(allowed: [.seconds], width: .narrow, fractionalPart: .show(length: 2)))
    }
}
