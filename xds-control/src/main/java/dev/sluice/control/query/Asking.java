package dev.sluice.control.query;

import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Gate;
import dev.sluice.control.change.JudgedQuery.Look;
import dev.sluice.control.change.spec.Criterion.Against;
import dev.sluice.control.change.spec.QueryCriterion;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One query about one gate, asked again and again during one step. Thread-safe. */
final class Asking {
    private static final Logger LOG = LoggerFactory.getLogger(Asking.class);

    private final QueryCriterion criterion;
    private final Gate gate;
    private final Instant since;
    private final Before before;
    private final Deque<Look> looks = new ArrayDeque<>();
    private Instant due = Instant.MIN;
    private boolean busy;

    /**
     * @param since when the step was applied everywhere; nothing before it is looked at
     */
    Asking(QueryCriterion criterion, Gate gate, Instant since, Before before) {
        this.criterion = criterion;
        this.gate = gate;
        this.since = since;
        this.before = before;
    }

    /** Oldest first. */
    synchronized List<Look> looks() {
        return List.copyOf(looks);
    }

    /** Asks, if it is time to; returns at once. */
    synchronized void begin(
            MetricsServer server, InstantSource clock, Executor executor, Instant now) {
        if (busy || now.isBefore(due) || window(now).isZero()) {
            return;
        }
        busy = true;
        due = now.plus(criterion.source().interval());
        executor.execute(() -> keep(look(server, clock, now)));
    }

    private synchronized void keep(Look look) {
        busy = false;
        looks.addLast(look);
        while (looks.size() > criterion.limit().inARow()) {
            looks.removeFirst();
        }
    }

    private Look look(MetricsServer server, InstantSource clock, Instant now) {
        try {
            Reply fresh = ask(server, clock, Arm.NEW, now);
            Reply legacy = before.isAsked() ? ask(server, clock, Arm.LEGACY, now) : instead(now);
            return new Look(now, value(legacy), value(fresh), trouble(fresh, legacy));
        } catch (RuntimeException defect) {
            LOG.error("{} of {} could not be asked", criterion.name(), gate.name(), defect);
            return new Look(
                    now,
                    Optional.empty(),
                    Optional.empty(),
                    "a defect of this program: " + defect.getMessage());
        }
    }

    private Reply ask(MetricsServer server, InstantSource clock, Arm arm, Instant now) {
        Reply reply =
                server.ask(
                        criterion.source(),
                        QueryText.of(criterion, gate, arm, window(now)),
                        criterion.limit().maxAge());
        if (reply instanceof Reply.Value(_, var time)) {
            Duration apart = Duration.between(time, clock.instant()).abs();
            if (apart.compareTo(criterion.limit().maxAge()) > 0) {
                return new Reply.Nothing("its value is of " + time + ", by the server's clock");
            }
        }
        return reply;
    }

    private Reply instead(Instant now) {
        return before.value()
                .<Reply>map(value -> new Reply.Value(value, now))
                .orElseGet(() ->
                        new Reply.Nothing(
                                "legacy has no share, and no step before had a value of it"));
    }

    private String trouble(Reply fresh, Reply legacy) {
        if (fresh instanceof Reply.Nothing(var why)) {
            return "of the new arm: " + why;
        }
        return legacy instanceof Reply.Nothing(var why)
                        && criterion.limit().against() == Against.LEGACY
                ? "of the legacy arm: " + why
                : "";
    }

    private static Optional<Double> value(Reply reply) {
        return reply instanceof Reply.Value(var value, _) ? Optional.of(value) : Optional.empty();
    }

    /** Whole seconds since the step began, at most the criterion's. */
    private Duration window(Instant now) {
        Duration step = Duration.ofSeconds(Duration.between(since, now).toSeconds());
        Duration longest = criterion.source().window();
        return step.compareTo(longest) > 0 ? longest : step.isNegative() ? Duration.ZERO : step;
    }
}
