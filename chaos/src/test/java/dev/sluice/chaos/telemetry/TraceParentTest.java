package dev.sluice.chaos.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The trace that a CI system hands on. */
class TraceParentTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SPAN = "b7ad6b7169203331";

    @ParameterizedTest
    @ValueSource(strings = {"00-%s-%s-01", "00-%s-%s-00", "01-%s-%s-01-more"})
    void is_read_in_this_and_later_versions(String format) {
        TraceParent parent = TraceParent.parse(format.formatted(TRACE, SPAN)).orElseThrow();

        assertThat(parent.id()).isEqualTo(TRACE);
        assertThat(parent.span()).isEqualTo(ByteString.fromHex(SPAN));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00-" + TRACE,
                "ff-" + TRACE + "-" + SPAN + "-01",
                "00-00000000000000000000000000000000-" + SPAN + "-01",
                "00-" + TRACE + "-0000000000000000-01",
                "00-0AF7651916CD43DD8448EB211C80319C-" + SPAN + "-01",
            })
    void another_text_is_none(String header) {
        assertThat(TraceParent.parse(header)).isEmpty();
    }

    @Test
    void without_one_the_run_begins_a_trace() {
        TraceParent own = TraceParent.none(new Random(1));

        assertThat(own.trace().size()).isEqualTo(16);
        assertThat(own.span()).isEqualTo(ByteString.EMPTY);
    }
}
