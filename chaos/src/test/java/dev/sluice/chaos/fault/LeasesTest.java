package dev.sluice.chaos.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.chaos.experiment.BlastRadius;
import dev.sluice.chaos.probe.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LeasesTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final List<String> asked = new CopyOnWriteArrayList<>();

    private static Outcome status(int status) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("status", status);
        answer.putObject("body").put("state", "ACTIVE").put("matched", "3").put("injected", "2");
        return Outcome.answered(answer);
    }

    private void note(JsonNode request) {
        asked.add(request.path("method").asText() + " " + request.path("url").asText());
    }

    private static Plan plan(String... names) throws Exception {
        JsonNode wire = new JsonMapper().readTree("{\"gate\":\"gates/g\",\"arm\":\"NEW\"}");
        Sidecar sidecar = new Sidecar("http://s", "t");
        List<PlannedLease> leases =
                List.of(names).stream()
                        .map(name ->
                                new PlannedLease(sidecar, name, 0, wire, 10, SECOND, 1, "f:1:1"))
                        .toList();
        return new Plan(leases, Duration.ZERO, BlastRadius.NONE);
    }

    @Test
    void a_lease_is_renewed_again_and_again_until_the_end() throws Exception {
        CountDownLatch renewed = new CountDownLatch(3);
        Leases leases =
                new Leases(
                        plan("faults/a"),
                        request -> {
                            note(request);
                            if (request.path("url").asText().endsWith(":renew")) {
                                assertThat(request.path("arguments").path("ttl").asText())
                                        .isEqualTo("1.000s");
                                renewed.countDown();
                            }
                            return status(200);
                        });

        assertThat(leases.take()).isEmpty();
        assertThat(renewed.await(30, TimeUnit.SECONDS)).as("three renewals").isTrue();
        assertThat(leases.end()).isEmpty();

        assertThat(asked.getFirst()).isEqualTo("POST http://s/faults");
        assertThat(asked).contains("POST http://s/faults/a:renew", "DELETE http://s/faults/a");
    }

    @Test
    void the_first_refusal_ends_the_taking_and_all_are_ended_in_reverse() throws Exception {
        Leases leases =
                new Leases(
                        plan("faults/a", "faults/b", "faults/c"),
                        request -> {
                            note(request);
                            long taken =
                                    asked.stream().filter("POST http://s/faults"::equals).count();
                            boolean takes = request.path("url").asText().endsWith("/faults");
                            return status(takes && taken > 1 ? 409 : 200);
                        });

        assertThat(leases.take().orElseThrow()).contains("faults/b was not taken", "409");
        assertThat(leases.count())
                .singleElement()
                .satisfies(count -> {
                    assertThat(count.matched()).isEqualTo(3);
                    assertThat(count.injected()).isEqualTo(2);
                });
        leases.end();

        assertThat(asked.stream().filter("POST http://s/faults"::equals)).hasSize(2);
        assertThat(asked.stream().filter(one -> one.startsWith("DELETE")))
                .containsExactly(
                        "DELETE http://s/faults/c",
                        "DELETE http://s/faults/b",
                        "DELETE http://s/faults/a");
    }

    @Test
    void a_lease_that_is_not_there_has_ended_and_one_that_does_not_end_says_until_when()
            throws Exception {
        Leases gone = new Leases(plan("faults/a"), request -> status(404));
        Leases stuck =
                new Leases(
                        plan("faults/a"),
                        request -> {
                            note(request);
                            return Outcome.failed("no answer");
                        });

        assertThat(gone.end()).isEmpty();
        assertThat(stuck.end()).singleElement().asString().contains("within 1000 ms", "no answer");
        assertThat(asked).as("tries").hasSize(3);
    }

    @Test
    void a_silent_sidecar_keeps_what_it_said_last() throws Exception {
        boolean[] silent = {false};
        Leases leases =
                new Leases(
                        plan("faults/a"),
                        request -> silent[0] ? Outcome.failed("no answer") : status(200));
        leases.take();
        leases.count();

        silent[0] = true;

        assertThat(leases.count())
                .singleElement()
                .satisfies(count -> {
                    assertThat(count.state()).isEqualTo(LeaseCount.UNKNOWN);
                    assertThat(count.injected()).isEqualTo(2);
                });
        leases.end();
    }

    @Test
    void a_sidecar_is_shown_without_its_token() {
        assertThat(new Sidecar("http://s", "secret").toString()).doesNotContain("secret");
    }
}
