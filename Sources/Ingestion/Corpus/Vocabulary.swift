/// The names that documents of a corpus share. Few enough for concurrent documents to meet at them.
enum Vocabulary {
    static let customers = [
        "Amber Coast Logistics", "Bergström Freight", "Castello Verde SA", "Delta Marine Lines", "Eisenhardt GmbH",
        "Ferreira Brothers", "Grünwald Transport", "Harrow Vale Ltd", "Ivory Peak Company", "Jansen Cargo",
        "Kestrel Haulage", "Łódzka Logistics",
    ]
    static let drivers = [
        "Anna Lindqvist", "Boris Novák", "Chidi Okafor", "Dolores Peña", "Émile Rousseau", "Farah Siddiqui",
        "Greta Hoffmann", "Hiro Tanaka", "Inês Carvalho", "Jonas Weber",
    ]
    static let places = [
        "Rotterdam Harbour", "Duluth Terminal", "Västra Depot", "Gdynia Port", "Miller Yard", "Antwerp Warehouse",
        "Zürich Airport", "Calais Terminal", "Porto Depot", "Hamburg Harbour",
    ]
    static let goods = [
        "refrigerated berries", "steel coils", "machine parts", "office chairs", "insulated windows", "spare tyres",
        "bottled water", "solar panels", "paper rolls", "ceramic tiles", "coffee beans", "medical supplies",
    ]
    static let remarks = [
        "The seals were checked before departure and again on arrival",
        "Two pallets were wet and have been set aside for inspection",
        "Waiting time at the gate came to forty minutes and is charged as agreed",
        "The route avoids the closed bridge, which adds some eighty kilometres",
        "Temperature stayed between two and five degrees for the whole trip",
        "Customs papers were complete and the load was released within the hour",
        "The café at the gate keeps the keys overnight, as discussed",
        "Please confirm the new delivery window by the end of the week",
    ]
}
