package dev.sluice.proxy.exchange;

import java.util.function.Consumer;

/**
 * A client's stream around another: everything goes to the one inside but what an implementation
 * says of its own. Loop-owned, as the one inside.
 */
public interface WrappedStream extends ServerStream {
    /** The one inside. */
    ServerStream client();

    @Override
    default Peer peer() {
        return client().peer();
    }

    @Override
    default RequestHead request() {
        return client().request();
    }

    @Override
    default boolean requestEnded() {
        return client().requestEnded();
    }

    @Override
    default BodySource requestBody() {
        return client().requestBody();
    }

    @Override
    default void interim(ResponseHead head) {
        client().interim(head);
    }

    @Override
    default BodySink respond(ResponseHead head, boolean ended) {
        return client().respond(head, ended);
    }

    @Override
    default void reset(StreamReset reset) {
        client().reset(reset);
    }

    @Override
    default void onClientGone(Consumer<StreamReset> callback) {
        client().onClientGone(callback);
    }

    @Override
    default void drainConnection() {
        client().drainConnection();
    }

    @Override
    default void onComplete(Runnable callback) {
        client().onComplete(callback);
    }
}
