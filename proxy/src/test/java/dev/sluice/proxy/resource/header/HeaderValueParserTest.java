package dev.sluice.proxy.resource.header;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.Problem;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.snapshot.header.HeaderValue;
import dev.sluice.proxy.snapshot.log.LogNeeds;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderValueParserTest {
    @ParameterizedTest
    @CsvSource({"100%%, 100%", "a %%REQ(x)%% b, a %REQ(x)% b", "'', ''"})
    void a_text_without_operators_is_the_same_in_every_message(String value, String text) {
        assertThat(HeaderValueParser.parse(value, Spot.root()))
                .contains(new HeaderValue.Literal(text));
        assertThat(HeaderValueParser.literal(value, Spot.root()))
                .contains(new HeaderValue.Literal(text));
    }

    @Test
    void operators_say_which_fields_they_ask_for() {
        assertThat(
                        HeaderValueParser.parse(
                                "%REQ(X-A?X-B):3%/%RESP(X-C)%/%QUERY_PARAM(q)%/%PROTOCOL%",
                                Spot.root()))
                .containsInstanceOf(HeaderValue.Spoken.class)
                .map(value -> ((HeaderValue.Spoken) value).needs())
                .contains(new LogNeeds(List.of(":path", "x-a", "x-b"), List.of("x-c"), List.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%START_TIME(%%n %s)%",
                "%DYNAMIC_METADATA(sluice.gate:arm)%",
                "%DYNAMIC_METADATA(sluice.proxy:listener)%",
                "%DYNAMIC_METADATA(com.acme:key)%",
                "%UPSTREAM_METADATA(com.acme:key)%",
                "%TRAILER(x)%"
            })
    void takes_what_access_logs_take(String value) {
        Spot at = Spot.root();

        assertThat(HeaderValueParser.parse(value, at)).isPresent();
        assertThat(at.problems().all()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "%NO_SUCH% | operator '%NO_SUCH%'",
                "50% | '''%'''",
                "%REQ(x | '''%REQ(x'''",
                "%REQ(x y)% | '''%REQ(x y)%'''",
                "%START_TIME(%s%n)% | %n in '%s%n'",
                "%DYNAMIC_METADATA(sluice.gate)% | all of sluice.gate",
                "%DYNAMIC_METADATA(sluice.proxy)% | all of sluice.proxy",
                "%DYNAMIC_METADATA(sluice.gate:result)% | sluice.gate:result",
                "%METADATA(DYNAMIC:sluice.gate:fallback)% | sluice.gate:fallback",
            })
    void refuses_what_no_header_can_say(String value, String got) {
        Spot at = Spot.root();

        assertThat(HeaderValueParser.parse(value, at)).as("value").isEmpty();
        assertThat(at.problems().all()).extracting(Problem::got).containsExactly(got);
    }

    @Test
    void a_value_stays_on_one_line() {
        Spot at = Spot.root();

        assertThat(HeaderValueParser.parse("%PROTOCOL%\r\nx: y", at)).as("value").isEmpty();
        assertThat(at.problems().all()).hasSize(1);
    }

    @Test
    void elsewhere_no_operator_is_taken() {
        Spot at = Spot.root();

        assertThat(HeaderValueParser.literal("%PROTOCOL%", at)).as("value").isEmpty();
        assertThat(at.problems().all()).extracting(Problem::got).containsExactly("'%PROTOCOL%'");
    }
}
