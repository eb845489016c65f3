package dev.sluice.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ConfiguredNamesTest {
    private final ConfiguredNames names = new ConfiguredNames(2);

    private AsciiString of(String... parts) {
        return names.of(String.join("-", parts));
    }

    @Test
    @SuppressWarnings("ReferenceEquality") // what is shared is the point
    void a_common_name_is_the_instance_that_codecs_give() {
        byte[] read = "x: user-agent".getBytes(StandardCharsets.US_ASCII);
        AsciiString common = HeaderNames.intern(read, 3, read.length - 3);

        assertThat(common == HeaderNames.USER_AGENT).isTrue();
        assertThat(of("user", "agent") == common).isTrue();
    }

    @Test
    @SuppressWarnings("ReferenceEquality") // what is shared is the point
    void another_name_is_one_instance_for_equal_texts_while_there_is_room() {
        AsciiString first = of("x", "tenant");
        of("x", "user");

        assertThat(of("x", "tenant") == first).isTrue();
        assertThat(of("x", "late") == of("x", "late")).as("a third name is not kept").isFalse();
        assertThat(of("x", "late").toString()).isEqualTo("x-late");
    }
}
