package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.Problem;
import dev.sluice.proxy.resource.NodeNames;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The command line of the proxy. */
class ArgumentsTest {
    private static List<String> problems(String... words) {
        return Arguments.parse(words).problems().stream().map(Problem::message).toList();
    }

    @Test
    void faults_of_the_process_need_a_token() {
        assertThat(problems("-c", "b.yaml", "--allow-process-faults"))
                .singleElement()
                .asString()
                .contains("--allow-process-faults", "no --admin-token", "give --admin-token FILE");
        assertThat(problems("-c", "b.yaml", "--allow-process-faults", "--admin-token", "t"))
                .isEmpty();
        assertThat(problems("-c", "b.yaml", "--admin-token", "t")).isEmpty();
    }

    @Test
    void all_that_is_wrong_is_told_at_once() {
        assertThat(
                        problems(
                                "--event-loops",
                                "0",
                                "--log-level",
                                "loud",
                                "--allow-process-faults",
                                "--colour"))
                .anySatisfy(text -> assertThat(text).contains("argument '--colour'"))
                .anySatisfy(text -> assertThat(text).contains("loud"))
                .anySatisfy(text -> assertThat(text).contains("no --admin-token"))
                .anySatisfy(text -> assertThat(text).contains("event-loops"))
                .hasSize(5);
    }

    @Test
    void nothing_but_the_bootstrap_is_required() {
        Arguments read = Arguments.parse("-c", "b.yaml").orThrow();

        assertThat(read.processFaults()).isFalse();
        assertThat(read.adminToken()).isEmpty();
    }

    @Test
    void what_is_said_of_the_node_is_told_apart_and_never_empty() {
        assertThat(
                        Arguments.parse(
                                        "-c",
                                        "b.yaml",
                                        "--service-node",
                                        "orders-7f",
                                        "--service-zone",
                                        "eu-1a")
                                .orThrow()
                                .node())
                .isEqualTo(
                        new NodeNames(
                                Optional.of("orders-7f"), Optional.empty(), Optional.of("eu-1a")));
        assertThat(problems("-c", "b.yaml", "--service-node", "", "--service-cluster"))
                .hasSize(2)
                .anySatisfy(text -> assertThat(text).contains("--service-node", "a name"))
                .anySatisfy(text -> assertThat(text).contains("--service-cluster", "nothing"));
    }

    @Test
    void help_is_given_whatever_else_is_wrong() {
        assertThat(Arguments.parse("--colour", "--help").orThrow().help()).isTrue();
    }

    @Test
    void names_of_headers_that_taps_hide_are_read_in_any_case() {
        assertThat(
                        Arguments.parse("-c", "b.yaml", "--tap-redact", "X-Email, x-phone")
                                .orThrow()
                                .tapRedact())
                .containsExactlyInAnyOrder("x-email", "x-phone");
        assertThat(problems("-c", "b.yaml", "--tap-redact", "x-email,,no name"))
                .hasSize(2)
                .allSatisfy(text -> assertThat(text).contains("--tap-redact", "names of headers"));
    }
}
