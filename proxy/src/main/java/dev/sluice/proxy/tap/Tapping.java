package dev.sluice.proxy.tap;

import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.ResponseHead;
import dev.sluice.proxy.exchange.ServerStream;
import dev.sluice.proxy.snapshot.filter.TapMatch;
import dev.sluice.proxy.snapshot.filter.TapMatch.Part;
import dev.sluice.proxy.tap.TapMessage.Side;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** One exchange that a tap records. Loop-owned. */
public final class Tapping {
    private final Tap tap;
    private final Recorder recorder;
    private TapMatch match;
    private boolean over;

    /**
     * @param recorder knows the request's head already
     * @param match what is left to be decided after that
     */
    Tapping(Tap tap, Recorder recorder, TapMatch match) {
        this.tap = tap;
        this.recorder = recorder;
        this.match = match;
        decided(match);
    }

    /** The client's stream, looked at from now on. */
    public ServerStream on(ServerStream client) {
        return new TappedStream(client, this);
    }

    /**
     * Nothing more comes.
     *
     * @param upstream address of the endpoint of the last attempt
     */
    public void end(Optional<InetSocketAddress> upstream) {
        if (over) {
            return;
        }
        if (!match.equals(TapMatch.ANY)) {
            decided(TapMatching.atEnd(match));
        }
        if (!over) {
            over = true;
            recorder.end(upstream);
        }
    }

    void body(Side side, ByteBuf data) {
        if (!over) {
            recorder.body(side, data);
        }
    }

    void answer(ResponseHead head) {
        if (keeps(Part.RESPONSE_HEADERS, () -> tap.shield().response(head))) {
            came(
                    Part.RESPONSE_HEADERS,
                    name ->
                            name.equals(":status")
                                    ? Optional.of(Integer.toString(head.status()))
                                    : Optional.ofNullable(head.headers().joined(name)));
        }
    }

    void trailers(Side side, HeaderBlock fields) {
        Part part = side == Side.REQUEST ? Part.REQUEST_TRAILERS : Part.RESPONSE_TRAILERS;
        if (keeps(part, () -> tap.shield().fields(fields))) {
            came(part, name -> Optional.ofNullable(fields.joined(name)));
        }
    }

    /** Without memory for its fields an exchange is given up: half of it would mislead. */
    private boolean keeps(Part part, Supplier<List<TapField>> fields) {
        if (over) {
            return false;
        }
        if (!recorder.fields(part, fields.get())) {
            over = true;
            recorder.dropped();
            tap.lost();
        }
        return !over;
    }

    private void came(Part part, TapLookup fields) {
        if (!match.equals(TapMatch.ANY)) {
            decided(TapMatching.after(match, part, fields));
        }
    }

    private void decided(TapMatch left) {
        match = left;
        if (left.equals(TapMatch.ANY)) {
            recorder.matched();
        } else if (left.equals(TapMatch.NONE)) {
            over = true;
            recorder.dropped();
        }
    }
}
