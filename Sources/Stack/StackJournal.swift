import Foundation
import Stores

/// The one writer of the state file while services start and stop at the same time.
actor StackJournal {
    private let home: StackHome
    private(set) var state: StackState

    init(home: StackHome, state: StackState) throws {
        self.home = home
        self.state = state
        try state.write(home: home)
    }

    func record(_ service: StackState.Service, endpoints: (inout Endpoints) -> Void) throws {
        state[service.name] = service
        endpoints(&state.endpoints)
        try state.write(home: home)
    }

    func setPhase(_ phase: StackState.Phase) throws {
        state.phase = phase
        try state.write(home: home)
    }

    /// Records that nothing of the service runs any more.
    func forgetProcess(of name: String) throws {
        state[name]?.process = nil
        try state.write(home: home)
    }
}
