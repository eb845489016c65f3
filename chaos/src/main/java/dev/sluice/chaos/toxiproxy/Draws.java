package dev.sluice.chaos.toxiproxy;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Everything that chance decides, from one seed: the same seed, proxies, toxics and order of
 * connections give the same draws on every machine. Immutable.
 */
record Draws(long seed) {
    private static final long MIX = 0x9E3779B97F4A7C15L;
    private static final int FRACTION_BITS = 53;

    /**
     * Where a toxic's toxicity is compared for one connection: it bites when the draw lies below.
     * It does not depend on the toxicity, so a higher one only bites more connections.
     *
     * @param connection number of the connection at its proxy, from 1
     * @return 0 (included) to 1 (excluded)
     */
    double toxicity(String proxy, long connection, String toxic) {
        return (state(proxy, connection, toxic) >>> (Long.SIZE - FRACTION_BITS)) * 0x1p-53;
    }

    /** What the toxic draws from while it works on the connection: jitter and sizes. */
    RandomGenerator generator(String proxy, long connection, String toxic) {
        return RandomGeneratorFactory.of("L64X128MixRandom")
                .create(mixed(state(proxy, connection, toxic) + 1));
    }

    private long state(String proxy, long connection, String toxic) {
        return mixed(added(mixed(added(mixed(seed), proxy) + connection), toxic));
    }

    private static long added(long state, String text) {
        long sum = state;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            sum = mixed(sum ^ b);
        }
        return sum;
    }

    /** The finisher of SplitMix64 (Steele, Lea and Flood 2014). */
    private static long mixed(long value) {
        long z = value + MIX;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
