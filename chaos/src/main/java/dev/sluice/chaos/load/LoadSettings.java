package dev.sluice.chaos.load;

import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What load is sent where. Immutable.
 *
 * @param targets addresses of sidecars, each a URL of scheme http or https; {@link #KEY_IN_URL}
 *     stands for the key
 * @param named hosts, with their ports, that may be a target though they are not this machine
 * @param perSecond requests a second over all targets, 1..100,000
 * @param duration how long requests begin, 1 ms..1 h; at most 1,000,000 requests, which are all
 *     kept in memory
 * @param keys how many distinct keys, 1..1,000,000; each is as likely as the others
 * @param headers of each request; {@link #KEY} stands for the key
 * @param idHeader names the header that carries each request's id; an answer that has it must
 *     repeat the id
 * @param writes how writes are sent; empty for reads only
 * @param timeout longest wait for a whole answer, from the moment it is sent; 1 ms..1 h
 * @param mostUnderWay requests under way at once, 1..10,000; one more is not sent, and its entry
 *     says so
 * @param end what each good answer to a read ends with; empty when nothing is known
 * @param seed of the choice of keys, targets and operations
 */
public record LoadSettings(
        List<URI> targets,
        Set<String> named,
        int perSecond,
        Duration duration,
        int keys,
        Map<String, String> headers,
        String idHeader,
        Optional<Writes> writes,
        Duration timeout,
        int mostUnderWay,
        Optional<String> end,
        long seed) {
    /** Stands for the key in headers. */
    public static final String KEY = "{key}";

    /** Stands for the key in targets: the same, as a URI can hold it. */
    public static final String KEY_IN_URL = "%7Bkey%7D";

    /** Stands for what is written in the body of a write. */
    public static final String VALUE = "{value}";

    private static final Set<String> OWN = Set.of("content-length", "transfer-encoding");

    /** Of names and methods (RFC 9110, section 5.6.2). */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");

    /** RFC 9110, section 5.5. */
    private static final Pattern FIELD_VALUE = Pattern.compile("[\\t\\x20-\\x7E\\x80-\\xFF]*");

    private static final long MOST_REQUESTS = 1_000_000;
    private static final Duration LONGEST = Duration.ofHours(1);

    public LoadSettings {
        targets = List.copyOf(targets);
        named = Set.copyOf(named);
        headers = Map.copyOf(headers);
    }

    /**
     * Writes among the reads.
     *
     * @param share of requests that write, in percent, 1..100
     * @param method such as PUT
     * @param body with {@link #VALUE}, which a later read of the same key must show again
     */
    public record Writes(int share, String method, String body) {}

    /** Number of requests. */
    public long requests() {
        return Math.max(1, perSecond * duration.toMillis() / 1000);
    }

    /** Everything that is wrong; nothing is sent while this is not empty. */
    public List<Problem> problems() {
        Problems problems = Problems.root();
        if (targets.isEmpty()) {
            problems.field("targets").add("none", "one or more URLs", "name a target");
        }
        TargetRule rule = new TargetRule(Set.of("http", "https"), named);
        for (int i = 0; i < targets.size(); i++) {
            rule.check(targets.get(i), problems.field("targets").index(i));
        }
        range(perSecond, 100_000, problems.field("rate"));
        name(idHeader, problems.field("id_header"));
        headers.forEach((name, value) -> header(name, value, problems.field("headers")));
        range(keys, 1_000_000, problems.field("keys"));
        range(mostUnderWay, 10_000, problems.field("most_under_way"));
        time(duration, problems.field("duration"));
        time(timeout, problems.field("timeout"));
        if (perSecond > 0 && duration.compareTo(LONGEST) <= 0 && requests() > MOST_REQUESTS) {
            problems.add(
                    requests() + " requests",
                    "at most " + MOST_REQUESTS,
                    "lower the rate or the duration");
        }
        writes.ifPresent(some -> check(some, problems.field("writes")));
        return problems.all();
    }

    private static void header(String name, String value, Problems at) {
        name(name, at);
        if (!FIELD_VALUE.matcher(value).matches()) {
            at.field(name)
                    .add(
                            Problem.quote(value),
                            "a value without line ends and other control characters",
                            "correct it");
        }
        if (OWN.contains(name.toLowerCase(Locale.ROOT))) {
            at.add(name, "none that says how long a message is", "leave it out: it is set here");
        }
    }

    private static void name(String word, Problems at) {
        if (!TOKEN.matcher(word).matches()) {
            at.add(Problem.quote(word), "letters, digits and !#$%&'*+-.^_`|~", "correct it");
        }
    }

    private static void range(int value, int most, Problems at) {
        if (value < 1 || value > most) {
            at.add(Integer.toString(value), "1.." + most, "correct it");
        }
    }

    private static void time(Duration time, Problems at) {
        if (time.compareTo(Duration.ofMillis(1)) < 0 || time.compareTo(LONGEST) > 0) {
            at.add(time.toMillis() + " ms", "1 ms..1 h", "correct it");
        }
    }

    private static void check(Writes writes, Problems at) {
        range(writes.share(), 100, at.field("share"));
        name(writes.method(), at.field("method"));
        if (!writes.body().contains(VALUE)) {
            at.field("body")
                    .add(
                            Problem.quote(writes.body()),
                            "a text with " + VALUE,
                            "say where the value stands");
        }
    }
}
