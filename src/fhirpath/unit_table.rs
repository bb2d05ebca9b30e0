//! The units and prefixes that `unit` reduces.
//! Clause: <https://ucum.org/ucum>, <https://hl7.org/fhirpath/N1/#time-valued-quantities>.

/// Each unit with its value in terms of units above it in the table, or of base units.
pub(super) const ATOMS: &[(&str, &str, &str)] = &[
    ("min", "60", "s"),
    ("h", "3600", "s"),
    ("d", "86400", "s"),
    ("wk", "604800", "s"),
    ("mo", "2629800", "s"),
    ("a", "31557600", "s"),
    ("l", "0.001", "m3"),
    ("L", "0.001", "m3"),
    ("ar", "100", "m2"),
    ("t", "1000000", "g"),
    ("Hz", "1", "s-1"),
    ("N", "1000", "g.m.s-2"),
    ("Pa", "1000", "g.m-1.s-2"),
    ("J", "1000", "g.m2.s-2"),
    ("W", "1000", "g.m2.s-3"),
    ("A", "1", "C.s-1"),
    ("V", "1000", "g.m2.s-2.C-1"),
    ("Ohm", "1000", "g.m2.s-1.C-2"),
    ("lm", "1", "cd"),
    ("lx", "1", "cd.m-2"),
    ("Bq", "1", "s-1"),
    ("Gy", "1", "m2.s-2"),
    ("Sv", "1", "m2.s-2"),
    ("kat", "1", "mol.s-1"),
    ("bar", "100000000", "g.m-1.s-2"),
    ("cal", "4184", "g.m2.s-2"),
    ("m[Hg]", "133322000", "g.m-1.s-2"),
    ("m[H2O]", "9806650", "g.m-1.s-2"),
    ("U", "0.0000000166666666666667", "mol.s-1"),
    ("eq", "1", "mol"),
    ("osm", "1", "mol"),
    ("%", "0.01", ""),
    ("[ppth]", "0.001", ""),
    ("[ppm]", "0.000001", ""),
    ("[in_i]", "0.0254", "m"),
    ("[ft_i]", "0.3048", "m"),
    ("[yd_i]", "0.9144", "m"),
    ("[mi_i]", "1609.344", "m"),
    ("[lb_av]", "453.59237", "g"),
    ("[oz_av]", "28.349523125", "g"),
    ("[gr]", "0.06479891", "g"),
    ("[gal_us]", "0.003785411784", "m3"),
    ("[pt_us]", "0.000473176473", "m3"),
    ("[foz_us]", "0.0000295735295625", "m3"),
    ("deg", "0.0174532925199432957692", "rad"),
    ("[IU]", "1", "[iU]"),
];

/// The base units, and their places among the powers.
pub(super) const BASE: &[(&str, usize)] =
    &[("m", 0), ("s", 1), ("g", 2), ("rad", 3), ("K", 4), ("C", 5), ("cd", 6), ("mol", 7), ("[iU]", 9)];

/// The prefixes, and the powers of ten they stand for.
pub(super) const PREFIXES: &[(&str, i32)] = &[
    ("da", 1),
    ("Y", 24),
    ("Z", 21),
    ("E", 18),
    ("P", 15),
    ("T", 12),
    ("G", 9),
    ("M", 6),
    ("k", 3),
    ("h", 2),
    ("d", -1),
    ("c", -2),
    ("m", -3),
    ("u", -6),
    ("n", -9),
    ("p", -12),
    ("f", -15),
    ("a", -18),
    ("z", -21),
    ("y", -24),
];

/// The UCUM code that a calendar word of fixed length stands for, and the word in the singular.
pub(super) const WORDS: &[(&str, &str, &str)] = &[
    ("year", "years", "a"),
    ("month", "months", "mo"),
    ("week", "weeks", "wk"),
    ("day", "days", "d"),
    ("hour", "hours", "h"),
    ("minute", "minutes", "min"),
    ("second", "seconds", "s"),
    ("millisecond", "milliseconds", "ms"),
];
