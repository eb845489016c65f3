package dev.sluice.testkit;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Randomness that a failed run can repeat: the seed is printed when it is taken, and the system
 * property {@code sluice.seed} (a decimal or {@code 0x} number) sets it. Immutable.
 *
 * @param seed what all generators of this object start from
 */
public record Seeds(long seed) {
    private static final String PROPERTY = "sluice.seed";

    /**
     * The seed of system property {@code sluice.seed}, else a fresh one; printed as {@code
     * sluice.seed=… (purpose)}.
     *
     * @throws IllegalArgumentException when the property is no number
     */
    public static Seeds printed(String purpose) {
        Seeds seeds = new Seeds(given(System.getProperty(PROPERTY, "")));
        System.out.println(PROPERTY + "=" + seeds.seed + " (" + purpose + ")");
        return seeds;
    }

    /** A generator that starts from the seed alone: two calls give the same sequence. */
    public RandomGenerator generator() {
        return generator("");
    }

    /**
     * A generator of its own for {@code part}, so that a change in how much one part draws does not
     * change the others.
     */
    public RandomGenerator generator(String part) {
        long mixed = seed;
        for (int i = 0; i < part.length(); i++) {
            mixed = mixed * 0x9E3779B97F4A7C15L + part.charAt(i);
        }
        return RandomGeneratorFactory.of("L64X128MixRandom").create(mixed);
    }

    private static long given(String property) {
        if (property.isBlank()) {
            return System.nanoTime() ^ ProcessHandle.current().pid() << 32;
        }
        try {
            return Long.decode(property.strip());
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException(
                    "system property "
                            + PROPERTY
                            + ": '"
                            + property
                            + "' (expected: a decimal or 0x number of 64 bits)",
                    notANumber);
        }
    }
}
