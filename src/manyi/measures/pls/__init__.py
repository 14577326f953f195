"""Structural models of satisfaction by partial least squares: ECSI, ACSI, CCSI and models of one's own.

Sources: Wold 1982; Lohmöller 1989; Tenenhaus, Esposito Vinzi, Chatelin and Lauro 2005, Computational
Statistics and Data Analysis 48 (algorithm, communality, redundancy, GoF); Fornell et al. 1996 (index 0 to
100). Numbers are those of R's plspm.
"""
