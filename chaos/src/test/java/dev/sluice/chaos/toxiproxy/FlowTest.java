package dev.sluice.chaos.toxiproxy;

import static dev.sluice.chaos.toxiproxy.StageBench.bytes;
import static dev.sluice.chaos.toxiproxy.StageBench.toxic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chaos.toxiproxy.toxic.Ending;
import dev.sluice.chaos.toxiproxy.toxic.Stage;
import dev.sluice.chaos.toxiproxy.toxic.Stages;
import dev.sluice.chaos.toxiproxy.toxic.Toxic;
import dev.sluice.chaos.toxiproxy.toxic.ToxicType;
import dev.sluice.testkit.LeakCheck;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Toxics that come, change and go while bytes flow. */
@ExtendWith(LeakCheck.class)
class FlowTest {
    private static final Toxic SLOW = toxic("slow", ToxicType.LATENCY, "latency", 1000);
    private static final Toxic LATER = toxic("later", ToxicType.LATENCY, "latency", 2000);

    private final StageBench bench = new StageBench();
    private final Flow flow = bench.flow();

    @Test
    void passes_everything_at_once_without_toxics() {
        flow.data(bytes("a"));
        flow.end();
        flow.end();
        assertThat(bench.left).containsExactly("0 a", "0 FINISH");
    }

    @Test
    void goes_through_toxics_in_order() {
        flow.apply(List.of(SLOW, LATER));
        flow.data(bytes("a"));
        bench.pass(5000);
        assertThat(bench.left).containsExactly("3000 a");
    }

    @Test
    void lets_go_of_the_last_first_when_all_go() {
        flow.apply(List.of(SLOW, LATER));
        flow.data(bytes("a"));
        bench.pass(1500);
        flow.data(bytes("b"));
        flow.end();
        flow.apply(List.of());
        flow.data(bytes("c"));
        assertThat(bench.left).containsExactly("1500 a", "1500 b", "1500 FINISH");
    }

    @Test
    void what_a_toxic_lets_go_meets_the_toxics_behind_it() {
        flow.apply(List.of(SLOW, LATER));
        flow.data(bytes("a"));
        flow.apply(List.of(LATER));
        bench.pass(5000);
        assertThat(bench.left).containsExactly("2000 a");
    }

    @Test
    void a_toxic_may_come_in_the_middle() {
        Toxic limit = toxic("limit", ToxicType.LIMIT_DATA, "bytes", 2);
        flow.apply(List.of(SLOW, LATER));
        flow.apply(List.of(SLOW, limit, LATER));
        flow.data(bytes("abc"));
        bench.pass(5000);
        assertThat(bench.left).containsExactly("3000 ab", "3000 CLOSE");
    }

    @Test
    void a_name_that_comes_back_with_another_type_is_another_toxic() {
        flow.apply(List.of(SLOW));
        flow.data(bytes("a"));
        flow.apply(List.of(toxic("slow", ToxicType.NOOP)));
        assertThat(bench.left).containsExactly("0 a");
    }

    @Test
    void forgets_everything_when_it_is_dropped() {
        flow.apply(List.of(SLOW));
        var held = bytes("a");
        flow.data(held);
        flow.drop();
        var late = bytes("b");
        flow.data(late);
        flow.apply(List.of(LATER));
        bench.pass(5000);
        assertThat(held.refCnt()).isZero();
        assertThat(late.refCnt()).isZero();
        assertThat(bench.left).containsExactly("0 CLOSE");
    }

    @Test
    void survives_a_stage_that_ends_the_connection_while_it_leaves() {
        Flow[] ending = new Flow[1];
        ending[0] =
                new Flow(
                        new Stage() {
                            @Override
                            public void data(ByteBuf chunk) {
                                chunk.release();
                            }

                            @Override
                            public void end(Ending how) {
                                ending[0].drop();
                            }
                        },
                        (toxic, out) ->
                                Stages.of(toxic, out, bench.stageClock, StageBench.random()));
        ending[0].apply(List.of(SLOW, toxic("drops", ToxicType.TIMEOUT)));
        var held = bytes("a");
        ending[0].data(held);
        ending[0].apply(List.of(LATER));
        bench.pass(5000);
        assertThat(held.refCnt()).isZero();
        assertThat(bench.clock.scheduled()).isZero();
    }

    /** Whatever comes and goes, toxics that drop nothing keep each byte and its place. */
    @Test
    void keeps_every_byte_in_order_through_any_changes() {
        RandomGenerator random = new dev.sluice.testkit.Seeds(11).generator();
        List<Toxic> kinds =
                List.of(
                        toxic("latency", ToxicType.LATENCY, "latency", 40, "jitter", 30),
                        toxic("rate", ToxicType.BANDWIDTH, "rate", 1),
                        toxic("cut", ToxicType.SLICER, "average_size", 3, "size_variation", 2),
                        toxic("noop", ToxicType.NOOP),
                        toxic("slow", ToxicType.SLOW_CLOSE, "delay", 100));
        for (int run = 0; run < 200; run++) {
            StageBench one = new StageBench();
            Flow through = one.flow();
            StringBuilder sent = new StringBuilder();
            for (int step = 0; step < 40; step++) {
                String text = "%d,".formatted(random.nextInt(1_000_000));
                sent.append(text);
                through.data(bytes(text));
                if (random.nextInt(3) == 0) {
                    through.apply(kinds.stream().filter(kind -> random.nextBoolean()).toList());
                }
                one.pass(random.nextInt(20));
            }
            through.end();
            one.pass(10_000);
            List<String> left = new ArrayList<>(one.left);
            assertThat(left.removeLast()).as("run %d", run).endsWith(" FINISH");
            String arrived =
                    left.stream()
                            .map(piece -> piece.substring(piece.indexOf(' ') + 1))
                            .reduce("", String::concat);
            assertThat(arrived).as("run %d", run).isEqualTo(sent.toString());
        }
    }
}
