package dev.sluice.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    private record Kind(String collection, Function<String, Parsed<?>> parse) {}

    private static final List<Kind> KINDS =
            List.of(
                    new Kind("gates/", GateName::parse),
                    new Kind("gateSets/", GateSetName::parse),
                    new Kind("services/", ServiceName::parse),
                    new Kind("ramps/", RampName::parse),
                    new Kind("operations/", OperationName::parse),
                    new Kind("processFaults/", ProcessFaultName::parse),
                    new Kind("migrations/", MigrationName::parse),
                    new Kind("services/shop/versions/", VersionName::parse),
                    new Kind("services/shop/routes/", RouteName::parse));

    @TestFactory
    Stream<DynamicTest> names_are_read_as_they_are_written() {
        return each(kind -> {
            for (String id : List.of("a", "a-1", "z9", "a".repeat(63))) {
                String name = kind.collection + id;
                assertThat(kind.parse.apply(name).orThrow()).hasToString(name);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> a_bad_name_is_one_problem_that_shows_the_form() {
        return each(kind -> {
            List<String> bad =
                    List.of("", "A", "1a", "-a", "a-", "a_b", "a.b", "a/b", "a".repeat(64));
            for (String id : bad) {
                assertThat(kind.parse.apply(kind.collection + id).problems())
                        .as("id '%s'", id)
                        .singleElement()
                        .satisfies(problem ->
                                assertThat(problem.message()).contains("(expected ", "/{"));
            }
            assertThat(kind.parse.apply("other/a").problems()).hasSize(1);
            assertThat(kind.parse.apply("").problems()).hasSize(1);
        });
    }

    private static Stream<DynamicTest> each(Consumer<Kind> test) {
        return KINDS.stream()
                .map(kind -> DynamicTest.dynamicTest(kind.collection, () -> test.accept(kind)));
    }

    @Test
    void a_name_is_never_made_of_a_bad_id() {
        assertThatThrownBy(() -> new GateName("Bad"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'Bad'");
        assertThatThrownBy(() -> new VersionName(new ServiceName("shop"), "v_1"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void names_sort_by_service_and_id() {
        VersionName a2 = VersionName.parse("services/a/versions/v2").orThrow();
        VersionName b1 = VersionName.parse("services/b/versions/v1").orThrow();

        assertThat(Stream.of(b1, a2).sorted()).containsExactly(a2, b1);
        assertThat(new GateName("a")).isLessThan(new GateName("b"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sidecar-1.a_B", "sidecar~v1~10.0.0.1~x", "knoten ü/1", "~", "🔑"})
    void a_node_id_of_any_text_has_one_name(String id) {
        NodeName name = NodeName.ofId(id).orThrow();

        assertThat(name.name()).matches("nodes/[A-Za-z0-9._~-]+");
        assertThat(NodeName.parse(name.name()).orThrow()).isEqualTo(name);
        assertThat(name.nodeId()).isEqualTo(id);
    }

    @Test
    void a_node_name_escapes_in_upper_case_hex() {
        assertThat(new NodeName("a/ü")).hasToString("nodes/a~2F~C3~BC");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nodes/",
                "node/a",
                "nodes/a/b",
                "nodes/ü",
                "nodes/a~",
                "nodes/a~2",
                "nodes/a~2f",
                "nodes/a~xx",
                "nodes/~41",
                "nodes/~FF"
            })
    void a_node_name_that_is_not_the_one_form_is_refused(String name) {
        assertThat(NodeName.parse(name).problems()).hasSize(1);
    }

    @Test
    void a_node_id_has_1_to_256_bytes() {
        assertThat(NodeName.ofId("").problems()).hasSize(1);
        assertThat(NodeName.ofId("ü".repeat(129)).problems()).hasSize(1);
        assertThat(NodeName.ofId("ü".repeat(128)).problems()).isEmpty();
        assertThat(NodeName.ofId("€".repeat(85) + "a").problems()).isEmpty();
        assertThat(NodeName.ofId("€".repeat(86)).problems()).hasSize(1);
        assertThat(NodeName.ofId("\ud83d\ude00".repeat(64)).problems()).isEmpty();
        assertThat(NodeName.ofId("\ud83d\ude00".repeat(64) + "a").problems()).hasSize(1);
        assertThat(NodeName.ofId("a\ud800").problems()).hasSize(1);
        assertThat(NodeName.ofId("\ude00\ud83d").problems()).hasSize(1);
        assertThatThrownBy(() -> new NodeName("")).isInstanceOf(IllegalArgumentException.class);
    }
}
