package import Faults
package import Stores

/// What somebody asks to be injected.
package struct FaultDraft: Sendable {
    package var link: String
    /// Unique on its link where there is one.
    package var name: String?
    /// Its number is of no meaning, unless several drafts wait for one another. `nil` where the fault has no effect.
    package var window: Window?
    /// As it was asked for, to be told again.
    package var written: JSON
    /// Heals after so long.
    package var lasting: Duration?
    /// Heals when this lease ends.
    package var lease: String?
    package var source: LiveLink.Source
    package var toxic: Toxic?
    /// The number that its window has in the plan of a run that is attached.
    var planned: Int?

    package init(
        link: String, name: String? = nil, window: Window?, written: JSON = .null, lasting: Duration? = nil,
        lease: String? = nil, source: LiveLink.Source = .api, toxic: Toxic? = nil
    ) {
        self.link = link
        self.name = name
        self.window = window
        self.written = written
        self.lasting = lasting
        self.lease = lease
        self.source = source
        self.toxic = toxic
    }
}

/// A fault in force on a link that stands.
package struct LiveFault: Sendable {
    /// Its window's, by which the wire history names it. Never given again.
    package let number: Int
    package var draft: FaultDraft
    /// Since when its window's times count.
    package var since: Duration
    /// When it heals of itself, unless its lease ends before.
    package var expires: Duration?

    package var link: String { draft.link }
    package var name: String? { draft.name }
    /// How far it has come as it is put in force.
    package var beginning: LinkWindows.Progress {
        LinkWindows.Progress(opened: draft.window.flatMap { $0.opening == .at(.zero) ? .zero : nil })
    }
    /// In words: a name, or a kind and a link.
    package var title: String { draft.name ?? draft.window?.name ?? "no effect on \(draft.link)" }
}

/// What an owner renews so that its faults stay. Where it has a scope, these strike nothing outside it, so that many owners can
/// share the links.
package struct Lease: Hashable, Sendable {
    /// A scope, and as it was asked for, to be told again.
    package struct Scoping: Hashable, Sendable {
        package var scope: Scope
        package var written: JSON

        package init(_ scope: Scope, written: JSON) {
            self.scope = scope
            self.written = written
        }
    }

    package var owner: String
    package var expires: Duration
    package var scoping: Scoping?
}
