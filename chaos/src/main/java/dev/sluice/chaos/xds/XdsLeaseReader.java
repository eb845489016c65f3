package dev.sluice.chaos.xds;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads leases as the API gets them; each is read whole or refused with every problem. Stateless.
 */
final class XdsLeaseReader {
    private static final Set<String> KNOWN = Set.of("name", "fault", "ttl", "nodes");
    private static final Pattern NAME = Pattern.compile("faults/[a-z0-9-]{1,64}");
    private static final Pattern SECONDS = Pattern.compile("(\\d{1,4}(?:\\.\\d{1,3})?)s");
    private static final Pattern ADDRESS =
            Pattern.compile("([^\\s:\\[\\]]+|\\[[^\\s\\]]+]):(\\d{1,5})");
    private static final int MOST_PORT = 65_535;
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final String KINDS =
            "one of partition, black_hole, duplicate, stale, reorder, bad_resources, slow_ack,"
                    + " reroute";

    private XdsLeaseReader() {}

    /** A lease that somebody asks for. */
    record Asked(String name, XdsFault fault, Duration ttl, Set<String> nodes) {}

    static Parsed<Asked> read(JsonNode body) {
        Problems problems = Problems.root();
        body.fieldNames()
                .forEachRemaining(name -> {
                    if (!KNOWN.contains(name)) {
                        problems.field(name)
                                .add("an unknown field", "one of " + KNOWN, "remove it");
                    }
                });
        String name = body.path("name").asText();
        if (!NAME.matcher(name).matches()) {
            problems.field("name").add(Problem.quote(name), "faults/ and a-z, 0-9, -", "name it");
        }
        Optional<XdsFault> fault = fault(body.path("fault"), problems.field("fault"));
        Optional<Duration> ttl =
                seconds(body.path("ttl"), SHORTEST, LONGEST, problems.field("ttl"));
        Set<String> nodes = new LinkedHashSet<>();
        body.path("nodes").forEach(node -> nodes.add(node.asText()));
        return problems.finish(
                () -> new Asked(name, fault.orElseThrow(), ttl.orElseThrow(), Set.copyOf(nodes)));
    }

    static Parsed<Duration> ttl(JsonNode body) {
        Problems problems = Problems.root();
        Optional<Duration> ttl =
                seconds(body.path("ttl"), SHORTEST, LONGEST, problems.field("ttl"));
        return problems.finish(ttl::orElseThrow);
    }

    private static Optional<XdsFault> fault(JsonNode fault, Problems at) {
        if (fault.size() != 1) {
            at.add(fault.size() + " kinds", KINDS, "say exactly one");
            return Optional.empty();
        }
        String kind = fault.fieldNames().next();
        return switch (kind) {
            case "partition" -> Optional.of(new XdsFault.Partition());
            case "black_hole" -> Optional.of(new XdsFault.BlackHole());
            case "duplicate" -> Optional.of(new XdsFault.Duplicate());
            case "stale" -> Optional.of(new XdsFault.Stale());
            case "reorder" -> Optional.of(new XdsFault.Reorder());
            case "bad_resources" -> Optional.of(new XdsFault.BadResources());
            case "slow_ack" ->
                    seconds(
                                    fault.get(kind),
                                    Duration.ofMillis(1),
                                    Duration.ofMinutes(10),
                                    at.field(kind))
                            .map(XdsFault.SlowAck::new);
            case "reroute" -> reroute(fault.get(kind).asText(), at.field(kind));
            default -> {
                at.add(Problem.quote(kind), KINDS, "correct it");
                yield Optional.empty();
            }
        };
    }

    private static Optional<XdsFault> reroute(String address, Problems at) {
        Matcher parts = ADDRESS.matcher(address);
        if (parts.matches()) {
            int port = Integer.parseInt(parts.group(2));
            if (port >= 1 && port <= MOST_PORT) {
                return Optional.of(new XdsFault.Reroute(parts.group(1), port));
            }
        }
        at.add(Problem.quote(address), "HOST:PORT of a control plane", "correct it");
        return Optional.empty();
    }

    private static Optional<Duration> seconds(
            JsonNode value, Duration least, Duration most, Problems at) {
        Matcher text = SECONDS.matcher(value.asText());
        if (text.matches()) {
            Duration read =
                    Duration.ofMillis(new BigDecimal(text.group(1)).movePointRight(3).longValue());
            if (read.compareTo(least) >= 0 && read.compareTo(most) <= 0) {
                return Optional.of(read);
            }
        }
        at.add(
                value.isMissingNode() ? "nothing" : Problem.quote(value.asText()),
                "%ss to %ss, such as 10s"
                        .formatted(
                                BigDecimal.valueOf(least.toMillis(), 3).stripTrailingZeros(),
                                most.toSeconds()),
                "correct it");
        return Optional.empty();
    }

    /** The kind of a fault, as it is asked for. */
    static String word(XdsFault fault) {
        return fault.getClass()
                .getSimpleName()
                .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
                .toLowerCase(Locale.ROOT);
    }
}
