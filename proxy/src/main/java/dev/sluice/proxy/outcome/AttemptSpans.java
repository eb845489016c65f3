package dev.sluice.proxy.outcome;

import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.observe.AttemptRecord;
import dev.sluice.proxy.observe.TraceContext;
import dev.sluice.proxy.observe.TraceParent;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The spans of one exchange's attempts, children of the exchange's own. Loop-owned; the one that
 * traces nothing is shared.
 */
public final class AttemptSpans {
    /** Attempts are not traced. */
    public static final AttemptSpans NONE = new AttemptSpans(/* parent= */ null, () -> 0);

    private final @Nullable TraceContext parent;
    private final RandomGenerator random;
    private final List<AttemptRecord> finished = new ArrayList<>(1);

    private AttemptSpans(@Nullable TraceContext parent, RandomGenerator random) {
        this.parent = parent;
        this.random = random;
    }

    /**
     * Attempts are traced.
     *
     * @param parent the exchange's span
     * @param random of their ids
     */
    public static AttemptSpans under(TraceContext parent, RandomGenerator random) {
        return new AttemptSpans(parent, random);
    }

    /** An id that is not zero. */
    public static long id(RandomGenerator random) {
        long id = random.nextLong();
        return id == 0 ? 1 : id;
    }

    /** Those that are over. */
    public List<AttemptRecord> finished() {
        return List.copyOf(finished);
    }

    /** An attempt begins. */
    AttemptSpan begin(String cluster, Tally tally) {
        return parent == null ? AttemptSpan.NONE : new Traced(parent, cluster, tally);
    }

    private final class Traced implements AttemptSpan {
        private final long id = id(random);
        private final TraceContext context;
        private final String cluster;
        private final Tally tally;
        private final long start;
        private @Nullable InetSocketAddress host;
        private int status;
        private int grpc = -1;
        private String error = "";
        private boolean over;

        Traced(TraceContext context, String cluster, Tally tally) {
            this.context = context;
            this.cluster = cluster;
            this.tally = tally;
            start = tally.elapsed();
        }

        @Override
        public void mark(HeaderBlock upstream) {
            upstream.set(TraceParent.HEADER, context.traceparent(id));
        }

        @Override
        public void host(InetSocketAddress address) {
            host = address;
        }

        @Override
        public void answered(int answer, int grpcStatus) {
            status = answer;
            grpc = grpcStatus;
        }

        @Override
        public void failed(String why) {
            if (error.isEmpty()) {
                error = why;
            }
        }

        @Override
        public void end(int grpcStatus) {
            if (!over) {
                over = true;
                finished.add(
                        new AttemptRecord(
                                id,
                                cluster,
                                Optional.ofNullable(host),
                                start,
                                tally.elapsed(),
                                status,
                                grpcStatus < 0 ? grpc : grpcStatus,
                                error));
            }
        }
    }
}
