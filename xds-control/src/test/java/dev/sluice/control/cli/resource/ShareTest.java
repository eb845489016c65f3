package dev.sluice.control.cli.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class ShareTest {
    @ParameterizedTest
    @CsvSource({
        "0%, 0",
        "25%, 250000",
        "0.5%, 5000",
        "0.0001%, 1",
        "100%, 1000000",
        "1.50%, 15000",
        "250000ppm, 250000",
        "0ppm, 0",
        "1000000ppm, 1000000"
    })
    void reads_percent_and_parts_per_million(String text, int ppm) {
        assertThat(Share.parse(text).ppm()).isEqualTo(ppm);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"25", "0.25", "101%", "1000001ppm", "-1%", "0.00001%", "", "%", "1.5ppm"})
    void refuses_what_is_over_range_too_fine_or_of_no_unit(String text) {
        assertThatThrownBy(() -> Share.parse(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("'" + text + "'");
    }

    @Test
    void writes_percent_without_trailing_zeros() {
        assertThat(Share.text(0)).isEqualTo("0%");
        assertThat(Share.text(1)).isEqualTo("0.0001%");
        assertThat(Share.text(250_000)).isEqualTo("25%");
        assertThat(Share.text(1_000_000)).isEqualTo("100%");
    }
}
