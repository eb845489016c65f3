package dev.sluice.proxy.attempt;

import dev.sluice.proxy.cluster.Loop;
import dev.sluice.proxy.endpoint.Endpoint;
import dev.sluice.proxy.exchange.BodySource;
import dev.sluice.proxy.exchange.ResponseHead;
import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.proxy.observe.ExchangeRecord.Result;
import dev.sluice.proxy.outcome.GrpcStatus;
import dev.sluice.proxy.outcome.Tally;
import dev.sluice.proxy.plan.Plan;
import dev.sluice.proxy.plan.TimeLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one exchange that are under way: mostly one, more where the route hedges. The
 * first good head wins and the others are given up; a bad one, or a failure, is passed on only when
 * nobody else is left. Loop-owned.
 */
final class Race {
    private final Loop loop;
    private final TimeLimits limits;
    private final RequestBody body;
    private final Tally tally;
    private final Owner owner;
    private final List<Attempt> running = new ArrayList<>(1);
    private int started;

    /** Began or ended last. */
    private @Nullable Attempt last;

    /** Takes what comes out of the race. */
    interface Owner {
        /** From the only attempt. */
        void onInterim(ResponseHead head);

        /** From the winner; the others are over. */
        void onHead(ResponseHead head, BodySource answer, boolean ended);

        /** The last attempt has failed. */
        void onFailed(AttemptFailure failure, Attempt failed);

        /** Whether this head is no reason to wait for another one. */
        boolean isGood(ResponseHead head);

        /** An attempt is slow; answers whether it goes on all the same. */
        boolean goesOnSlow();
    }

    Race(Loop loop, TimeLimits limits, RequestBody body, Tally tally, Owner owner) {
        this.loop = loop;
        this.limits = limits;
        this.body = body;
        this.tally = tally;
        this.owner = owner;
    }

    /** One more attempt, beside those that are under way. */
    void start(Plan.Target target) {
        started++;
        new Lane(started == 1, target).attempt.start();
    }

    /** Whether an attempt is under way. */
    boolean isOn() {
        return !running.isEmpty();
    }

    /** Where the attempt went that began or ended last. */
    Optional<Endpoint> lastEndpoint() {
        return Optional.ofNullable(last).flatMap(Attempt::endpoint);
    }

    /** The whole request has come. */
    void requestEnded() {
        running.forEach(Attempt::requestEnded);
    }

    /** Something of the exchange moved. */
    void progress(long now) {
        running.forEach(attempt -> attempt.progress(now));
    }

    /** The winner's answer is complete. */
    void complete(Result result) {
        ended().forEach(attempt -> attempt.complete(result));
    }

    /** Gives up all that is under way; the owner is not called any more. */
    void giveUp(Result result, StreamReset reset) {
        ended().forEach(attempt -> attempt.giveUp(result, reset));
    }

    private List<Attempt> ended() {
        List<Attempt> all = List.copyOf(running);
        running.clear();
        return all;
    }

    /** One attempt's way through the race. */
    private final class Lane implements Attempt.Owner {
        private final boolean first;
        private final Attempt attempt;

        Lane(boolean first, Plan.Target target) {
            this.first = first;
            attempt = new Attempt(loop, target, limits, body, tally, this);
            running.add(attempt);
            last = attempt;
        }

        @Override
        public void onInterim(ResponseHead head) {
            if (running.size() == 1) {
                owner.onInterim(head);
            }
        }

        @Override
        public void onHead(ResponseHead head, BodySource answer, boolean ended) {
            if (running.size() > 1 && !owner.isGood(head)) {
                Result result = GrpcStatus.result(head.status(), GrpcStatus.in(head.headers()));
                leave(result);
                attempt.giveUp(result, StreamReset.local("another attempt may answer better"));
                return;
            }
            win();
            owner.onHead(head, answer, ended);
        }

        private void win() {
            if (running.size() == 1) {
                return;
            }
            attempt.endpoint().ifPresent(to -> tally.host(to.address()));
            List<Attempt> losers = new ArrayList<>(running);
            losers.remove(attempt);
            running.retainAll(List.of(attempt));
            if (!first) {
                tally.firstResult(Result.TIMEOUT);
            }
            StreamReset why = StreamReset.local("another attempt answered first");
            losers.forEach(
                    other -> other.giveUp(other.isSlow() ? Result.TIMEOUT : Result.CANCELLED, why));
        }

        @Override
        public void onFailed(AttemptFailure failure) {
            leave(failure.result());
            if (running.isEmpty()) {
                owner.onFailed(failure, attempt);
            }
        }

        private void leave(Result result) {
            running.remove(attempt);
            last = attempt;
            if (first && !running.isEmpty()) {
                tally.firstResult(result);
            }
        }

        @Override
        public boolean goesOnSlow() {
            return owner.goesOnSlow();
        }
    }
}
