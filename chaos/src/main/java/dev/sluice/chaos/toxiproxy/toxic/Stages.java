package dev.sluice.chaos.toxiproxy.toxic;

import io.netty.buffer.ByteBuf;
import java.util.random.RandomGenerator;

/** Makes the stage of a toxic. Immutable. */
public final class Stages {
    /**
     * Bytes that a stage holds which slows a stream down: what it holds only delays the sender's
     * notice, so it is little.
     */
    private static final int SMALL_CAPACITY = 64 << 10;

    private Stages() {}

    /**
     * A stage that begins now.
     *
     * @param out where its bytes go
     * @param random what it draws from
     */
    public static Stage of(Toxic toxic, Outlet out, StageClock clock, RandomGenerator random) {
        return switch (toxic.type()) {
            case LATENCY ->
                    new HoldingStage(
                            out,
                            clock,
                            HoldingStage.CAPACITY,
                            toxic,
                            now -> new LatencyPace(now, random));
            case BANDWIDTH ->
                    new HoldingStage(out, clock, SMALL_CAPACITY, toxic, BandwidthPace::new);
            case SLICER ->
                    new HoldingStage(
                            out, clock, SMALL_CAPACITY, toxic, now -> new SlicerPace(now, random));
            case SLOW_CLOSE -> new SlowCloseStage(out, clock, toxic);
            case TIMEOUT -> new TimeoutStage(out, clock, toxic);
            case RESET_PEER -> new ResetPeerStage(out, clock, toxic);
            case LIMIT_DATA -> new LimitDataStage(out, toxic);
            case NOOP -> new Passing(out);
        };
    }

    /** Passes everything at once. */
    private record Passing(Outlet out) implements Stage {
        @Override
        public void data(ByteBuf chunk) {
            out.data(chunk);
        }

        @Override
        public void end(Ending ending) {
            out.end(ending);
        }
    }
}
