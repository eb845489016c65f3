package dev.sluice.chaos.toxiproxy;

import dev.sluice.chaos.toxiproxy.toxic.Direction;
import dev.sluice.chaos.toxiproxy.toxic.Ending;
import dev.sluice.chaos.toxiproxy.toxic.Outlet;
import dev.sluice.chaos.toxiproxy.toxic.Stage;
import dev.sluice.chaos.toxiproxy.toxic.StageClock;
import dev.sluice.chaos.toxiproxy.toxic.Stages;
import dev.sluice.chaos.toxiproxy.toxic.Toxic;
import dev.sluice.chaos.toxiproxy.toxic.ToxicType;
import dev.sluice.testkit.ManualClock;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Stages on a clock that the test moves; what leaves them is kept with its time. */
final class StageBench {
    final ManualClock clock = new ManualClock();
    final List<String> left = new ArrayList<>();
    final StageClock stageClock = stageClock(clock);
    final Stage sink =
            new Stage() {
                @Override
                public void data(ByteBuf chunk) {
                    left.add(millis() + " " + chunk.toString(StandardCharsets.UTF_8));
                    chunk.release();
                }

                @Override
                public void end(Ending ending) {
                    left.add(millis() + " " + ending);
                }
            };

    static StageClock stageClock(ManualClock clock) {
        return new StageClock() {
            @Override
            public long nanos() {
                return clock.nanos();
            }

            @Override
            public Alarm after(long delayNanos, Runnable action) {
                var scheduled = clock.schedule(Duration.ofNanos(delayNanos), action);
                return scheduled::cancel;
            }
        };
    }

    Stage stage(Toxic toxic) {
        return Stages.of(toxic, new Outlet(sink), stageClock, random());
    }

    Flow flow() {
        return new Flow(sink, (toxic, out) -> Stages.of(toxic, out, stageClock, random()));
    }

    static RandomGenerator random() {
        return new Draws(1).generator("p", 1, "t");
    }

    void pass(long millis) {
        clock.advance(Duration.ofMillis(millis));
    }

    long millis() {
        return Duration.ofNanos(clock.nanos()).toMillis();
    }

    static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }

    /** A downstream toxic that bites always; attributes as name and value in turns. */
    static Toxic toxic(String name, ToxicType type, Object... attributes) {
        Map<String, Long> all = new HashMap<>();
        type.attributes().forEach(attribute -> all.put(attribute, 0L));
        for (int i = 0; i < attributes.length; i += 2) {
            all.put((String) attributes[i], ((Number) attributes[i + 1]).longValue());
        }
        return new Toxic(name, type, "downstream", Direction.DOWNSTREAM, 1, all);
    }
}
