"""Doubles as omk reads and prints them: not correctly rounded, and in a spelling of its own (STATE-FORMAT 0.1)."""

from __future__ import annotations

import math

_U64_MAX = 2**64 - 1
_MAX_POWER = 308
_POWERS = tuple(float(f"1e{power}") for power in range(_MAX_POWER + 1))
# Up to 15 digits without an exponent the algorithm divides two exact doubles, which rounds correctly: as float() does.
_EXACT_LENGTH = 16
_ALWAYS_FITTING_DIGITS = 19


def read_float(literal: str) -> float | None:
    """The double omk takes the JSON number `literal` for, or None when it is out of range."""
    mantissa, _, exponent = literal.replace("E", "e").partition("e")
    if not exponent and len(mantissa) <= _EXACT_LENGTH:
        return float(mantissa)
    negative = mantissa.startswith("-")
    whole, _, fraction = mantissa.removeprefix("-").partition(".")
    significand, power = _significand(whole, fraction)
    magnitude = _scaled(float(significand), power + _bounded(exponent))
    if magnitude is None:
        return None
    return -magnitude if negative else magnitude


def float_text(number: float) -> str:
    """The JSON text omk writes for `number`: shortest digits; NaN and the infinities become ``null``."""
    if not math.isfinite(number):
        return "null"
    text = float.__repr__(number)
    digits, _, exponent = text.partition("e")
    if not exponent:
        return text
    power = int(exponent)
    if power == -5:
        sign = "-" if digits.startswith("-") else ""
        return f"{sign}0.0000{digits.removeprefix('-').replace('.', '')}"
    return f"{digits}e{power:+}"


def _significand(whole: str, fraction: str) -> tuple[int, int]:
    """The digits that fit 64 bits, and the power of ten that the others leave behind."""
    if len(whole) + len(fraction) <= _ALWAYS_FITTING_DIGITS:
        return int(whole + fraction), -len(fraction)
    significand = 0
    for taken, digit in enumerate(whole):
        longer = significand * 10 + int(digit)
        if longer > _U64_MAX:
            power = len(whole) - taken
            break
        significand = longer
    else:
        power = 0
    if significand == 0:
        power -= len(fraction) - len(fraction.lstrip("0"))
        fraction = fraction.lstrip("0")
    for digit in fraction:
        longer = significand * 10 + int(digit)
        if longer > _U64_MAX:
            break
        significand = longer
        power -= 1
    return significand, power


def _bounded(exponent: str) -> int:
    """The written exponent; one of more than 18 digits is beyond what any digits of the mantissa could make up for."""
    digits = exponent.lstrip("+-").lstrip("0")[:18] or "0"
    return -int(digits) if exponent.startswith("-") else int(digits)


def _scaled(number: float, power: int) -> float | None:
    """`number` times ten to the `power`, in omk's steps; None when that is infinite."""
    while abs(power) > _MAX_POWER:
        if number == 0.0:
            return number
        if power > 0:
            return None
        number /= _POWERS[_MAX_POWER]
        power += _MAX_POWER
    if power < 0:
        return number / _POWERS[-power]
    number *= _POWERS[power]
    return None if math.isinf(number) else number
