package dev.sluice.chaos.toxiproxy;

import static dev.sluice.chaos.toxiproxy.StageBench.bytes;
import static dev.sluice.chaos.toxiproxy.StageBench.toxic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chaos.toxiproxy.toxic.Ending;
import dev.sluice.chaos.toxiproxy.toxic.Stage;
import dev.sluice.chaos.toxiproxy.toxic.Toxic;
import dev.sluice.chaos.toxiproxy.toxic.ToxicType;
import dev.sluice.testkit.LeakCheck;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Each toxic's stage, to the millisecond. */
@ExtendWith(LeakCheck.class)
class StagesTest {
    private final StageBench bench = new StageBench();

    private static Toxic latency(long latency) {
        return toxic("t", ToxicType.LATENCY, "latency", latency);
    }

    @Test
    void latency_delays_each_chunk_from_its_arrival_and_the_end_behind_it() {
        Stage stage = bench.stage(latency(100));
        stage.data(bytes("a"));
        bench.pass(60);
        stage.data(bytes("b"));
        stage.end(Ending.FINISH);
        bench.pass(39);
        assertThat(bench.left).isEmpty();
        bench.pass(200);
        assertThat(bench.left).containsExactly("100 a", "160 b", "160 FINISH");
    }

    @Test
    void latency_passes_the_end_at_once_when_it_holds_nothing() {
        Stage stage = bench.stage(latency(100));
        stage.end(Ending.FINISH);
        assertThat(bench.left).containsExactly("0 FINISH");
    }

    @Test
    void jitter_stays_in_its_bounds_and_lets_no_chunk_overtake() {
        Stage stage = bench.stage(toxic("t", ToxicType.LATENCY, "latency", 50, "jitter", 20));
        for (int i = 0; i < 100; i++) {
            stage.data(bytes(Integer.toString(i)));
            bench.pass(1);
        }
        bench.pass(100);
        assertThat(bench.left).hasSize(100);
        for (int i = 0; i < 100; i++) {
            String left = bench.left.get(i);
            assertThat(left).endsWith(" " + i);
            assertThat(Integer.parseInt(left.substring(0, left.indexOf(' '))))
                    .isBetween(i + 30, i + 70);
        }
    }

    @Test
    void jitter_larger_than_the_latency_delays_by_nothing_at_least() {
        Stage stage = bench.stage(toxic("t", ToxicType.LATENCY, "jitter", 1000));
        stage.data(bytes("a"));
        bench.pass(1000);
        assertThat(bench.left).hasSize(1);
    }

    @Test
    void a_new_latency_counts_from_the_arrival_of_what_is_held() {
        Stage stage = bench.stage(latency(1000));
        stage.data(bytes("a"));
        bench.pass(50);
        stage.change(latency(70));
        bench.pass(100);
        assertThat(bench.left).containsExactly("70 a");
    }

    @Test
    void taken_away_it_lets_go_in_order() {
        Stage stage = bench.stage(latency(1000));
        stage.data(bytes("a"));
        stage.data(bytes("b"));
        stage.end(Ending.CLOSE);
        stage.leave();
        assertThat(bench.left).containsExactly("0 a", "0 b", "0 CLOSE");
        assertThat(bench.clock.scheduled()).isZero();
    }

    @Test
    void dropped_it_releases_what_it_holds() {
        Stage stage = bench.stage(latency(1000));
        var chunk = bytes("a");
        stage.data(chunk);
        stage.end(Ending.FINISH);
        stage.drop();
        bench.pass(2000);
        assertThat(chunk.refCnt()).isZero();
        assertThat(bench.left).isEmpty();
    }

    @Test
    void is_full_at_its_capacity_until_bytes_leave() {
        Stage stage = bench.stage(toxic("t", ToxicType.BANDWIDTH, "rate", 1000));
        stage.data(bytes("x".repeat(100_000)));
        assertThat(stage.full()).isTrue();
        bench.pass(100);
        assertThat(stage.full()).isFalse();
    }

    @Test
    void bandwidth_sends_a_tenth_of_a_second_s_worth_at_a_time() {
        Stage stage = bench.stage(toxic("t", ToxicType.BANDWIDTH, "rate", 1));
        stage.data(bytes("x".repeat(250)));
        stage.end(Ending.FINISH);
        bench.pass(1000);
        assertThat(bench.left)
                .containsExactly(
                        "100 " + "x".repeat(100),
                        "200 " + "x".repeat(100),
                        "250 " + "x".repeat(50),
                        "250 FINISH");
    }

    @Test
    void bandwidth_gives_no_credit_for_silence() {
        Stage stage = bench.stage(toxic("t", ToxicType.BANDWIDTH, "rate", 1));
        bench.pass(5000);
        stage.data(bytes("abcde"));
        bench.pass(100);
        assertThat(bench.left).containsExactly("5005 abcde");
    }

    @Test
    void bandwidth_of_0_holds_everything_but_an_end_alone() {
        Stage stage = bench.stage(toxic("t", ToxicType.BANDWIDTH));
        stage.data(bytes("a"));
        bench.pass(1_000_000_000);
        assertThat(bench.left).isEmpty();
        stage.change(toxic("t", ToxicType.BANDWIDTH, "rate", 1));
        bench.pass(1);
        assertThat(bench.left).hasSize(1);
    }

    @Test
    void slicer_cuts_within_its_bounds() {
        Stage stage =
                bench.stage(
                        toxic(
                                "t",
                                ToxicType.SLICER,
                                "average_size",
                                10,
                                "size_variation",
                                4,
                                "delay",
                                2000));
        String text = "x".repeat(200);
        stage.data(bytes(text));
        stage.end(Ending.FINISH);
        bench.pass(1000);
        List<String> pieces =
                bench.left.stream().map(left -> left.substring(left.indexOf(' ') + 1)).toList();
        assertThat(String.join("", pieces.subList(0, pieces.size() - 1))).isEqualTo(text);
        assertThat(pieces.subList(0, pieces.size() - 2))
                .allSatisfy(piece -> assertThat(piece.length()).isBetween(6, 14));
        for (int i = 0; i < pieces.size() - 1; i++) {
            assertThat(bench.left.get(i)).startsWith(2 * i + " ");
        }
    }

    @Test
    void slicer_of_defaults_cuts_nothing() {
        Stage stage = bench.stage(toxic("t", ToxicType.SLICER));
        stage.data(bytes("abcdef"));
        assertThat(bench.left).containsExactly("0 abcdef");
    }

    @Test
    void slicer_never_makes_an_empty_piece() {
        Stage stage =
                bench.stage(toxic("t", ToxicType.SLICER, "average_size", 1, "size_variation", 50));
        stage.data(bytes("x".repeat(500)));
        assertThat(bench.left.stream().mapToInt(left -> left.length() - 2).sum()).isEqualTo(500);
    }

    @Test
    void slow_close_delays_only_the_end() {
        Stage stage = bench.stage(toxic("t", ToxicType.SLOW_CLOSE, "delay", 500));
        stage.data(bytes("a"));
        stage.end(Ending.FINISH);
        bench.pass(400);
        stage.change(toxic("t", ToxicType.SLOW_CLOSE, "delay", 200));
        bench.pass(1000);
        assertThat(bench.left).containsExactly("0 a", "600 FINISH");
    }

    @Test
    void slow_close_taken_away_or_dropped_waits_no_longer() {
        Stage left = bench.stage(toxic("t", ToxicType.SLOW_CLOSE, "delay", 500));
        left.end(Ending.FINISH);
        left.leave();
        Stage dropped = bench.stage(toxic("t", ToxicType.SLOW_CLOSE, "delay", 500));
        dropped.end(Ending.FINISH);
        dropped.drop();
        bench.pass(1000);
        assertThat(bench.left).containsExactly("0 FINISH");
    }

    @Test
    void timeout_closes_after_silence() {
        Stage stage = bench.stage(toxic("t", ToxicType.TIMEOUT, "timeout", 100));
        bench.pass(90);
        stage.data(bytes("a"));
        bench.pass(90);
        stage.data(bytes("b"));
        bench.pass(99);
        assertThat(bench.left).isEmpty();
        bench.pass(1);
        assertThat(bench.left).containsExactly("280 CLOSE");
    }

    @Test
    void timeout_of_0_never_closes_until_it_is_taken_away() {
        Stage stage = bench.stage(toxic("t", ToxicType.TIMEOUT));
        stage.data(bytes("a"));
        bench.pass(1_000_000_000);
        assertThat(bench.left).isEmpty();
        stage.leave();
        assertThat(bench.left).containsExactly("1000000000 CLOSE");
    }

    @Test
    void timeout_passes_the_sender_s_own_end() {
        Stage stage = bench.stage(toxic("t", ToxicType.TIMEOUT, "timeout", 100));
        stage.end(Ending.FINISH);
        bench.pass(1000);
        assertThat(bench.left).containsExactly("0 FINISH");
    }

    @Test
    void reset_waits_from_the_first_data() {
        Stage stage = bench.stage(toxic("t", ToxicType.RESET_PEER, "timeout", 100));
        bench.pass(500);
        stage.data(bytes("a"));
        bench.pass(50);
        stage.data(bytes("b"));
        bench.pass(50);
        assertThat(bench.left).containsExactly("600 RESET");
    }

    @Test
    void reset_also_follows_an_end_without_data() {
        Stage stage = bench.stage(toxic("t", ToxicType.RESET_PEER, "timeout", 100));
        stage.end(Ending.FINISH);
        bench.pass(100);
        assertThat(bench.left).containsExactly("100 RESET");
    }

    @Test
    void reset_taken_away_resets_only_when_data_is_lost_already() {
        Stage idle = bench.stage(toxic("t", ToxicType.RESET_PEER, "timeout", 100));
        idle.leave();
        assertThat(bench.left).isEmpty();
        Stage biting = bench.stage(toxic("t", ToxicType.RESET_PEER, "timeout", 100));
        biting.data(bytes("a"));
        biting.leave();
        assertThat(bench.left).containsExactly("0 RESET");
        Stage dropped = bench.stage(toxic("t", ToxicType.RESET_PEER, "timeout", 100));
        dropped.data(bytes("a"));
        dropped.drop();
        bench.pass(1000);
        assertThat(bench.left).hasSize(1);
    }

    @Test
    void limit_passes_the_last_bytes_and_closes() {
        Stage stage = bench.stage(toxic("t", ToxicType.LIMIT_DATA, "bytes", 5));
        stage.data(bytes("abc"));
        stage.change(toxic("t", ToxicType.LIMIT_DATA, "bytes", 7));
        stage.data(bytes("defghi"));
        stage.data(bytes("more"));
        assertThat(bench.left).containsExactly("0 abc", "0 defg", "0 CLOSE");
    }

    @Test
    void limit_below_what_has_passed_closes_at_the_next_data() {
        Stage stage = bench.stage(toxic("t", ToxicType.LIMIT_DATA, "bytes", 5));
        stage.data(bytes("abc"));
        stage.change(toxic("t", ToxicType.LIMIT_DATA, "bytes", -1));
        stage.data(bytes("d"));
        assertThat(bench.left).containsExactly("0 abc", "0 CLOSE");
    }
}
