package dev.sluice.control.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import java.text.ParseException;
import org.junit.jupiter.api.Test;

class WordsTest {
    @Test
    void a_duration_is_told_whole_and_in_the_units_of_people() {
        assertThat(Words.duration(Durations.fromDays(7))).isEqualTo("7d");
        assertThat(Words.duration(Durations.fromSeconds(5_400))).isEqualTo("1h30m");
        assertThat(Words.duration(Durations.fromSeconds(3))).isEqualTo("3s");
        assertThat(Words.duration(Durations.fromMillis(90_250))).isEqualTo("1m30s250ms");
        assertThat(Words.duration(Durations.ZERO)).isEqualTo("0");
    }

    @Test
    void a_moment_is_told_down_to_milliseconds() throws ParseException {
        assertThat(Words.time(Timestamps.parse("2026-11-01T08:00:00.123456789Z")))
                .isEqualTo("2026-11-01T08:00:00.123Z");
    }
}
