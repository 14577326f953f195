"""What customers wrote, measured: words, clauses, sentiment, aspects, groups; Chinese first, English too.

Pure functions on lists of texts. Nothing is fetched: word lists and rules lie in ``data/``, and a model is
trained on texts that an organisation labelled itself.
"""
