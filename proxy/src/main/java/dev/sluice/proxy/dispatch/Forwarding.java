package dev.sluice.proxy.dispatch;

import dev.sluice.proxy.attempt.AttemptFailure;
import dev.sluice.proxy.attempt.Attempts;
import dev.sluice.proxy.attempt.RequestBody;
import dev.sluice.proxy.cluster.Loop;
import dev.sluice.proxy.exchange.BodySource;
import dev.sluice.proxy.exchange.HeaderNames;
import dev.sluice.proxy.exchange.ResponseHead;
import dev.sluice.proxy.exchange.ServerStream;
import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.proxy.mirror.MirrorTee;
import dev.sluice.proxy.observe.ExchangeRecord.Result;
import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.proxy.outcome.GrpcStatus;
import dev.sluice.proxy.outcome.Outcome;
import dev.sluice.proxy.outcome.Tally;
import dev.sluice.proxy.plan.AnsweredBy;
import dev.sluice.proxy.plan.Plan;
import dev.sluice.proxy.plan.ProxyStatus;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

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
        implements Attempts.Owner,
                RequestBody.Listener,
                ResponseRelay.Listener,
                Deadlines.Expiries {
    private static final int CONTINUE = 100;

    private final Loop loop;
    private final ServerStream client;
    private final Plan.Forward plan;
    private final Tally tally;
    private final ProxyStatus status;
    private final Consumer<Outcome> done;
    private final RequestBody body;
    private final Deadlines deadlines;
    private final Attempts attempts;
    private final WithdrawalWatch withdrawal;
    private final Admission admission;
    private final UpstreamAnswer answer;
    private boolean over;

    /** The answer is being broken off here, which takes the request along. */
    private boolean broken;

    private boolean tunnel;

    /** The upstream's half of a tunnel is over, the client's goes on. */
    private boolean answerEnded;

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
        attempts = new Attempts(loop, plan, body, tally, clock, this);
        withdrawal =
                new WithdrawalWatch(loop.timers(), plan.delivery().withdrawal(), this::takenBack);
        admission = new Admission(plan.target().cluster());
        answer = new UpstreamAnswer(client, plan.edit(), tally, this);
    }

    /**
     * @param mirroring starts the copies of the request, once it is sure to be sent
     */
    void start(Supplier<MirrorTee> mirroring) {
        client.onClientGone(this::clientGone);
        client.onComplete(this::finish);
        Optional<EndCause> full = admission.take();
        if (full.isPresent()) {
            refuse(full.get());
            return;
        }
        deadlines.start(tally.start(), tally.ready());
        withdrawal.start(tally.ready());
        body.start(mirroring.get());
        if (body.awaitsAnswer()) {
            deadlines.requestEnded(tally.ready());
        }
        attempts.start();
    }

    @Override
    public void onRequestProgress() {
        progress();
    }

    @Override
    public void onRequestEnd() {
        deadlines.requestEnded(loop.timers().now());
        attempts.requestEnded();
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
    public void onProgress() {
        progress();
    }

    @Override
    public void onAnswer(ResponseHead head, BodySource source, boolean ended) {
        answer.begin(head, attempts.answeredBy(), source, ended);
        if (ended) {
            onAnswerEnd();
            return;
        }
        if (head.isTunnel()) {
            tunnel = true;
            tally.firstResult(Result.SUCCESS);
            deadlines.tunnelled();
            body.release();
        }
        answer.start();
    }

    @Override
    public void onFailed(AttemptFailure failure) {
        EndCause cause = EndCause.of(failure);
        if (answerEnded) {
            endEarly(StreamReset.local("the upstream takes no more: " + failure.detail()));
        } else if (answer.isBegun()) {
            breakOff(cause, cause.reset());
        } else {
            refuse(cause);
        }
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
            endEarly(
                    StreamReset.local(
                            "the answer is complete; the rest of the request is not needed"));
        }
    }

    private void completeAttempt() {
        deadlines.stop();
        attempts.complete(result());
    }

    /** The answer is complete, and nobody takes the rest of the request. */
    private void endEarly(StreamReset why) {
        deadlines.stop();
        attempts.giveUp(result(), why);
        finish();
        body.close(why);
    }

    private Result result() {
        return GrpcStatus.result(tally.status(), tally.grpcStatus());
    }

    @Override
    public void onAnswerReset(StreamReset reset) {
        breakOff(EndCause.brokenOff(reset), reset);
    }

    private void progress() {
        attempts.progress(deadlines.progress());
    }

    private void refuse(EndCause cause) {
        tally.firstResult(cause.result());
        deadlines.stop();
        withdrawal.stop();
        attempts.close();
        boolean unread = !body.isEnded();
        new LocalAnswer(client, plan.edit(), tally, status).refuse(cause.refusal(), cause.detail());
        if (unread) {
            finish();
        }
        body.close(cause.reset());
    }

    @Override
    public void timedOut() {
        end(EndCause.timedOut(plan.delivery().limits()));
    }

    @Override
    public void stoodStill() {
        end(EndCause.stoodStill(plan.delivery().limits(), body.isEnded()));
    }

    @Override
    public void tookTooLong() {
        end(EndCause.tookTooLong(plan.delivery().limits(), body.isEnded()));
    }

    /** An answer of the fallback is not the killed arm's. */
    private void takenBack() {
        if (attempts.answeredBy() == AnsweredBy.TARGET) {
            end(EndCause.takenBack());
        }
    }

    private void end(EndCause cause) {
        if (answer.isBegun()) {
            breakOff(cause, cause.reset());
            return;
        }
        attempts.giveUp(cause.result(), cause.reset());
        refuse(cause);
    }

    private void breakOff(EndCause cause, StreamReset reset) {
        broken = true;
        tally.refused(cause.refusal(), cause.detail());
        tally.firstResult(cause.result());
        attempts.giveUp(cause.result(), reset);
        answer.breakOff(reset);
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
        attempts.giveUp(Result.CANCELLED, reset);
        answer.stop();
        body.close(reset);
        finish();
    }

    private void finish() {
        if (over) {
            return;
        }
        over = true;
        deadlines.stop();
        withdrawal.stop();
        attempts.close();
        admission.end();
        done.accept(tally.outcome());
    }
}
