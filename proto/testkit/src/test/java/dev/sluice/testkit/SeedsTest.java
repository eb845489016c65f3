package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SeedsTest {
    private final String given = System.getProperty("sluice.seed", "");

    @AfterEach
    void restore() {
        System.setProperty("sluice.seed", given);
    }

    @Test
    void the_same_seed_repeats_and_parts_are_independent() {
        Seeds seeds = new Seeds(42);

        assertThat(seeds.generator().nextLong()).isEqualTo(seeds.generator().nextLong());
        assertThat(seeds.generator("keys").nextLong())
                .isEqualTo(new Seeds(42).generator("keys").nextLong())
                .isNotEqualTo(seeds.generator("times").nextLong());
        assertThat(seeds.generator().nextLong()).isNotEqualTo(new Seeds(43).generator().nextLong());
    }

    @Test
    void the_property_sets_the_seed_and_the_seed_is_printed() {
        System.setProperty("sluice.seed", "0x2A");
        PrintStream out = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            assertThat(Seeds.printed("shares").seed()).isEqualTo(42);
        } finally {
            System.setOut(out);
        }

        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("sluice.seed=42 (shares)");
    }

    @Test
    void a_seed_that_is_no_number_is_refused_with_what_was_expected() {
        System.setProperty("sluice.seed", "lucky");

        assertThatThrownBy(() -> Seeds.printed("x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'lucky'")
                .hasMessageContaining("expected");
    }
}
