package dev.sluice.chaos.load.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chaos.load.Answer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class BodyReaderTest {
    private static final Pattern VALUE = Pattern.compile("sluice-r-(\\d{1,18})-");

    private static Answer.Body body(Optional<String> end, String... chunks) {
        byte[] wanted = end.orElse("").getBytes(StandardCharsets.UTF_8);
        BodyReader reader =
                new BodyReader(new BodyReader.Sought(end.map(_ -> wanted), Optional.of(VALUE)));
        for (String chunk : chunks) {
            reader.add(chunk.getBytes(StandardCharsets.UTF_8));
        }
        return reader.end(OptionalLong.empty(), Optional.empty(), new SameTexts());
    }

    @Test
    void an_end_may_come_in_many_pieces() {
        Optional<String> end = Optional.of("the end");
        assertThat(body(end, "before the end").ended()).contains(true);
        assertThat(body(end, "x", "th", "e ", "e", "n", "d").ended()).contains(true);
        assertThat(body(end, "the ", "end", "").ended()).contains(true);
        assertThat(body(end, "the end", ".").ended()).contains(false);
        assertThat(body(end, "end").ended()).contains(false);
        assertThat(body(Optional.empty(), "any").ended()).isEmpty();
    }

    @Test
    void a_value_may_come_in_many_pieces_within_the_first_64_KiB() {
        String value = BodyReader.value("r", 17);
        assertThat(body(Optional.empty(), "{\"v\":\"", value.substring(0, 9), value.substring(9)))
                .extracting(Answer.Body::value)
                .isEqualTo(OptionalLong.of(17));
        assertThat(body(Optional.empty(), "x".repeat(65_536), value).value()).isEmpty();
        String edge = "x".repeat(65_536 - value.length());
        assertThat(body(Optional.empty(), edge, value, "more").value())
                .isEqualTo(OptionalLong.of(17));
    }

    @Test
    void equal_texts_are_one_object() {
        SameTexts texts = new SameTexts();
        String first = texts.of("a" + 1);
        assertThat(texts.of("a" + 1)).isSameAs(first);
        assertThat(body(Optional.empty(), "a").sha256()).hasSize(64);
    }
}
