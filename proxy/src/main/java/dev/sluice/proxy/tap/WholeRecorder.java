package dev.sluice.proxy.tap;

import dev.sluice.proxy.exchange.Peer;
import dev.sluice.proxy.snapshot.filter.TapFilterSpec.Facts;
import dev.sluice.proxy.snapshot.filter.TapMatch.Part;
import dev.sluice.proxy.tap.TapMessage.Half;
import dev.sluice.proxy.tap.TapMessage.Side;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tells of an exchange at its end, all at once. Loop-owned. */
final class WholeRecorder implements Recorder {
    private final Tap tap;
    private final long exchange;
    private final Peer client;
    private final Facts facts;
    private final InstantSource clock;
    private final Map<Part, List<TapField>> fields = new EnumMap<>(Part.class);
    private final Map<Part, Instant> times = new EnumMap<>(Part.class);
    private final Map<Side, TapBody> bodies = new EnumMap<>(Side.class);
    private long held;

    WholeRecorder(Tap tap, long exchange, Peer client, Facts facts, InstantSource clock) {
        this.tap = tap;
        this.exchange = exchange;
        this.client = client;
        this.facts = facts;
        this.clock = clock;
    }

    @Override
    public boolean fields(Part part, List<TapField> those) {
        long bytes = TapMemory.of(those);
        if (!tap.memory().take(bytes)) {
            return false;
        }
        held += bytes;
        fields.put(part, those);
        if (facts.times()) {
            times.put(part, clock.instant());
        }
        return true;
    }

    @Override
    public void body(Side side, ByteBuf data) {
        if (data.isReadable()) {
            held +=
                    bodies.computeIfAbsent(side, key -> new TapBody(tap.mostBytes(key)))
                            .add(data, tap.memory());
        }
    }

    @Override
    public void matched() {}

    @Override
    public void dropped() {
        tap.memory().give(held);
        held = 0;
    }

    @Override
    public void end(Optional<InetSocketAddress> upstream) {
        tap.submit(
                new TapMessage.Whole(
                        exchange,
                        half(Part.REQUEST_HEADERS, Side.REQUEST, Part.REQUEST_TRAILERS),
                        half(Part.RESPONSE_HEADERS, Side.RESPONSE, Part.RESPONSE_TRAILERS),
                        facts.downstream()
                                ? Optional.of(new TapMessage.Ends(client.local(), client.remote()))
                                : Optional.empty(),
                        facts.upstream() ? upstream : Optional.empty()),
                held);
        held = 0;
    }

    private Half half(Part head, Side side, Part trailers) {
        return new Half(
                fields.getOrDefault(head, List.of()),
                Optional.ofNullable(bodies.get(side)),
                fields.getOrDefault(trailers, List.of()),
                Optional.ofNullable(times.get(head)));
    }
}
