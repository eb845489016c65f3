package dev.sluice.chaos.client;

import dev.sluice.chaos.load.TargetRule;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * How many clients hold on to what. Immutable.
 *
 * @param slowness what they are slow at
 * @param target what they ask for, a URL of scheme http
 * @param named hosts, with their ports, that may be a target though they are not this machine
 * @param connections how many at once, 1..10,000; one that ends is replaced
 * @param every between two pieces of a client, 10 ms..1 min
 * @param piece bytes that a reader takes at once, 1..65,536; heads go byte by byte
 */
public record SlowClientSettings(
        Slowness slowness,
        URI target,
        Set<String> named,
        int connections,
        Duration every,
        int piece) {
    private static final int MOST_CONNECTIONS = 10_000;
    private static final int LARGEST_PIECE = 65_536;
    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofMinutes(1);

    public SlowClientSettings {
        named = Set.copyOf(named);
    }

    /** Everything that is wrong; nothing is connected while this is not empty. */
    public List<Problem> problems() {
        Problems problems = Problems.root();
        new TargetRule(Set.of("http"), named).check(target, problems.field("target"));
        range(connections, MOST_CONNECTIONS, problems.field("connections"));
        range(piece, LARGEST_PIECE, problems.field("piece"));
        if (every.compareTo(SHORTEST) < 0 || every.compareTo(LONGEST) > 0) {
            problems.field("every").add(every.toMillis() + " ms", "10 ms..1 min", "correct it");
        }
        return problems.all();
    }

    private static void range(int value, int most, Problems at) {
        if (value < 1 || value > most) {
            at.add(Integer.toString(value), "1.." + most, "correct it");
        }
    }

    /** Where it listens. */
    int port() {
        return target.getPort() >= 0 ? target.getPort() : 80;
    }
}
