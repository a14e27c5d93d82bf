"""Draws random numbers of the model from what docs/model.md says in section 7.8, and from nothing else: an example of how
to draw them in another language. Standard library only; its logarithms and exponentials are those of msun.py beside it.

    python3 python/draws.py < asked.csv > drawn.csv

A row of asked.csv is a draw: seed, replicate, process (its number), first and second (ids), domain (of the threshold of
a firm), serial, and the mean and the concentration of a quality. Empty cells are what a draw has not. drawn.csv has the
first two words, the uniform number and the value of each: an exponential, a uniform, a quality.
"""

import csv
import hashlib
import math
import sys

from msun import exp, log

WORD, LONG = 2**32, 2**64
UNIFORM, QUALITY = (2, 4, 20, 21, 22), 3


def philox(counter, key):
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        a, b = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = b // WORD ^ c1 ^ k0, b % WORD, a // WORD ^ c3 ^ k1, a % WORD
        k0, k1 = (k0 + 0x9E3779B9) % WORD, (k1 + 0xBB67AE85) % WORD
    return c0, c1, c2, c3


def key_of(seed, replicate):
    counter = (replicate, 0x706F696E, 0x74706C61, 0x6E650001)
    return philox(counter, (seed % WORD, seed // WORD))[:2]


def hash_of(text):
    """Of an id; 0 where there is none."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") if text else 0


def mix(x):
    x = (x ^ x // 2**30) * 0xBF58476D1CE4E5B9 % LONG
    x = (x ^ x // 2**27) * 0x94D049BB133111EB % LONG
    return x ^ x // 2**31


def name_of(first, second, domain=""):
    h2 = hash_of(second) ^ hash_of(domain)
    return mix((hash_of(first) + mix(h2 ^ 0x9E3779B97F4A7C15)) % LONG)


def words(key, process, name, serial):
    """The words of a draw, one after the other, without end."""
    block = 0
    while True:
        yield from philox((process * 2**16 + block, serial, name % WORD, name // WORD), key)
        block += 1


def bits(stream):
    return next(stream) * WORD + next(stream)


def half_open(number):
    """U, in (0, 1]."""
    return (number // 2**11 + 1) * 2.0**-53


def open_interval(number):
    """V, in (0, 1)."""
    return (number // 2**12 + 0.5) * 2.0**-52


def beta_of(first, second, stream):
    """A Beta draw with these two shapes: Cheng's algorithms BB and BC."""
    both = min(first, second) > 1
    a_is_first = first < second if both else first >= second
    a, b = (first, second) if a_is_first else (second, first)
    alpha = a + b
    if both:
        beta = math.sqrt((alpha - 2) / (2 * a * b - alpha))
        gamma = a + 1 / beta
    else:
        beta, delta = 1 / b, 1 + a - b
        kappa1 = delta * (1 / 72 + b / 24) / (a * beta - 7 / 9)
        kappa2 = 0.25 + (0.5 + 0.25 / delta) * b
    accepted = False
    while not accepted:
        u1, u2 = open_interval(bits(stream)), open_interval(bits(stream))
        v, z = beta * log(u1 / (1 - u1)), u1 * u1 * u2
        w = a * exp(v)
        if both:
            r = gamma * v - log(4)
            s = a + r - w
            accepted = s + 1 + log(5) >= 5 * z or s >= log(z) or r + alpha * log(alpha / (b + w)) >= log(z)
        elif u1 < 0.5 and 0.25 * u2 + z - u1 * u2 >= kappa1 or u1 >= 0.5 and z > 0.25 and z >= kappa2:
            accepted = False
        elif u1 >= 0.5 and z <= 0.25:
            accepted = True
        else:
            accepted = alpha * (log(alpha / (b + w)) + v) - log(4) >= log(z)
    if not a_is_first:
        return b / (b + w)
    return w / (b + w) if w < math.inf else 1.0


def quality(mean, concentration, stream):
    mean = min(max(mean, 1e-6), 1 - 1e-6)
    q = beta_of(concentration * mean, concentration * (1 - mean), stream)
    return min(max(q, 1e-9), 1 - 1e-9)


def drawn(row):
    process, serial = int(row["process"]), int(row["serial"] or 0)
    key = key_of(int(row["seed"]), int(row["replicate"]))
    name = name_of(row["first"], row["second"], row["domain"])
    first, second, *_ = philox((process * 2**16, serial, name % WORD, name // WORD), key)
    uniform = half_open(first * WORD + second)
    if process == QUALITY:
        value = quality(float(row["mean"]), float(row["concentration"]), words(key, process, name, serial))
    elif process in UNIFORM:
        value = uniform
    else:
        value = -log(uniform)
    return {**row, "word_0": first, "word_1": second, "uniform": repr(uniform), "value": repr(value)}


def main():
    asked = csv.DictReader(sys.stdin)
    columns = [*asked.fieldnames, "word_0", "word_1", "uniform", "value"]
    table = csv.DictWriter(sys.stdout, columns, lineterminator="\n")
    table.writeheader()
    table.writerows(map(drawn, asked))


if __name__ == "__main__":
    main()
