package dev.sluice.proxy.tap;

import dev.sluice.proxy.snapshot.filter.TapMatch.Part;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a tap tells of an exchange at once. Not changed once it is given to an outlet. */
public sealed interface TapMessage {
    /** Number of the exchange, in this process. */
    long exchange();

    /**
     * All of it.
     *
     * @param downstream the client's connection, where it is recorded
     * @param upstream address of the endpoint of the last attempt, where it is recorded and known
     */
    record Whole(
            long exchange,
            Half request,
            Half response,
            Optional<Ends> downstream,
            Optional<InetSocketAddress> upstream)
            implements TapMessage {}

    /**
     * One part of it: fields.
     *
     * @param part which
     */
    record Fields(long exchange, Part part, List<TapField> fields) implements TapMessage {}

    /** One part of it: a piece of a body. */
    record Piece(long exchange, Side side, TapBody body) implements TapMessage {}

    /**
     * A request or an answer.
     *
     * @param headers with pseudo headers; empty: it never came
     * @param body absent: none came
     * @param trailers empty: none came
     * @param received when the head had come, where it is recorded
     */
    record Half(
            List<TapField> headers,
            Optional<TapBody> body,
            List<TapField> trailers,
            Optional<Instant> received) {}

    /** Whose message. */
    enum Side {
        REQUEST,
        RESPONSE
    }

    /** The two ends of a connection. */
    record Ends(InetSocketAddress local, InetSocketAddress remote) {}
}
