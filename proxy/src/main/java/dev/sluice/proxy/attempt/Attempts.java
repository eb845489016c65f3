package dev.sluice.proxy.attempt;

import dev.sluice.proxy.cluster.Loop;
import dev.sluice.proxy.exchange.BodySource;
import dev.sluice.proxy.exchange.ResponseHead;
import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.proxy.observe.ExchangeRecord.Result;
import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.proxy.outcome.GrpcStatus;
import dev.sluice.proxy.outcome.Tally;
import dev.sluice.proxy.plan.AnsweredBy;
import dev.sluice.proxy.plan.Plan;
import io.netty.util.concurrent.Future;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Attempts at one exchange until one gives a head worth passing on. What goes wrong is repeated, at
 * once or after a wait, as long as {@link Repeats} allows it and the request is there from its
 * start; where the route hedges, a slow attempt is repeated beside itself. Loop-owned.
 */
public final class Attempts implements Race.Owner {
    private final Loop loop;
    private final RequestBody body;
    private final Tally tally;
    private final Owner owner;
    private final Repeats repeats;
    private final Race race;
    private @Nullable Future<?> next;

    /** A head was passed on; nothing is repeated any more. */
    private boolean answered;

    private boolean over;

    /** Takes what comes out of the attempts. */
    public interface Owner {
        void onInterim(ResponseHead head);

        /** An attempt got a head, whether it is passed on or not. */
        void onProgress();

        /** The head to pass on, once; no other attempt is under way or follows. */
        void onAnswer(ResponseHead head, BodySource answer, boolean ended);

        /** The last attempt has failed, before a head or after it. */
        void onFailed(AttemptFailure failure);
    }

    public Attempts(
            Loop loop,
            Plan.Forward plan,
            RequestBody body,
            Tally tally,
            InstantSource clock,
            Owner owner) {
        this.loop = loop;
        this.body = body;
        this.tally = tally;
        this.owner = owner;
        repeats = new Repeats(plan, loop.random(), clock);
        race = new Race(loop, plan.delivery().limits(), body, tally, this);
    }

    /** The next attempt. */
    public void start() {
        if (over) {
            return;
        }
        next = null;
        race.start(repeats.target());
    }

    /** Whose answer the present attempt would be. */
    public AnsweredBy answeredBy() {
        return repeats.answeredBy();
    }

    /** The whole request has come. */
    public void requestEnded() {
        race.requestEnded();
    }

    /** Something of the exchange moved. */
    public void progress(long now) {
        race.progress(now);
    }

    /** The answer is complete. */
    public void complete(Result result) {
        race.complete(result);
    }

    /** Gives up what is under way or planned; the owner is not called for it. */
    public void giveUp(Result result, StreamReset reset) {
        cancelNext();
        race.giveUp(result, reset);
    }

    /** No further attempt will be made. */
    public void close() {
        over = true;
        repeats.release();
    }

    @Override
    public void onInterim(ResponseHead head) {
        owner.onInterim(head);
    }

    @Override
    public void onHead(ResponseHead head, BodySource answer, boolean ended) {
        owner.onProgress();
        Repeats.Next after = body.isReplayable() ? repeats.after(head) : new Repeats.Next.Stop();
        switch (after) {
            case Repeats.Next.Again again -> {
                Result result = GrpcStatus.result(head.status(), GrpcStatus.in(head.headers()));
                tally.firstResult(result);
                giveUp(
                        result,
                        StreamReset.local("the answer is not used; the request is repeated"));
                tryAgain(again);
            }
            case Repeats.Next.Stop() -> answered(head, answer, ended);
            case Repeats.Next.Exhausted(String limit) -> {
                exhausted(limit);
                answered(head, answer, ended);
            }
        }
    }

    private void answered(ResponseHead head, BodySource answer, boolean ended) {
        answered = true;
        cancelNext();
        repeats.release();
        body.stopKeeping();
        owner.onAnswer(head, answer, ended);
    }

    @Override
    public void onFailed(AttemptFailure failure, Attempt failed) {
        if (over) {
            return;
        }
        if (answered) {
            owner.onFailed(failure);
            return;
        }
        if (next != null) {
            tally.firstResult(failure.result());
            return;
        }
        Repeats.Next after =
                body.isReplayable() ? repeats.after(failure, failed) : new Repeats.Next.Stop();
        switch (after) {
            case Repeats.Next.Again again -> {
                if (again.counts() == Repeats.Counts.YES) {
                    tally.firstResult(failure.result());
                }
                tryAgain(again);
            }
            case Repeats.Next.Stop() -> owner.onFailed(failure);
            case Repeats.Next.Exhausted(String limit) -> {
                exhausted(limit);
                owner.onFailed(failure);
            }
        }
    }

    @Override
    public boolean isGood(ResponseHead head) {
        return !repeats.wouldRepeat(head);
    }

    /** A request is repeated beside the slow attempt only if it is there whole. */
    @Override
    public boolean goesOnSlow() {
        if (!repeats.hedges() || !body.isEnded() || !body.isReplayable()) {
            return false;
        }
        if (next == null) {
            switch (repeats.beside()) {
                case Repeats.Next.Again again -> {
                    tally.hedged();
                    tryAgain(again);
                }
                case Repeats.Next.Stop() -> {}
                case Repeats.Next.Exhausted(String limit) -> exhausted(limit);
            }
        }
        return true;
    }

    private void exhausted(String limit) {
        tally.flag(ResponseFlag.UPSTREAM_RETRY_LIMIT_EXCEEDED, limit);
    }

    private void tryAgain(Repeats.Next.Again again) {
        race.lastEndpoint().ifPresent(repeats::tried);
        long delay = again.delay().toNanos();
        next = loop.executor().schedule(this::start, delay, TimeUnit.NANOSECONDS);
    }

    private void cancelNext() {
        if (next != null) {
            next.cancel(/* mayInterruptIfRunning= */ false);
            next = null;
        }
    }
}
