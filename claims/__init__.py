"""Who said what, where, when: claims with their speakers, out of news articles, in SQLite."""

__version__ = "0.1.0"
