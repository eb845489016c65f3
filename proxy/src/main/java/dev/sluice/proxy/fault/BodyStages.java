package dev.sluice.proxy.fault;

import dev.sluice.proxy.exchange.BodyReceiver;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.StreamReset;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The faults that a body can meet. Loop-owned. */
final class BodyStages {
    private static final BodyReceiver NOBODY = new Nobody();

    private BodyStages() {}

    /** What all stages do where their fault says nothing. */
    private abstract static sealed class Passing implements BodyStage {
        BodyReceiver next = NOBODY;
        @Nullable FaultyBody body;

        @Override
        public void into(BodyReceiver to, FaultyBody of) {
            next = to;
            body = of;
        }

        @Override
        public void onData(ByteBuf data, boolean last) {
            next.onData(data, last);
        }

        @Override
        public void onTrailers(HeaderBlock trailers) {
            next.onTrailers(trailers);
        }

        @Override
        public void onReset(StreamReset reset) {
            next.onReset(reset);
        }

        void breakOff(StreamReset.Cause cause) {
            FaultyBody of = body;
            if (of != null) {
                of.breakOff(next, FaultyAttempt.reset(cause, /* unprocessed= */ false));
            }
        }
    }

    /** Turns one bit of the first byte, and of about one in so many after it. */
    static final class Corrupting extends Passing {
        private final int oneIn;
        private final SplittableRandom random;
        private final Runnable injected;
        private long untilNext;

        Corrupting(int oneIn, long seed, Runnable injected) {
            this.oneIn = oneIn;
            this.injected = injected;
            random = new SplittableRandom(seed);
        }

        @Override
        public void onData(ByteBuf data, boolean last) {
            int length = data.readableBytes();
            if (untilNext >= length) {
                untilNext -= length;
                super.onData(data, last);
                return;
            }
            ByteBuf wrong = data.copy();
            data.release();
            while (untilNext < length) {
                int at = wrong.readerIndex() + (int) untilNext;
                wrong.setByte(at, wrong.getByte(at) ^ 1 << random.nextInt(8));
                untilNext += random.nextLong(1, 2L * oneIn);
            }
            untilNext -= length;
            injected.run();
            super.onData(wrong, last);
        }
    }

    /** Breaks the body off behind so many bytes. */
    static final class Cutting extends Passing {
        private final StreamReset.Cause cause;
        private final Runnable injected;
        private long left;
        private boolean cut;

        Cutting(long after, StreamReset.Cause cause, Runnable injected) {
            this.cause = cause;
            this.injected = injected;
            left = after;
        }

        @Override
        public void onData(ByteBuf data, boolean last) {
            if (cut) {
                data.release();
            } else if (data.readableBytes() <= left) {
                left -= data.readableBytes();
                super.onData(data, last);
            } else {
                cut = true;
                injected.run();
                if (left > 0) {
                    super.onData(data.readRetainedSlice((int) left), /* last= */ false);
                }
                data.release();
                breakOff(cause);
            }
        }

        @Override
        public void onTrailers(HeaderBlock trailers) {
            if (!cut) {
                super.onTrailers(trailers);
            }
        }
    }

    /** Ends the body as one that is shorter than its length said. */
    static final class EndTooEarly extends Passing {
        @Override
        public void onData(ByteBuf data, boolean last) {
            super.onData(data, /* last= */ false);
            if (last) {
                breakOff(StreamReset.Cause.PROTOCOL_ERROR);
            }
        }

        @Override
        public void onTrailers(HeaderBlock trailers) {
            breakOff(StreamReset.Cause.PROTOCOL_ERROR);
        }
    }

    /** Leaves the trailers out. */
    static final class NoTrailers extends Passing {
        private final Runnable injected;

        NoTrailers(Runnable injected) {
            this.injected = injected;
        }

        @Override
        public void onTrailers(HeaderBlock trailers) {
            injected.run();
            super.onData(Unpooled.EMPTY_BUFFER, /* last= */ true);
        }
    }

    /** Holds the end back. */
    static final class SlowEnd extends Passing {
        private final Duration length;
        private final EventLoop loop;
        private final Runnable injected;
        private @Nullable Future<?> timer;

        SlowEnd(Duration length, EventLoop loop, Runnable injected) {
            this.length = length;
            this.loop = loop;
            this.injected = injected;
        }

        @Override
        public void onData(ByteBuf data, boolean last) {
            super.onData(data, /* last= */ false);
            if (last) {
                later(() -> next.onData(Unpooled.EMPTY_BUFFER, /* last= */ true));
            }
        }

        @Override
        public void onTrailers(HeaderBlock trailers) {
            later(() -> next.onTrailers(trailers));
        }

        @Override
        public void stop() {
            if (timer != null) {
                timer.cancel(/* mayInterruptIfRunning= */ false);
            }
        }

        private void later(Runnable end) {
            injected.run();
            timer = loop.schedule(end, length.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** Takes what comes before a stage is tied in: nothing. */
    private static final class Nobody implements BodyReceiver {
        @Override
        public void onData(ByteBuf data, boolean last) {
            data.release();
        }

        @Override
        public void onTrailers(HeaderBlock trailers) {}

        @Override
        public void onReset(StreamReset reset) {}
    }
}
