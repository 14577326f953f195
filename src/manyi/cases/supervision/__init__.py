"""Supervision samples (督查抽查): closed cases drawn at random and assessed by somebody who had no part."""
