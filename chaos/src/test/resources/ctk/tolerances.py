"""Asks the Chaos Toolkit about tolerances.

Reads lines {"tolerance": ..., "value": ...} and writes one character for each: 1 met, 0 not met,
x the question ended with an exception, r the tolerance is not valid.
"""
import functools
import json
import sys

from chaoslib import hypothesis

hypothesis.JSONPath.parse_str = functools.lru_cache(None)(hypothesis.JSONPath.parse_str)


def asked(tolerance, value):
    try:
        hypothesis.ensure_hypothesis_tolerance_is_valid(tolerance)
    except Exception:
        return "r"
    try:
        return "1" if hypothesis.within_tolerance(tolerance, value, {}, {}) else "0"
    except Exception:
        return "x"


with open(sys.argv[1], encoding="utf-8") as lines:
    for line in lines:
        pair = json.loads(line)
        sys.stdout.write(asked(pair["tolerance"], pair["value"]))
