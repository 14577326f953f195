"""Customer files: contact points, consent, segments, products, transactions; import, export, erasure."""
