"""The fields of the index, and how text in them is cut. A change of either is a new :data:`FORMAT`."""

from functools import cache

from tantivy import Filter, Index, Schema, SchemaBuilder, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from pipelines.search.tokens import GAP

FORMAT = 2
"""Of an index, with the cutting of text that went into it; one of another format is made anew."""

WORDS, UNITS = "words", "units"
"""Text for ranking (stemmed) and for phrases and recall, of headlines and passages together."""
TITLE_WORDS, TITLE_UNITS = "title_words", "title_units"
AUTHOR_UNITS = "author_units"

FACETS = ("site", "section", "author", "language", "quality", "collection")
"""Fields whose values are counted, as they are shown."""
TARGETS = ("url_key", "host_key", "domain_key")
"""What a take-down can name: an address, a host with or without its port, a host and those below it."""
PERIODS = {"day": "day", "month": "month", "year": "year"}
"""Fields that hold the beginning of the day of publication."""

_STEMMED, _PLACED = "newswarc_words", "newswarc_units"


@cache
def stemmer() -> TextAnalyzer:
    """Return what cuts at blanks and stems English."""
    return TextAnalyzerBuilder(Tokenizer.whitespace()).filter(Filter.stemmer("english")).build()


def stem(word: str) -> str:
    """Return the stem of *word*, folded before, as it stands in the index."""
    return stemmer().analyze(word)[0]


@cache
def schema() -> Schema:
    """Return the schema of an index."""
    builder = SchemaBuilder()
    for name in (WORDS, TITLE_WORDS):
        builder.add_text_field(name, tokenizer_name=_STEMMED, index_option="freq")
    for name in (UNITS, TITLE_UNITS, AUTHOR_UNITS):
        builder.add_text_field(name, tokenizer_name=_PLACED, index_option="position")
    for name in FACETS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in PERIODS.values():
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    # What a filter asks for: a host is also below each domain above it, a name is folded.
    for name in ("kind", "within", "section_key", "language_key", "segment", *TARGETS):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("published", "captured"):
        # Seconds since 1970: a date field overflows on what some pages take for a year.
        builder.add_integer_field(name, indexed=True, fast=True)
    # Who has two versions has them under one number; the other two are the orders of results by date.
    for name in ("article", "by_published", "by_captured"):
        builder.add_unsigned_field(name, indexed=True, fast=True)
    # Tells versions apart whose times are one.
    builder.add_unsigned_field("version", indexed=False, fast=True)
    builder.add_text_field("shown", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("held", stored=True, fast=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def prepare(index: Index) -> Index:
    """Return *index* able to cut text; to be called on each that is opened."""
    placed = TextAnalyzerBuilder(Tokenizer.whitespace()).filter(Filter.custom_stopword([GAP])).build()
    index.register_tokenizer(_STEMMED, stemmer())
    index.register_tokenizer(_PLACED, placed)
    return index
