package dev.sluice.chaos.fault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.chaos.experiment.ArmFault;
import dev.sluice.chaos.experiment.DurationText;
import dev.sluice.chaos.experiment.Settings;
import dev.sluice.chaos.experiment.Substitution;
import dev.sluice.chaos.v1.FaultLease;
import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.contract.document.Document;
import dev.sluice.contract.document.DocumentReader;
import dev.sluice.contract.document.DocumentTypes;
import dev.sluice.contract.fault.LeaseParser;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads one fault on an arm, its variables replaced, as the leases that make it: the contract of
 * leases itself says what may stand in them. For the one thread that plans.
 */
final class LeaseReader {
    private static final DocumentReader READER = new DocumentReader(DocumentTypes.of(List.of()));
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Duration TTL = Duration.ofSeconds(10);
    private static final long MOST_REQUESTS = 1_000_000;
    private static final List<String> SELECTION =
            List.of("operations", "operation_classes", "endpoints", "headers", "unit");

    /** Names of the wire that the file has other names for. */
    private static final Map<String, String> NAMES =
            Map.of("budget", "requests", "selection.share_ppm", "share");

    private final ArmFault fault;
    private final JsonNode fields;
    private final List<Problem> problems;

    /**
     * @param fields of the fault, variables replaced
     * @param problems to add to
     */
    LeaseReader(ArmFault fault, JsonNode fields, List<Problem> problems) {
        this.fault = fault;
        this.fields = fields;
        this.problems = problems;
    }

    /**
     * What each lease may meet when its fault does not say: as much of the blast radius as is left
     * for it when all get alike.
     */
    static long budget(Settings settings, Substitution values) {
        long leases =
                settings.faults().stream()
                        .mapToLong(fault -> sidecars(values.in(fault.fields())).size())
                        .sum();
        long most = settings.blastRadius().requests().orElse(Long.MAX_VALUE) / Math.max(1, leases);
        return Math.clamp(most, 1, MOST_REQUESTS);
    }

    private static List<String> sidecars(JsonNode fields) {
        JsonNode given = fields.path("sidecars");
        List<String> sidecars = new ArrayList<>();
        if (given.isArray()) {
            given.forEach(one -> sidecars.add(one.asText()));
        } else {
            sidecars.add(given.asText());
        }
        return sidecars;
    }

    /**
     * The leases, one on each sidecar; none after a problem.
     *
     * @param most requests of each lease, unless the fault says less or more
     */
    List<PlannedLease> read(int number, String run, long seed, long most) {
        int before = problems.size();
        String token = fields.path("token").asText();
        if (token.isBlank() || !Substitution.variables(fields.path("token")).isEmpty()) {
            problem("token", "no token", "the admin token of the sidecars", "set the variable");
        }
        List<URI> addresses = sidecars(fields).stream().flatMap(u -> address(u).stream()).toList();
        if (sidecars(fields).isEmpty()) {
            problem("sidecars", "none", "one or more addresses", "name the sidecars");
        }
        Duration ttl = duration("ttl", fields.path("ttl")).orElse(TTL);
        long atLeast = whole("at_least").orElse(1L);
        if (atLeast < 1) {
            problem("at_least", Long.toString(atLeast), "1 or more", "raise it");
        }
        long budget = whole("requests").orElse(most);
        String name = "faults/" + fields.path("name").asText("chaos-" + number) + "-" + run;
        ObjectNode wire = wire(name, ttl, budget, seed);
        check(wire);
        if (problems.size() > before) {
            return List.of();
        }
        return addresses.stream()
                .map(url ->
                        new PlannedLease(
                                new Sidecar(url.toString().replaceAll("/+$", ""), token),
                                name,
                                number,
                                wire,
                                budget,
                                ttl,
                                atLeast,
                                fault.place()))
                .toList();
    }

    private ObjectNode wire(String name, Duration ttl, long budget, long seed) {
        ObjectNode wire = NODES.objectNode();
        wire.put("name", name);
        copy("gate", wire);
        copy("arm", wire);
        ObjectNode selection = wire.putObject("selection");
        SELECTION.forEach(field -> copy(field, selection));
        if (fields.has("share")) {
            selection.put("share_ppm", sharePpm());
        }
        wire.set("fault", kind());
        wire.put("ttl", Sidecar.wire(ttl));
        wire.put("budget", budget);
        wire.put("seed", Long.toUnsignedString(seed == 0 ? Long.MIN_VALUE : seed));
        copy("evidence", wire);
        copy("reason", wire);
        return wire;
    }

    private void copy(String name, ObjectNode to) {
        if (fields.hasNonNull(name)) {
            to.set(name, fields.get(name));
        }
    }

    private long sharePpm() {
        Optional<BigDecimal> percent = number("share");
        long ppm = percent.map(given -> given.movePointRight(4).longValue()).orElse(1L);
        if (ppm < 1 || ppm > MOST_REQUESTS) {
            problem(
                    "share",
                    fields.path("share").asText(),
                    "a percentage above 0, at most 100",
                    "correct it");
            return 1;
        }
        return ppm;
    }

    /** Times of faults are written as all times of the file. */
    private JsonNode kind() {
        JsonNode given = fields.path("fault");
        if (!given.isObject()) {
            return given;
        }
        ObjectNode kind = given.deepCopy();
        for (String name : List.of("delay", "slow_trailers")) {
            if (kind.has(name)) {
                duration("fault." + name, kind.get(name))
                        .ifPresent(length -> kind.put(name, Sidecar.wire(length)));
            }
        }
        return kind;
    }

    private void check(ObjectNode wire) {
        Parsed<Document<FaultLease>> read =
                READER.read(wire.toString(), "lease", FaultLease.getDefaultInstance());
        List<Problem> found =
                read instanceof Parsed.Ok<Document<FaultLease>>(Document<FaultLease> document)
                        ? LeaseParser.parse(document.message()).problems()
                        : read.problems();
        for (Problem one : found) {
            String path = one.path().replaceFirst("^lease:\\d+:\\d+ ?", "");
            problem(
                    NAMES.getOrDefault(path, path.replaceFirst("^selection\\.", "")),
                    one.got(),
                    one.expected(),
                    one.remedy());
        }
    }

    private Optional<URI> address(String text) {
        try {
            URI address = URI.create(text);
            String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
            if (List.of("http", "https").contains(scheme) && address.getHost() != null) {
                return Optional.of(address);
            }
        } catch (IllegalArgumentException noAddress) {
            // Told below, as any other wrong text.
        }
        problem(
                "sidecars",
                Problem.quote(text),
                "http://HOST:PORT of an admin listener",
                "correct the address");
        return Optional.empty();
    }

    private Optional<Duration> duration(String name, JsonNode value) {
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        Optional<Duration> duration = DurationText.parse(value.asText());
        if (duration.isEmpty()) {
            problem(name, Problem.quote(value.asText()), DurationText.SHAPE, "correct it");
        }
        return duration;
    }

    private Optional<Long> whole(String name) {
        return number(name)
                .flatMap(value -> {
                    try {
                        return Optional.of(value.longValueExact());
                    } catch (ArithmeticException broken) {
                        problem(name, value.toPlainString(), "a whole number", "correct it");
                        return Optional.empty();
                    }
                });
    }

    /** A number, or a text of one, as variables given on the command line are texts. */
    private Optional<BigDecimal> number(String name) {
        if (!fields.hasNonNull(name)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new BigDecimal(fields.get(name).asText()));
        } catch (NumberFormatException noNumber) {
            problem(name, Problem.quote(fields.get(name).asText()), "a number", "correct it");
            return Optional.empty();
        }
    }

    private void problem(String field, String got, String expected, String remedy) {
        String at = field.isEmpty() ? fault.place() : fault.place() + "." + field;
        problems.add(new Problem(at, got, expected, remedy));
    }
}
