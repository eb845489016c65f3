package dev.sluice.proxy.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.snapshot.log.LogFact;
import dev.sluice.proxy.snapshot.log.LogPart;
import dev.sluice.proxy.snapshot.log.LogPart.Block;
import dev.sluice.proxy.snapshot.log.LogPart.View;
import dev.sluice.proxy.telemetry.LoggedExchange;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeaderTextTest {
    private static final LogPart QUERY = new LogPart.Query("q", Integer.MAX_VALUE);

    private static LogPart field(String name) {
        return new LogPart.Field(
                Block.REQUEST, name, Optional.empty(), View.WHOLE, Integer.MAX_VALUE);
    }

    private static ExchangeRecord path(String path) {
        return new LoggedExchange().request(":path", path).http();
    }

    @Test
    void parts_stand_one_after_the_other_and_what_there_is_not_says_nothing() {
        List<LogPart> parts =
                List.of(
                        new LogPart.Literal("<"),
                        new LogPart.Fact(LogFact.PROTOCOL),
                        field("x-none"),
                        new LogPart.Literal(" "),
                        new LogPart.Fact(LogFact.RESPONSE_CODE),
                        new LogPart.Fact(LogFact.RESPONSE_FLAGS),
                        new LogPart.Literal(">"));

        assertThat(HeaderText.of(parts, new LoggedExchange().http())).isEqualTo("<HTTP/2 200->");
        assertThat(HeaderText.of(List.of(field("x-none")), new LoggedExchange().http())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'/?q=a%0d%0aset-cookie:b', 'a  set-cookie:b'",
        "'/?q=%00a%7fb%09c%1f', 'a b\tc'",
        "'/?q=%20a%20', 'a'",
        "'/?q=%20%09', ''"
    })
    void nothing_ends_the_field_or_pads_it(String path, String expected) {
        assertThat(HeaderText.of(List.of(QUERY), path(path))).isEqualTo(expected);
    }

    @Test
    void octets_of_fields_stay_and_other_texts_become_utf_8() {
        String octets =
                new String("é".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        ExchangeRecord exchange =
                new LoggedExchange().request(":path", "/?q=%C3%A9").request("x-a", "\u00ff").http();

        assertThat(HeaderText.of(List.of(QUERY, field("x-a")), exchange))
                .isEqualTo(octets + "\u00ff");
    }
}
