"""Who said what, where, when: claims with their speakers, out of news articles, in SQLite."""
