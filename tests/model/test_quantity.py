"""Quantities and durations are numbers inside, exactly, and text at the edge."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloudabstract.model import format_duration, format_quantity, parse_duration, parse_quantity

UNITS = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
BINARY = {name: 1024**power for power, name in enumerate(("Ki", "Mi", "Gi", "Ti", "Pi", "Ei"), 1)}
FACTORS = {name: Fraction(10) ** power for name, power in UNITS.items()} | BINARY


@given(value=st.integers(-(2**63) + 1, 2**63 - 1))
def test_every_number_survives_as_text(value: int) -> None:
    """What is formatted is parsed back to the same number."""
    assert parse_quantity(format_quantity(value)) == value


@given(
    whole=st.integers(0, 10**30),
    fraction=st.text("0123456789", max_size=30),
    suffix=st.sampled_from(sorted(FACTORS)),
)
def test_fractions_round_up_and_never_down(whole: int, fraction: str, suffix: str) -> None:
    """The value is the exact product, rounded up to a whole unit; beyond 63 bits it is refused."""
    text = f"{whole}.{fraction}{suffix}"
    exact = ceil((whole + Fraction(int(fraction or 0), 10 ** len(fraction))) * FACTORS[suffix])
    if len(str(whole)) <= 30 and exact < 2**63:
        assert parse_quantity(text) == exact
    else:
        with pytest.raises(ValueError):
            parse_quantity(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("64Mi", 64 * 2**20),
        ("1024Mi", 2**30),
        ("0.5", 1),
        ("1.5Gi", 3 * 2**29),
        ("1e3", 1000),
        ("1E3", 1000),
        ("1E", 10**18),
        ("12E-1", 2),
        ("+5k", 5000),
        (".5Ki", 512),
        ("5.", 5),
        ("100m", 1),
        (7, 7),
    ],
)
def test_quantities_are_those_of_kubernetes(text: str | int, value: int) -> None:
    """Suffixes, exponents and signs."""
    assert parse_quantity(text) == value


@pytest.mark.parametrize(
    "text",
    ["", "Gi", "10 Gi", "10gi", "10GB", "1.2.3", "1e", "--1", "0x10", "\u0661Gi", "1e9999", "10E"],
)
def test_what_is_no_quantity_is_refused(text: str) -> None:
    """Other spellings, other alphabets, and numbers beyond 63 bits."""
    with pytest.raises(ValueError, match=r"quantity|too large"):
        parse_quantity(text)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (2**30, "1Gi"), (1500, "1500"), (3000, "3k"), (1024, "1Ki"), (-(2**20), "-1Mi")],
)
def test_quantities_are_written_short(value: int, text: str) -> None:
    """The largest binary suffix that divides the number, else the largest decimal one."""
    assert format_quantity(value) == text


@given(seconds=st.integers(0, 10**9 - 1))
def test_durations_survive_as_text(seconds: int) -> None:
    """What is formatted is parsed back to the same number."""
    assert parse_duration(format_duration(seconds)) == seconds


@pytest.mark.parametrize(
    ("text", "seconds"), [("10s", 10), ("1m30s", 90), ("2h", 7200), ("1h1s", 3601), (30, 30)]
)
def test_durations_are_read(text: str | int, seconds: int) -> None:
    """Hours, minutes and seconds in that order, or a number of seconds."""
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "10", "s", "1s1m", "1.5s", "-1s", "1d", "10 s"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    """A bare number as text has no unit."""
    with pytest.raises(ValueError, match="not a duration"):
        parse_duration(text)
