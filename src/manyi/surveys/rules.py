"""The face of the rules: what a draft needs, what stands against publishing, what to think about first.

All are pure: they take trees and give faults, each with its place. ``*_problems`` forbid, ``*_warnings`` ask
to be read.
"""

from __future__ import annotations

from manyi.surveys.draft_rules import draft_problems
from manyi.surveys.publish_rules import publish_problems
from manyi.surveys.publish_warnings import publish_warnings
from manyi.surveys.scheme_rules import scheme_problems, scheme_warnings

__all__ = ["draft_problems", "publish_problems", "publish_warnings", "scheme_problems", "scheme_warnings"]
