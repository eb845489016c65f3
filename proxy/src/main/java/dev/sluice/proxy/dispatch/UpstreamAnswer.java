package dev.sluice.proxy.dispatch;

import dev.sluice.proxy.exchange.BodySink;
import dev.sluice.proxy.exchange.BodySource;
import dev.sluice.proxy.exchange.HeaderNames;
import dev.sluice.proxy.exchange.ResponseHead;
import dev.sluice.proxy.exchange.ServerStream;
import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.proxy.outcome.Tally;
import dev.sluice.proxy.plan.AnsweredBy;
import dev.sluice.proxy.plan.ResponseEdit;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The upstream's answer on its way to the client, its head edited. Once the head is out it can't be
 * taken back, only broken off. Loop-owned.
 */
final class UpstreamAnswer {
    private final ServerStream client;
    private final ResponseEdit edit;
    private final Tally tally;
    private final ResponseRelay.Listener listener;
    private @Nullable BodySink sink;
    private @Nullable ResponseRelay relay;

    UpstreamAnswer(
            ServerStream client, ResponseEdit edit, Tally tally, ResponseRelay.Listener listener) {
        this.client = client;
        this.edit = edit;
        this.tally = tally;
        this.listener = listener;
    }

    /** Whether the client has the head. */
    boolean isBegun() {
        return sink != null;
    }

    /**
     * Sends the head. Once.
     *
     * @param by whose it is
     * @param body follows after {@link #start}
     * @param ended no body follows
     */
    void begin(ResponseHead head, AnsweredBy by, BodySource body, boolean ended) {
        tally.grpcStatus(head.headers());
        long millis = TimeUnit.NANOSECONDS.toMillis(tally.upstreamTime());
        head.headers().set(HeaderNames.X_ENVOY_UPSTREAM_SERVICE_TIME, Long.toString(millis));
        ResponseHead edited = edit.apply(head, by, tally);
        tally.answered(edited.status(), by);
        BodySink to = client.respond(edited, ended);
        sink = to;
        if (!ended) {
            relay = new ResponseRelay(body, to, tally, listener);
        }
    }

    /** Begins to pass the body on, where one follows. */
    void start() {
        if (relay != null) {
            relay.start();
        }
    }

    /** Lets go: what still comes is dropped. */
    void stop() {
        if (relay != null) {
            relay.stop();
        }
    }

    /** Ends the answer before its end. */
    void breakOff(StreamReset reset) {
        stop();
        if (sink != null) {
            sink.reset(reset);
        }
    }
}
