package dev.sluice.proxy.dispatch;

import dev.sluice.proxy.cluster.Loop;
import dev.sluice.proxy.exchange.BodySink;
import dev.sluice.proxy.exchange.BodySource;
import dev.sluice.proxy.exchange.HeaderNames;
import dev.sluice.proxy.exchange.ResponseHead;
import dev.sluice.proxy.exchange.ServerStream;
import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.proxy.mirror.MirrorTee;
import dev.sluice.proxy.observe.ExchangeRecord.Result;
import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.proxy.pool.Budget;
import io.netty.util.concurrent.Future;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One exchange that goes to an upstream: attempts until one gives a head worth passing on, then the
 * answer as a stream. Everything that can happen to it arrives here, each as one method.
 * Loop-owned.
 *
 * <h2>Ends</h2>
 *
 * An exchange ends once: when the client's codec says that both halves are complete, when the
 * client has gone, or when this proxy breaks the answer off. Before the head was committed a
 * failure becomes a refusal, after it a reset, since an answer half sent can't be taken back. An
 * answer that needs no more of the request ends it first: that the connection then closes under the
 * rest of the request is not the client's doing. The two halves of a tunnel end each by itself.
 */
final class Forwarding
        implements Race.Owner, RequestBody.Listener, ResponseRelay.Listener, Deadlines.Expiries {
    private static final int CONTINUE = 100;

    private final Loop loop;
    private final ServerStream client;
    private final Plan.Forward plan;
    private final Tally tally;
    private final ProxyStatus status;
    private final Consumer<Outcome> done;
    private final RequestBody body;
    private final Deadlines deadlines;
    private final Repeats repeats;
    private final WithdrawalWatch withdrawal;
    private final Budget requests;
    private boolean counted;
    private boolean over;

    /** The answer is being broken off here, which takes the request along. */
    private boolean broken;

    private boolean tunnel;

    /** The upstream's half of a tunnel is over, the client's goes on. */
    private boolean answerEnded;

    private final Race race;
    private @Nullable Future<?> nextAttempt;
    private @Nullable ResponseRelay relay;
    private @Nullable BodySink answer;

    Forwarding(
            Loop loop,
            ServerStream client,
            Plan.Forward plan,
            Tally tally,
            ProxyStatus status,
            InstantSource clock,
            Consumer<Outcome> done) {
        this.loop = loop;
        this.client = client;
        this.plan = plan;
        this.tally = tally;
        this.status = status;
        this.done = done;
        body = new RequestBody(client, tally, this);
        deadlines = new Deadlines(loop.timers(), plan.delivery().limits(), this);
        repeats = new Repeats(plan, loop.random(), clock);
        race = new Race(loop, plan.delivery().limits(), body, tally, this);
        withdrawal =
                new WithdrawalWatch(loop.timers(), plan.delivery().withdrawal(), this::takenBack);
        requests = plan.target().cluster().cluster().budgets().requests();
    }

    /**
     * @param mirroring starts the copies of the request, once it is sure to be sent
     */
    void start(Supplier<MirrorTee> mirroring) {
        client.onClientGone(this::clientGone);
        client.onComplete(this::finish);
        Optional<String> dropped = plan.target().cluster().dropped();
        if (dropped.isPresent()) {
            refuse(Refusal.DROPPED, "load of category '%s' is shed".formatted(dropped.get()));
            return;
        }
        counted = requests.tryTake();
        if (!counted) {
            refuse(
                    Refusal.OVERFLOW,
                    "requests under way reached the cluster's limit of " + requests.limit());
            return;
        }
        deadlines.start(tally.start(), tally.ready());
        withdrawal.start(tally.ready());
        body.start(mirroring.get());
        if (body.awaitsAnswer()) {
            deadlines.requestEnded(tally.ready());
        }
        tryTarget();
    }

    @Override
    public void onRequestProgress() {
        progress();
    }

    @Override
    public void onRequestEnd() {
        deadlines.requestEnded(loop.timers().now());
        race.requestEnded();
        if (answerEnded) {
            completeAttempt();
        }
    }

    @Override
    public void onRequestReset(StreamReset reset) {
        if (!broken) {
            clientGone(reset);
            client.reset(reset);
        }
    }

    @Override
    public void onInterim(ResponseHead head) {
        progress();
        if (head.status() != CONTINUE || isExpected()) {
            client.interim(head);
        }
    }

    /** Whether the upstream was asked whether the body may come. */
    private boolean isExpected() {
        return plan.target().head().headers().contains(HeaderNames.EXPECT);
    }

    @Override
    public void onHead(ResponseHead head, BodySource source, boolean ended) {
        progress();
        Repeats.Next next = body.isReplayable() ? repeats.after(head) : new Repeats.Next.Stop();
        switch (next) {
            case Repeats.Next.Again again -> {
                Result result = GrpcStatus.result(head.status(), GrpcStatus.in(head.headers()));
                tally.firstResult(result);
                giveUpAttempt(result, local("the answer is not used; the request is repeated"));
                tryAgain(again);
            }
            case Repeats.Next.Stop() -> commit(head, source, ended);
            case Repeats.Next.Exhausted(String limit) -> {
                tally.flag(ResponseFlag.UPSTREAM_RETRY_LIMIT_EXCEEDED, limit);
                commit(head, source, ended);
            }
        }
    }

    @Override
    public void onFailed(AttemptFailure failure, Attempt failed) {
        if (over) {
            return;
        }
        if (answerEnded) {
            endEarly(local("the upstream takes no more: " + failure.detail()));
            return;
        }
        if (answer != null) {
            breakOff(
                    failure.refusal(), failure.detail(), failure.result(), local(failure.detail()));
            return;
        }
        if (nextAttempt != null) {
            tally.firstResult(failure.result());
            return;
        }
        Repeats.Next next =
                body.isReplayable() ? repeats.after(failure, failed) : new Repeats.Next.Stop();
        switch (next) {
            case Repeats.Next.Again again -> {
                if (again.counts() == Repeats.Counts.YES) {
                    tally.firstResult(failure.result());
                }
                tryAgain(again);
            }
            case Repeats.Next.Stop() -> refuse(failure);
            case Repeats.Next.Exhausted(String limit) -> {
                tally.flag(ResponseFlag.UPSTREAM_RETRY_LIMIT_EXCEEDED, limit);
                refuse(failure);
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
        if (nextAttempt == null) {
            switch (repeats.beside()) {
                case Repeats.Next.Again again -> {
                    tally.hedged();
                    tryAgain(again);
                }
                case Repeats.Next.Stop() -> {}
                case Repeats.Next.Exhausted(String limit) ->
                        tally.flag(ResponseFlag.UPSTREAM_RETRY_LIMIT_EXCEEDED, limit);
            }
        }
        return true;
    }

    @Override
    public void onAnswerProgress() {
        progress();
    }

    @Override
    public void onAnswerEnd() {
        tally.firstResult(result());
        if (body.isEnded()) {
            completeAttempt();
        } else if (tunnel) {
            answerEnded = true;
        } else {
            endEarly(local("the answer is complete; the rest of the request is not needed"));
        }
    }

    private void completeAttempt() {
        deadlines.stop();
        race.complete(result());
    }

    /** The answer is complete, and nobody takes the rest of the request. */
    private void endEarly(StreamReset why) {
        deadlines.stop();
        giveUpAttempt(result(), why);
        finish();
        body.close(why);
    }

    private Result result() {
        return GrpcStatus.result(tally.status(), tally.grpcStatus());
    }

    @Override
    public void onAnswerReset(StreamReset reset) {
        Refusal refusal = Refusal.of(reset.cause());
        breakOff(refusal, "the answer broke off: " + reset.detail(), Result.RESET, reset);
    }

    private void tryTarget() {
        if (over) {
            return;
        }
        nextAttempt = null;
        race.start(repeats.target());
    }

    private void tryAgain(Repeats.Next.Again again) {
        race.lastEndpoint().ifPresent(repeats::tried);
        long delay = again.delay().toNanos();
        nextAttempt = loop.executor().schedule(this::tryTarget, delay, TimeUnit.NANOSECONDS);
    }

    private void progress() {
        long now = deadlines.progress();
        race.progress(now);
    }

    private void commit(ResponseHead head, BodySource source, boolean ended) {
        cancelNext();
        repeats.release();
        body.stopKeeping();
        tally.grpcStatus(head.headers());
        long millis = TimeUnit.NANOSECONDS.toMillis(tally.upstreamTime());
        head.headers().set(HeaderNames.X_ENVOY_UPSTREAM_SERVICE_TIME, Long.toString(millis));
        ResponseHead edited = plan.edit().apply(head, repeats.answeredBy());
        tally.answered(edited.status(), repeats.answeredBy());
        BodySink to = client.respond(edited, ended);
        answer = to;
        if (ended) {
            onAnswerEnd();
            return;
        }
        relay = new ResponseRelay(source, to, tally, this);
        if (head.isTunnel()) {
            tunnel = true;
            tally.firstResult(Result.SUCCESS);
            deadlines.tunnelled();
            body.release();
        }
        relay.start();
    }

    private void refuse(AttemptFailure failure) {
        tally.firstResult(failure.result());
        refuse(failure.refusal(), failure.detail());
    }

    private void refuse(Refusal refusal, String detail) {
        StreamReset reset = local(detail);
        deadlines.stop();
        repeats.release();
        boolean unread = !body.isEnded();
        new LocalAnswer(client, plan.edit(), tally, status).refuse(refusal, detail);
        if (unread) {
            finish();
        }
        body.close(reset);
    }

    @Override
    public void timedOut() {
        expired(
                Refusal.UPSTREAM_TIMEOUT,
                Result.TIMEOUT,
                "no complete answer within " + plan.delivery().limits().answer());
    }

    @Override
    public void stoodStill() {
        expired(
                body.isEnded() ? Refusal.ANSWER_IDLE : Refusal.REQUEST_IDLE,
                body.isEnded() ? Result.TIMEOUT : Result.CANCELLED,
                "no progress within " + plan.delivery().limits().idle());
    }

    @Override
    public void tookTooLong() {
        expired(
                body.isEnded() ? Refusal.STREAM_TOO_LONG : Refusal.REQUEST_TOO_LONG,
                body.isEnded() ? Result.TIMEOUT : Result.CANCELLED,
                "the stream did not end within " + plan.delivery().limits().stream());
    }

    /** An answer of the fallback is not the killed arm's. */
    private void takenBack() {
        if (repeats.answeredBy() == AnsweredBy.TARGET) {
            expired(
                    Refusal.TAKEN_BACK,
                    Result.CANCELLED,
                    "the gate was killed, and the stream did not end within its drain time");
        }
    }

    private void expired(Refusal refusal, Result result, String detail) {
        if (answer != null) {
            breakOff(refusal, detail, result, local(detail));
            return;
        }
        giveUpAttempt(result, local(detail));
        tally.firstResult(result);
        refuse(refusal, detail);
    }

    private void breakOff(Refusal refusal, String detail, Result result, StreamReset reset) {
        broken = true;
        tally.refused(refusal, detail);
        tally.firstResult(result);
        giveUpAttempt(result, reset);
        if (relay != null) {
            relay.stop();
        }
        if (answer != null) {
            answer.reset(reset);
        }
        body.close(reset);
        finish();
    }

    private void clientGone(StreamReset reset) {
        if (over) {
            return;
        }
        tally.flag(
                reset.cause() == StreamReset.Cause.PROTOCOL_ERROR
                        ? ResponseFlag.DOWNSTREAM_PROTOCOL_ERROR
                        : ResponseFlag.DOWNSTREAM_CONNECTION_TERMINATION,
                "the client went away: " + reset.detail());
        tally.firstResult(Result.CANCELLED);
        giveUpAttempt(Result.CANCELLED, reset);
        if (relay != null) {
            relay.stop();
        }
        body.close(reset);
        finish();
    }

    private void giveUpAttempt(Result result, StreamReset reset) {
        cancelNext();
        race.giveUp(result, reset);
    }

    private void cancelNext() {
        if (nextAttempt != null) {
            nextAttempt.cancel(/* mayInterruptIfRunning= */ false);
            nextAttempt = null;
        }
    }

    private void finish() {
        if (over) {
            return;
        }
        over = true;
        deadlines.stop();
        withdrawal.stop();
        repeats.release();
        if (counted) {
            requests.giveBack();
        }
        done.accept(tally.outcome());
    }

    static StreamReset local(String detail) {
        return new StreamReset(StreamReset.Cause.LOCAL, /* unprocessed= */ false, detail);
    }
}
