package dev.sluice.proxy.tap;

import dev.sluice.proxy.snapshot.filter.TapMatch.Part;
import dev.sluice.proxy.tap.TapMessage.Side;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells of an exchange part by part. While it is not known whether it matches, parts wait, and of a
 * body no more than what one piece may have. Loop-owned.
 */
final class SegmentRecorder implements Recorder {
    private final Tap tap;
    private final long exchange;
    private final List<TapMessage> waiting = new ArrayList<>();
    private final Map<Side, TapBody> bodies = new EnumMap<>(Side.class);
    private long held;
    private boolean started;

    SegmentRecorder(Tap tap, long exchange) {
        this.tap = tap;
        this.exchange = exchange;
    }

    @Override
    public boolean fields(Part part, List<TapField> fields) {
        long bytes = TapMemory.of(fields);
        if (!tap.memory().take(bytes)) {
            return false;
        }
        TapMessage message = new TapMessage.Fields(exchange, part, fields);
        if (started) {
            tap.submit(message, bytes);
        } else {
            held += bytes;
            waiting.add(message);
        }
        return true;
    }

    @Override
    public void body(Side side, ByteBuf data) {
        if (!data.isReadable()) {
            return;
        }
        if (started) {
            TapBody piece = new TapBody(tap.mostBytes(side));
            int bytes = piece.add(data, tap.memory());
            tap.submit(new TapMessage.Piece(exchange, side, piece), bytes);
            return;
        }
        TapBody body = bodies.get(side);
        if (body == null) {
            body = new TapBody(tap.mostBytes(side));
            bodies.put(side, body);
            waiting.add(new TapMessage.Piece(exchange, side, body));
        }
        held += body.add(data, tap.memory());
    }

    /** What has waited is one load: its memory comes back with the last of it. */
    @Override
    public void matched() {
        started = true;
        for (int i = 0; i < waiting.size(); i++) {
            tap.submit(waiting.get(i), i == waiting.size() - 1 ? held : 0);
        }
        waiting.clear();
        bodies.clear();
        held = 0;
    }

    @Override
    public void dropped() {
        tap.memory().give(held);
        waiting.clear();
        bodies.clear();
        held = 0;
    }

    @Override
    public void end(Optional<InetSocketAddress> upstream) {}
}
