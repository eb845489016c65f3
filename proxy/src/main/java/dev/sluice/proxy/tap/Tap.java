package dev.sluice.proxy.tap;

import dev.sluice.proxy.gate.ExchangeView;
import dev.sluice.proxy.snapshot.filter.TapFilterSpec.Facts;
import dev.sluice.proxy.snapshot.filter.TapMatch;
import dev.sluice.proxy.snapshot.filter.TapMatch.Part;
import dev.sluice.proxy.snapshot.filter.TapSpec;
import dev.sluice.proxy.snapshot.filter.TapSpec.Delivery;
import dev.sluice.proxy.tap.TapMessage.Side;
import java.time.InstantSource;
import java.util.Optional;

/** One tap in force. Thread-safe. */
public final class Tap {
    private final TapSpec spec;
    private final TapOutlet outlet;
    private final TapMemory memory;
    private final HeaderShield shield;
    private final TapCounts counts;

    Tap(TapSpec spec, TapOutlet outlet, TapMemory memory, HeaderShield shield, TapCounts counts) {
        this.spec = spec;
        this.outlet = outlet;
        this.memory = memory;
        this.shield = shield;
        this.counts = counts;
    }

    /** What it records. */
    public TapSpec spec() {
        return spec;
    }

    /**
     * Begins to record an exchange, if its request's head does not keep it from matching and there
     * is memory for it.
     *
     * @param request as the filters before left it
     * @param facts that are recorded, too
     * @param clock wall clock
     * @param exchange a number of its own
     */
    public Optional<Tapping> begin(
            ExchangeView request, Facts facts, InstantSource clock, long exchange) {
        TapMatch match =
                TapMatching.after(spec.match(), Part.REQUEST_HEADERS, request::joinedHeader);
        if (match.equals(TapMatch.NONE)) {
            return Optional.empty();
        }
        Recorder recorder =
                spec.delivery() == Delivery.WHOLE
                        ? new WholeRecorder(this, exchange, request.peer(), facts, clock)
                        : new SegmentRecorder(this, exchange);
        if (!recorder.fields(Part.REQUEST_HEADERS, shield.request(request.head()))) {
            lost();
            return Optional.empty();
        }
        return Optional.of(new Tapping(this, recorder, match));
    }

    HeaderShield shield() {
        return shield;
    }

    TapMemory memory() {
        return memory;
    }

    /** Bytes of a body, or of a piece of it, that are kept. */
    int mostBytes(Side side) {
        return switch (side) {
            case REQUEST -> spec.requestBytes();
            case RESPONSE -> spec.responseBytes();
        };
    }

    /** An exchange, or the rest of one, is not recorded for want of memory. */
    void lost() {
        counts.lost();
    }

    /**
     * Gives a message away.
     *
     * @param held bytes of memory that it holds
     */
    void submit(TapMessage message, long held) {
        outlet.take(
                message,
                spec,
                new TapOutlet.Over() {
                    @Override
                    public void written() {
                        memory.give(held);
                        counts.written();
                    }

                    @Override
                    public void lost() {
                        memory.give(held);
                        counts.lost();
                    }
                });
    }
}
