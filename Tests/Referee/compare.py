# SPDX-License-Identifier: Apache-2.0
"""Equality of JSON values: 1 is not 1.0, [] is not {}, and a missing field is not null."""
import math


def difference(expected, found, place=""):
    """Where two values differ, as a sentence; `None` when they are equal."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for name in list(expected) + [name for name in found if name not in expected]:
            if name not in found or name not in expected:
                return f"{place}/{name}: {'missing' if name in expected else 'not expected: ' + repr(found[name])[:80]}"
            if said := difference(expected[name], found[name], f"{place}/{name}"):
                return said
        return None
    if isinstance(expected, list) and isinstance(found, list):
        if len(expected) != len(found):
            return f"{place}: {len(expected)} items expected, {len(found)} found"
        return next(filter(None, (difference(a, b, f"{place}/{i}") for i, (a, b) in enumerate(zip(expected, found)))), None)
    if type(expected) is type(found) and expected == found:
        return None
    return f"{place}: expected {expected!r:.120}, found {found!r:.120}"


def as_numbers(value):
    """The value with all numbers as floats, for where 1 and 1.0 mean the same."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, (int, float)):
        return float(value) if abs(value) < 2**53 or math.isinf(float(value)) else value
    if isinstance(value, list):
        return [as_numbers(item) for item in value]
    return {name: as_numbers(item) for name, item in value.items()}


def without_nulls(value):
    """The value as Lua sees it: a field that is null is a field that is not there."""
    if isinstance(value, dict):
        return {name: without_nulls(field) for name, field in value.items() if field is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


def lacking(expected, found, place=""):
    """What of `expected` is not in `found`, as a sentence; fields of `found` beyond it, and nulls, do not matter."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for name, value in expected.items():
            if value is None and found.get(name) is None:
                continue
            if name not in found:
                return f"{place}/{name}: missing"
            if said := lacking(value, found[name], f"{place}/{name}"):
                return said
        return None
    if isinstance(expected, list) and isinstance(found, list):
        if len(expected) != len(found):
            return f"{place}: {len(expected)} items expected, {len(found)} found"
        return next(filter(None, (lacking(a, b, f"{place}/{i}") for i, (a, b) in enumerate(zip(expected, found)))), None)
    return difference(expected, found, place)
