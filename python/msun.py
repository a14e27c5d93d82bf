"""Natural logarithm and exponential of FreeBSD's msun (e_log.c and e_exp.c, Sun Microsystems 1993 and 2004), step by step
in the double precision of Python, which rounds each operation once: so every platform has the same bits."""

import math
import struct

LN2_HI, LN2_LO = 6.93147180369123816490e-01, 1.90821492927058770002e-10
EVEN = 3.999999999940941908e-01, 2.222219843214978396e-01, 1.531383769920937332e-01
ODD = 6.666666666666735130e-01, 2.857142874366239149e-01, 1.818357216161805012e-01, 1.479819860511658591e-01
RATIONAL = (
    1.66666666666666019037e-01,
    -2.77777777770155933842e-03,
    6.61375632143793436117e-05,
    -1.65339022054652515390e-06,
    4.13813679705723846039e-08,
)


def polynomial(x, coefficients):
    """By Horner's rule, the lowest power first."""
    total = 0.0
    for coefficient in reversed(coefficients):
        total = coefficient + x * total
    return total


def log(x):
    """Of a number of at least 0."""
    if x == 0:
        return -math.inf
    if x in (1, math.inf):
        return x - 1
    k = 0
    if x < 2.0**-1022:
        x, k = x * 2.0**54, -54
    (bits,) = struct.unpack("<Q", struct.pack("<d", x))
    high = (bits >> 32) + 0x3FF00000 - 0x3FE6A09E
    k += (high >> 20) - 0x3FF
    high = (high & 0xFFFFF) + 0x3FE6A09E
    (x,) = struct.unpack("<d", struct.pack("<Q", high << 32 | bits & 0xFFFFFFFF))
    f = x - 1.0
    half = 0.5 * f * f
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    rest = z * polynomial(w, ODD) + w * polynomial(w, EVEN)
    return s * (half + rest) + k * LN2_LO - half + f + k * LN2_HI


def exp(x):
    """Of a number that is not NaN."""
    if x > 709.782712893383973096:
        return math.inf
    if x < -745.13321910194110842:
        return 0.0
    (bits,) = struct.unpack("<Q", struct.pack("<d", abs(x)))
    high = bits >> 32
    k, low, up = 0, 0.0, x
    if high > 0x3FD62E42:
        if high >= 0x3FF0A2B2:
            k = int(1.44269504088896338700 * x + math.copysign(0.5, x))
        else:
            k = 1 if x > 0 else -1
        up, low = x - k * LN2_HI, k * LN2_LO
    elif high <= 0x3E300000:
        return 1.0 + x
    r = up - low
    square = r * r
    c = r - square * polynomial(square, RATIONAL)
    return math.ldexp(1.0 + (r * c / (2.0 - c) - low + up), k)
