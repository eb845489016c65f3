package dev.sluice.proxy.attempt;

import dev.sluice.proxy.endpoint.Endpoint;
import dev.sluice.proxy.exchange.ResponseHead;
import dev.sluice.proxy.observe.ExchangeRecord.Result;
import dev.sluice.proxy.outcome.GrpcStatus;
import dev.sluice.proxy.plan.AnsweredBy;
import dev.sluice.proxy.plan.Plan;
import dev.sluice.proxy.plan.Plan.FallbackWhen;
import dev.sluice.proxy.plan.Retired;
import dev.sluice.proxy.pool.Budget;
import dev.sluice.proxy.pool.Budgets;
import dev.sluice.proxy.snapshot.route.RetrySpec;
import dev.sluice.proxy.snapshot.route.RetrySpec.HostSelection;
import dev.sluice.proxy.snapshot.route.RetrySpec.PreviousHosts;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Decides what follows an attempt that went wrong. In this order: a connection that died under a
 * request nobody acted on costs nothing and is replaced once; a failed target falls back; else the
 * route's retry policy is asked. Loop-owned.
 */
final class Repeats {
    private final Plan.Forward plan;
    private final RandomGenerator random;
    private final InstantSource clock;
    private final List<Endpoint> tried = new ArrayList<>();
    private Plan.Target target;
    private AnsweredBy by = AnsweredBy.TARGET;
    private boolean replaced;
    private int retries;
    private final List<Budget> held = new ArrayList<>(1);

    /** What follows. */
    sealed interface Next {
        /**
         * Another attempt.
         *
         * @param delay before it
         * @param counts whether the failed attempt counts as an answer of its arm
         */
        record Again(Duration delay, Counts counts) implements Next {}

        /** Nothing: the route's policy, if any, does not repeat this. */
        record Stop() implements Next {}

        /**
         * Nothing more: the policy would repeat it, but a limit is reached.
         *
         * @param limit which one
         */
        record Exhausted(String limit) implements Next {}
    }

    /** Whether a failed attempt says something about its arm. */
    enum Counts {
        YES,
        /** Only that an idle connection had been closed. */
        NO
    }

    Repeats(Plan.Forward plan, RandomGenerator random, InstantSource clock) {
        this.plan = plan;
        this.random = random;
        this.clock = clock;
        target = plan.target();
    }

    /** Where the next attempt goes. */
    Plan.Target target() {
        Optional<HostSelection> hosts =
                plan.delivery()
                        .retry()
                        .map(RetrySpec::hosts)
                        .filter(selection -> selection.previous() == PreviousHosts.AVOIDED);
        return tried.isEmpty() || hosts.isEmpty()
                ? target
                : target.avoiding(tried, hosts.get().reattempts());
    }

    /** An attempt on this endpoint is over. */
    void tried(Endpoint endpoint) {
        tried.add(endpoint);
    }

    /** Whose answer the present attempt would be. */
    AnsweredBy answeredBy() {
        return by;
    }

    /** After an attempt that got no head. */
    Next after(AttemptFailure failure, Attempt attempt) {
        if (!replaced && isStale(failure, attempt)) {
            replaced = true;
            return new Next.Again(Duration.ZERO, Counts.NO);
        }
        if (allows(failure.unprocessed()) && fallsBack()) {
            return new Next.Again(Duration.ZERO, Counts.YES);
        }
        boolean may = mayRepeat(failure.unprocessed());
        return retry(
                plan.delivery().retry().filter(spec -> may && RetryRules.repeats(spec, failure)),
                Optional.empty());
    }

    /** After an attempt that got this final head. */
    Next after(ResponseHead head) {
        Result result = GrpcStatus.result(head.status(), GrpcStatus.in(head.headers()));
        boolean failed = result == Result.SERVER_ERROR || result == Result.TIMEOUT;
        boolean other = failed ? allows(/* unprocessed= */ false) : isRetired(head);
        if (other && fallsBack()) {
            return new Next.Again(Duration.ZERO, Counts.YES);
        }
        boolean may = mayRepeat(/* unprocessed= */ false);
        Optional<RetrySpec> policy =
                plan.delivery().retry().filter(spec -> may && RetryRules.repeats(spec, head));
        return retry(policy, policy.flatMap(spec -> RetryRules.asked(spec, head, clock.instant())));
    }

    /** Whether this final head would be a reason to repeat the request on the same cluster. */
    boolean wouldRepeat(ResponseHead head) {
        return plan.delivery().retry().filter(spec -> RetryRules.repeats(spec, head)).isPresent();
    }

    /** Whether slow attempts go on, and the request may be repeated beside them. */
    boolean hedges() {
        return mayRepeat(/* unprocessed= */ false)
                && plan.delivery()
                        .retry()
                        .filter(spec -> spec.perTry().slow() == RetrySpec.Slow.HEDGED)
                        .isPresent();
    }

    /** Beside an attempt that is slow: another one, if there are retries left. */
    Next beside() {
        RetrySpec spec = plan.delivery().retry().orElseThrow();
        if (retries >= spec.retries()) {
            return new Next.Exhausted("retries of the route: " + spec.retries());
        }
        if (!takeBeside(target)) {
            return new Next.Exhausted("requests or retries of the cluster at once");
        }
        retries++;
        return new Next.Again(RetryRules.wait(spec, retries, random), Counts.NO);
    }

    private boolean mayRepeat(boolean unprocessed) {
        return unprocessed || plan.delivery().repeatable() == Plan.Repeatable.ALWAYS;
    }

    /** No further attempt will be made. */
    void release() {
        held.forEach(Budget::giveBack);
        held.clear();
    }

    /** Whether the connection died before the upstream can have acted (RFC 9110 section 9.2.2). */
    private boolean isStale(AttemptFailure failure, Attempt attempt) {
        return switch (failure.refusal()) {
            case UPSTREAM_CLOSED ->
                    failure.unprocessed()
                            || (attempt.wasOnReusedConnection()
                                    && isSafe()
                                    && mayRepeat(/* unprocessed= */ false));
            case UPSTREAM_RESET -> failure.unprocessed();
            case BAD_PATH,
                    NO_ROUTE,
                    UNAUTHENTICATED,
                    ACCESS_DENIED,
                    UPGRADE_DENIED,
                    LEGACY_RETIRED,
                    RATE_LIMITED,
                    RATE_EXHAUSTED,
                    OVERLOADED,
                    WRITE_HELD,
                    TAKEN_BACK,
                    NO_CLUSTER,
                    GATE_NOT_READY,
                    NO_HEALTHY_ENDPOINT,
                    CONNECT_FAILED,
                    OVERFLOW,
                    DROPPED,
                    UPSTREAM_PROTOCOL_ERROR,
                    UPSTREAM_TIMEOUT,
                    REQUEST_IDLE,
                    ANSWER_IDLE,
                    REQUEST_TOO_LONG,
                    STREAM_TOO_LONG,
                    UPSTREAM_REQUEST_TOO_LONG,
                    UPSTREAM_STREAM_TOO_LONG,
                    INTERNAL_ERROR ->
                    false;
        };
    }

    private boolean isSafe() {
        String method = target.head().method().toString();
        return method.equals("GET") || method.equals("HEAD") || method.equals("OPTIONS");
    }

    /** Whether a failure may be repeated on the fallback. */
    private boolean allows(boolean unprocessed) {
        return plan.fallback()
                .map(fallback ->
                        switch (fallback.when()) {
                            case FAILED -> true;
                            case UNPROCESSED -> unprocessed;
                            case RETIRED -> false;
                        })
                .orElse(false);
    }

    /** Whether the target's sidecar asks for the fallback; it let nobody act on the request. */
    private boolean isRetired(ResponseHead head) {
        return plan.fallback().filter(to -> to.when() == FallbackWhen.RETIRED).isPresent()
                && Retired.isToldBy(head.headers());
    }

    private boolean fallsBack() {
        if (by != AnsweredBy.TARGET) {
            return false;
        }
        Plan.Target other = plan.fallback().orElseThrow().target().get();
        if (!take(other)) {
            return false;
        }
        by = AnsweredBy.FALLBACK;
        target = other;
        return true;
    }

    /**
     * @param wait that the answer asked for
     */
    private Next retry(Optional<RetrySpec> asked, Optional<Duration> wait) {
        if (asked.isEmpty()) {
            return new Next.Stop();
        }
        RetrySpec spec = asked.get();
        if (retries >= spec.retries()) {
            return new Next.Exhausted("retries of the route: " + spec.retries());
        }
        if (!take(target)) {
            return new Next.Exhausted(
                    "retries of the cluster at once: "
                            + target.cluster().cluster().budgets().retries().limit());
        }
        retries++;
        return new Next.Again(
                wait.map(given -> RetryRules.jittered(given, random))
                        .orElseGet(() -> RetryRules.wait(spec, retries, random)),
                Counts.YES);
    }

    /** One repeat at a time counts against the budget of the cluster that it goes to. */
    private boolean take(Plan.Target next) {
        Budget budget = next.cluster().cluster().budgets().retries();
        release();
        if (!budget.tryTake()) {
            return false;
        }
        held.add(budget);
        return true;
    }

    /** A repeat beside another attempt is one more request, too. */
    private boolean takeBeside(Plan.Target next) {
        Budgets budgets = next.cluster().cluster().budgets();
        if (!budgets.retries().tryTake()) {
            return false;
        }
        if (!budgets.requests().tryTake()) {
            budgets.retries().giveBack();
            return false;
        }
        held.add(budgets.retries());
        held.add(budgets.requests());
        return true;
    }
}
