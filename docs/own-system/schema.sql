-- Not faultline's schema: a magazine's.
CREATE TABLE IF NOT EXISTS articles (
    slug text PRIMARY KEY,
    sha  text NOT NULL          -- SHA-256 of the source
);
CREATE TABLE IF NOT EXISTS paragraphs (
    slug   text NOT NULL REFERENCES articles ON DELETE CASCADE,
    number int  NOT NULL,
    body   text NOT NULL,
    PRIMARY KEY (slug, number)
);
