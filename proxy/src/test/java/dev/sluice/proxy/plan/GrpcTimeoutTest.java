package dev.sluice.proxy.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.exchange.HeaderBlock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrpcTimeoutTest {
    @ParameterizedTest
    @CsvSource({
        "1H, PT1H",
        "2M, PT2M",
        "3S, PT3S",
        "4m, PT0.004S",
        "4001u, PT0.005S",
        "1n, PT0.001S",
        "0m, PT0S",
        "99999999H, PT99999999H"
    })
    void a_timeout_is_read_in_its_unit(String text, Duration expected) {
        assertThat(GrpcTimeout.in(new HeaderBlock().add("grpc-timeout", text))).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "m", "5", "5x", "-5m", "5 m", "123456789m", "1.5S"})
    void what_is_no_timeout_is_as_good_as_none(String text) {
        assertThat(GrpcTimeout.in(new HeaderBlock().add("grpc-timeout", text))).isEmpty();
    }

    @Test
    void a_request_without_it_has_none() {
        assertThat(GrpcTimeout.in(new HeaderBlock())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "PT0.25S, 250m",
        "PT99999.999S, 99999999m",
        "PT100000S, 100000S",
        "PT27777777H, 27777777H",
        "PT1666666H, 99999960M",
        "PT99999999H, 99999999H"
    })
    void a_timeout_is_written_in_a_unit_that_has_room(Duration timeout, String expected) {
        HeaderBlock headers = new HeaderBlock();
        GrpcTimeout.set(headers, timeout);

        assertThat(headers.first("grpc-timeout")).isEqualTo(expected);
    }
}
