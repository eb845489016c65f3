package dev.sluice.chaos.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.Problem;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadSettingsTest {
    private static LoadSettings settings(
            String target, Set<String> named, int rate, Duration duration, String body) {
        return new LoadSettings(
                List.of(URI.create(target)),
                named,
                rate,
                duration,
                10,
                Map.of(),
                "x-request-id",
                Optional.of(new LoadSettings.Writes(10, "PUT", body)),
                Duration.ofSeconds(1),
                10,
                Optional.empty(),
                1);
    }

    private static List<Problem> target(String target, String... named) {
        return settings(target, Set.of(named), 10, Duration.ofSeconds(1), "{value}").problems();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:80/",
                "http://127.1.2.3/a/%7Bkey%7D",
                "https://localhost/",
                "http://[::1]:8080/"
            })
    void this_machine_may_get_load(String target) {
        assertThat(target(target)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://192.0.2.1/",
                "http://127.0.0.1.example.com/",
                "http://localhost.example.com/",
                "http://orders:80/"
            })
    void another_machine_may_not(String target) {
        assertThat(target(target)).hasSize(1);
        assertThat(target(target).getFirst().message()).contains("which is not this machine");
    }

    @Test
    void another_machine_may_when_it_is_named_with_its_port() {
        assertThat(target("http://orders/", "orders:80")).isEmpty();
        assertThat(target("https://orders/", "orders:443")).isEmpty();
        assertThat(target("http://orders:81/", "orders:80")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://127.0.0.1/", "/path", "mailto:a"})
    void a_target_is_a_url_of_http(String target) {
        assertThat(target(target)).hasSize(1);
    }

    @Test
    void all_that_is_wrong_is_told_at_once() {
        assertThat(settings("http://h/", Set.of(), 0, Duration.ofHours(2), "x").problems())
                .extracting(Problem::path)
                .containsExactly("targets[0]", "rate", "duration", "writes.body");
    }

    @Test
    void the_number_of_requests_is_bounded() {
        assertThat(
                        settings(
                                        "http://127.0.0.1/",
                                        Set.of(),
                                        10_000,
                                        Duration.ofSeconds(101),
                                        "{value}")
                                .problems())
                .hasSize(1);
    }
}
