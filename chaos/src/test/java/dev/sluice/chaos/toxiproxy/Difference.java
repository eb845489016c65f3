package dev.sluice.chaos.toxiproxy;

/** Where ours differs from Toxiproxy 2.12.0 on purpose; docs/toxiproxy-differences.md has all. */
enum Difference {
    HALF_CLOSE,
    SLICER_DEFAULTS,
    SLICER_VARIATION,
    BANDWIDTH_NEGATIVE,
    TOXICITY_ONCE,
    SEED,
    RESET_LIVE,
    REFUSED_PATCH,
    LOGGER_FIELD,
    LONG_BODY;

    String id() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}
