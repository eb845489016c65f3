package dev.sluice.chaos.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chaos.load.Planned.Operation;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ReadsOfWritesTest {
    private static Entry write(long id, long sent, long ended, int status) {
        Answer answer =
                new Answer.Complete(
                        status,
                        Optional.empty(),
                        Optional.empty(),
                        Ledgers.body(OptionalLong.empty()));
        return new Entry(new Planned(id, "a", 0, Operation.WRITE, sent), sent, ended, answer);
    }

    private static Entry read(long id, String key, long sent, long ended, OptionalLong shown) {
        Answer answer =
                new Answer.Complete(200, Optional.empty(), Optional.empty(), Ledgers.body(shown));
        return new Entry(new Planned(id, key, 0, Operation.READ, sent), sent, ended, answer);
    }

    private static Entry read(long sent, long ended, long shown) {
        return read(9, "a", sent, ended, OptionalLong.of(shown));
    }

    private static void held(Entry... entries) {
        Finding finding = ReadsOfWrites.check(List.of(entries));
        assertThat(finding.verdict()).as("%s", finding).isEqualTo(Finding.Verdict.HELD);
    }

    private static void broken(String example, Entry... entries) {
        Finding finding = ReadsOfWrites.check(List.of(entries));
        assertThat(finding.verdict()).as("%s", finding).isEqualTo(Finding.Verdict.BROKEN);
        assertThat(finding.examples().getFirst()).contains(example);
    }

    @Test
    void the_last_acknowledged_write_is_right() {
        held(write(1, 0, 10, 200), write(2, 20, 30, 200), read(40, 50, 2));
    }

    @Test
    void an_overwritten_write_is_stale() {
        broken(
                "read 9 of a shows the write 1, overwritten by 2",
                write(1, 0, 10, 200),
                write(2, 20, 30, 200),
                read(40, 50, 1));
    }

    @Test
    void a_write_that_overlaps_the_read_may_be_seen_or_not() {
        held(write(1, 0, 10, 200), write(2, 20, 45, 200), read(40, 50, 1));
        held(write(1, 0, 10, 200), write(2, 20, 45, 200), read(40, 50, 2));
    }

    @Test
    void writes_that_overlap_may_come_in_either_order() {
        held(write(1, 0, 30, 200), write(2, 20, 25, 200), read(40, 50, 1));
        held(write(1, 0, 30, 200), write(2, 20, 25, 200), read(40, 50, 2));
    }

    @Test
    void a_write_without_a_good_answer_may_take_effect_late() {
        held(write(1, 0, 10, 503), write(2, 20, 30, 200), read(40, 50, 1));
    }

    @Test
    void a_write_that_is_lost_is_missed() {
        broken(
                "shows nothing of the write 1",
                write(1, 0, 10, 200),
                read(9, "a", 40, 50, OptionalLong.empty()));
    }

    @Test
    void the_value_of_another_key_or_of_the_future_is_wrong() {
        broken(
                "which was not one of its key",
                write(1, 0, 10, 200),
                read(9, "b", 40, 50, OptionalLong.of(1)));
        broken("which was not one of its key", write(1, 60, 70, 200), read(40, 50, 1));
    }

    @Test
    void a_key_that_was_not_written_yet_proves_nothing() {
        Finding finding = ReadsOfWrites.check(List.of(read(9, "a", 40, 50, OptionalLong.empty())));
        assertThat(finding.verdict()).isEqualTo(Finding.Verdict.NOT_SEEN);
    }
}
