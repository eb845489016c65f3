package dev.sluice.chaos.fault;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.chaos.probe.Activities;
import dev.sluice.chaos.probe.Metrics;
import dev.sluice.chaos.probe.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * The fault leases of one run: taken in order, renewed as long as this process lives, counted, and
 * ended in reverse. Owned by the thread that runs; used once.
 *
 * <p>When the process dies, nobody renews them and each sidecar ends its own within {@link
 * PlannedLease#ttl}.
 */
public final class Leases {
    private static final int TRIES = 3;
    private static final Map<String, String> ERRORS = Map.of("response_class", "5xx");

    private final Plan plan;
    private final Function<JsonNode, Outcome> http;
    private final Function<JsonNode, Outcome> until;
    private final List<Renewal> renewals = new ArrayList<>();
    private final Map<PlannedLease, LeaseCount> counts = new LinkedHashMap<>();
    private final Map<Sidecar, Double> errorsBefore = new HashMap<>();

    /**
     * @param http sends an {@code http} provider, from any thread
     */
    public Leases(Plan plan, Function<JsonNode, Outcome> http) {
        this(plan, http, http);
    }

    /**
     * @param http renews leases and ends them, from any thread
     * @param until takes and counts them, and fails at once when the run is cut short
     */
    public Leases(Plan plan, Function<JsonNode, Outcome> http, Function<JsonNode, Outcome> until) {
        this.plan = plan;
        this.http = http;
        this.until = until;
    }

    /** What is taken. */
    public Plan plan() {
        return plan;
    }

    /** What ends them, as providers that another process can run. */
    public List<JsonNode> undo() {
        return plan.leases().reversed().stream()
                .map(lease -> (JsonNode) lease.sidecar().end(lease.name()))
                .toList();
    }

    /**
     * Takes all, in order, until one is refused.
     *
     * @return why the faults are not on; empty when all are
     */
    public Optional<String> take() {
        for (PlannedLease lease : plan.leases()) {
            if (plan.radius().errors().isPresent()) {
                OptionalLong now = errorsOf(lease.sidecar());
                if (now.isEmpty()) {
                    return Optional.of(lease.sidecar() + " does not count its errors");
                }
                errorsBefore.putIfAbsent(lease.sidecar(), (double) now.getAsLong());
            }
            Outcome taken = until.apply(lease.sidecar().take(lease.wire()));
            if (!taken.succeeded()) {
                return Optional.of(
                        "%s was not taken on %s: %s"
                                .formatted(lease.name(), lease.sidecar(), words(taken)));
            }
            counts.put(lease, new LeaseCount(lease, "ACTIVE", 0, 0));
            renewals.add(Renewal.start(lease, http));
        }
        return Optional.empty();
    }

    /** What was read last. */
    public List<LeaseCount> counted() {
        return List.copyOf(counts.values());
    }

    /** Reads the counters of all that were taken; what a silent sidecar said last stays. */
    public List<LeaseCount> count() {
        counts.replaceAll((lease, last) -> {
            Outcome read = until.apply(lease.sidecar().read(lease.name()));
            JsonNode body = read.output().path("body");
            return read.succeeded() && body.isObject()
                    ? new LeaseCount(
                            lease,
                            body.path("state").asText(),
                            body.path("matched").asLong(),
                            body.path("injected").asLong())
                    : new LeaseCount(lease, LeaseCount.UNKNOWN, last.matched(), last.injected());
        });
        return counted();
    }

    /** Answers of 5xx that users of the sidecars got since the leases were taken. */
    public long errors() {
        long errors = 0;
        for (Map.Entry<Sidecar, Double> before : errorsBefore.entrySet()) {
            OptionalLong now = errorsOf(before.getKey());
            errors += Math.max(0, now.orElse(0) - before.getValue().longValue());
        }
        return errors;
    }

    private OptionalLong errorsOf(Sidecar sidecar) {
        Outcome page = until.apply(sidecar.metrics());
        return page.succeeded()
                ? OptionalLong.of(
                        (long)
                                Metrics.parse(page.output().path("body").asText())
                                        .sum("sluice_requests_total", ERRORS)
                                        .orElse(0))
                : OptionalLong.empty();
    }

    /**
     * Ends all, also those whose taking has failed, as nobody knows how far it came.
     *
     * @return why one may still be on, and until when
     */
    public List<String> end() {
        renewals.forEach(Renewal::stop);
        List<String> failures = new ArrayList<>();
        for (PlannedLease lease : plan.leases().reversed()) {
            JsonNode end = lease.sidecar().end(lease.name());
            Outcome ended = http.apply(end);
            for (int i = 1; i < TRIES && !Activities.restored(end, ended); i++) {
                ended = http.apply(end);
            }
            if (!Activities.restored(end, ended)) {
                failures.add(
                        "%s did not end on %s (%s); it ends by itself within %d ms"
                                .formatted(
                                        lease.name(),
                                        lease.sidecar(),
                                        words(ended),
                                        lease.ttl().toMillis()));
            }
        }
        return failures;
    }

    private static String words(Outcome outcome) {
        return outcome.failure()
                .orElseGet(() ->
                        "status "
                                + outcome.output().path("status")
                                + " "
                                + outcome.output().path("body").asText().strip());
    }
}
