package dev.sluice.proxy.attempt;

import dev.sluice.proxy.cluster.Loop;
import dev.sluice.proxy.endpoint.Endpoint;
import dev.sluice.proxy.exchange.BodySource;
import dev.sluice.proxy.exchange.ClientConnection;
import dev.sluice.proxy.exchange.ClientStream;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.HeaderNames;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.exchange.ResponseHead;
import dev.sluice.proxy.exchange.ResponseReceiver;
import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.proxy.observe.ExchangeRecord.Result;
import dev.sluice.proxy.outcome.AttemptSpan;
import dev.sluice.proxy.outcome.GrpcStatus;
import dev.sluice.proxy.outcome.Tally;
import dev.sluice.proxy.plan.Plan;
import dev.sluice.proxy.plan.Refusal;
import dev.sluice.proxy.plan.TimeLimits;
import dev.sluice.proxy.pool.EndpointPool;
import dev.sluice.proxy.pool.Ticket;
import dev.sluice.proxy.pool.Waiter;
import dev.sluice.proxy.snapshot.route.RouteActionSpec.Numbering;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One try at an upstream: load balancer, pool, exchange. It ends with a final head or with a
 * failure; after a head it stays until the answer is complete or it is given up. Loop-owned.
 */
final class Attempt implements Waiter, ResponseReceiver {
    private static final int NO_GRPC = -1;

    private final Loop loop;
    private final Plan.Target target;
    private final RequestBody body;
    private final Tally tally;
    private final Owner owner;
    private final TimeLimits limits;
    private final AttemptClock clock;
    private @Nullable Endpoint endpoint;
    private @Nullable ClientStream stream;
    private AttemptSpan span = AttemptSpan.NONE;
    private Ticket ticket = Ticket.SERVED;
    private Lease lease = Lease.FRESH;
    private long began;
    private boolean held;
    private boolean answered;
    private boolean slow;
    private boolean over;

    /** Takes what an attempt gets. */
    interface Owner {
        void onInterim(ResponseHead head);

        void onHead(ResponseHead head, BodySource answer, boolean ended);

        /** Nothing more will come; the attempt is over. */
        void onFailed(AttemptFailure failure);

        /** No head came within the time of one attempt; answers whether it goes on all the same. */
        boolean goesOnSlow();
    }

    Attempt(
            Loop loop,
            Plan.Target target,
            TimeLimits limits,
            RequestBody body,
            Tally tally,
            Owner owner) {
        this.loop = loop;
        this.limits = limits;
        clock =
                new AttemptClock(
                        loop.timers(),
                        limits,
                        target.cluster().cluster().spec().upstream().streamLimit(),
                        this::expired);
        this.target = target;
        this.body = body;
        this.tally = tally;
        this.owner = owner;
    }

    void start() {
        span = tally.attempt(target.cluster().cluster().name());
        Optional<Endpoint> chosen = target.cluster().choose(target.pick());
        if (chosen.isEmpty()) {
            over = true;
            AttemptFailure none = AttemptFailure.noEndpoint(target.cluster().cluster());
            span.failed(none.refusal().code());
            span.end(NO_GRPC);
            owner.onFailed(none);
            return;
        }
        Endpoint to = chosen.get();
        endpoint = to;
        began = loop.executor().ticker().nanoTime();
        to.load().begin();
        tally.host(to.address());
        span.host(to.address());
        EndpointPool pool = target.cluster().pool(to, target.use());
        ticket = target.faults().acquire(pool, this, loop.executor(), tally);
    }

    /** The whole request has come. */
    void requestEnded() {
        if (!over && (held || stream != null)) {
            clock.awaitsAnswer();
        }
    }

    /** Something of the exchange moved. */
    void progress(long now) {
        clock.progress(now);
    }

    /** Whether the connection had been idle, so that its peer may have closed it meanwhile. */
    boolean wasOnReusedConnection() {
        return lease == Lease.REUSED;
    }

    /** Whether its head did not come within the time of one attempt. */
    boolean isSlow() {
        return slow;
    }

    /** Where it went; empty when there was no endpoint. */
    Optional<Endpoint> endpoint() {
        return Optional.ofNullable(endpoint);
    }

    /** The answer is complete. */
    void complete(Result result) {
        boolean failed =
                switch (result) {
                    case SERVER_ERROR, RESET, TIMEOUT -> true;
                    case SUCCESS, CLIENT_ERROR, CANCELLED -> false;
                };
        span.end(answered ? tally.grpcStatus() : NO_GRPC);
        end(failed);
    }

    /** Gives up whatever is under way; the owner is not called any more. */
    void giveUp(Result result, StreamReset reset) {
        if (over) {
            return;
        }
        switch (result) {
            case RESET, TIMEOUT, CANCELLED -> span.failed(result.name().toLowerCase(Locale.ROOT));
            case SUCCESS, CLIENT_ERROR, SERVER_ERROR -> {}
        }
        complete(result);
        ticket.giveUp();
        if (stream != null) {
            stream.cancel(reset);
        }
    }

    @Override
    public void onHeld() {
        held = true;
        if (body.awaitsAnswer()) {
            requestEnded();
        }
    }

    @Override
    public void onReady(ClientConnection connection, Lease of) {
        if (over) {
            return;
        }
        lease = of;
        tally.source(connection.local());
        if (target.head().upgrade() != null && !connection.canUpgrade(target.head())) {
            fail(AttemptFailure.noUpgrade(target.head().upgrade()));
            return;
        }
        clock.connected();
        ClientStream opened = connection.open(head(), body.isNone(), this);
        stream = opened;
        if (!over) {
            body.attach(opened.requestBody());
        }
        if (body.awaitsAnswer()) {
            requestEnded();
        }
    }

    @Override
    public void onInterim(ResponseHead head) {
        if (!over) {
            owner.onInterim(head);
        }
    }

    @Override
    public void onHead(ResponseHead head, BodySource answer, boolean ended) {
        if (over) {
            return;
        }
        answered = true;
        clock.answered();
        span.answered(head.status(), GrpcStatus.in(head.headers()));
        tally.upstreamHead();
        if (endpoint != null) {
            target.cluster().answered(endpoint, took(), GrpcStatus.httpStatus(head));
        }
        owner.onHead(head, answer, ended);
    }

    @Override
    public void onFailed(StreamReset reset) {
        if (over) {
            return;
        }
        if (answered) {
            AttemptFailure broken = AttemptFailure.of(reset);
            span.failed(broken.refusal().code());
            end(/* failed= */ false);
            owner.onFailed(broken);
            return;
        }
        if (reset.cause() == StreamReset.Cause.CONNECT_FAILED && endpoint != null) {
            endpoint.load().connectFailed();
        }
        fail(AttemptFailure.of(reset));
    }

    private void expired(AttemptClock.Expiry what) {
        if (over) {
            return;
        }
        if (what == AttemptClock.Expiry.HEAD && owner.goesOnSlow()) {
            slow = true;
            if (endpoint != null) {
                target.cluster().timedOut(endpoint, took());
            }
            return;
        }
        AttemptFailure failure = AttemptFailure.late(what, body.isEnded());
        span.failed(failure.refusal().code());
        if (endpoint != null) {
            target.cluster().timedOut(endpoint, took());
        }
        giveUp(Result.TIMEOUT, StreamReset.local(failure.detail()));
        owner.onFailed(failure);
    }

    private long took() {
        return loop.executor().ticker().nanoTime() - began;
    }

    private void fail(AttemptFailure failure) {
        if (endpoint != null && !slow && failure.refusal() != Refusal.OVERFLOW) {
            target.cluster().failed(endpoint, took());
        }
        span.failed(failure.refusal().code());
        end(/* failed= */ true);
        owner.onFailed(failure);
    }

    private void end(boolean failed) {
        if (over) {
            return;
        }
        over = true;
        span.end(NO_GRPC);
        clock.stop();
        body.detach();
        if (endpoint != null) {
            if (failed) {
                endpoint.load().fail();
            } else {
                endpoint.load().succeed();
            }
        }
    }

    private RequestHead head() {
        RequestHead head = target.head();
        CharSequence authority =
                switch (target.authority()) {
                    case OF_HEAD -> head.authority();
                    case OF_ENDPOINT ->
                            endpoint == null || !endpoint.isNamed()
                                    ? head.authority()
                                    : endpoint.host();
                };
        HeaderBlock headers = head.headers().copy();
        if (tally.attempts() > 1) {
            limits.tell(headers, tally.sinceRequestMillis());
        }
        if (target.numbering() == Numbering.TOLD) {
            headers.set(HeaderNames.X_ENVOY_ATTEMPT_COUNT, Integer.toString(tally.attempts()));
        }
        span.mark(headers);
        return new RequestHead(
                head.method(), head.scheme(), authority, head.path(), headers, head.upgrade());
    }
}
