package dev.sluice.control.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.contract.GateName;
import dev.sluice.contract.MigrationName;
import dev.sluice.contract.NodeName;
import dev.sluice.contract.RampName;
import dev.sluice.contract.SinkName;
import dev.sluice.contract.gate.Gate;
import dev.sluice.control.audit.HashChain;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Event.GatesRevised;
import dev.sluice.control.change.Event.GatesRevised.Action;
import dev.sluice.control.change.EventStore.Head;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.MigrationReport;
import dev.sluice.control.change.RampState;
import dev.sluice.control.change.Stamp;
import dev.sluice.control.change.Verdict;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.change.spec.Phase;
import dev.sluice.control.change.spec.SinkSpec.Mode;
import dev.sluice.control.change.spec.SinkSpec.Selector;
import dev.sluice.control.change.spec.SinkSpec.Severity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NewsTest {
    private static final RampName RAMP = new RampName("r");

    @Test
    void a_kill_a_trip_and_what_is_taken_back_are_critical() {
        assertThat(
                        List.of(
                                revised(Action.KILLED),
                                revised(Action.ROLLED_BACK),
                                new Event.KillPublished(List.of(new GateName("g")), Fixtures.START),
                                new Event.TripRecorded(Fixtures.trip("g", 1)),
                                new Event.LocalKillRecorded(Fixtures.localKill("g", 1)),
                                new Event.RampMoved(RAMP, RampState.ROLLED_BACK, "worse"),
                                judged(Verdict.Outcome.DEGRADED),
                                new Event.MigrationGlassBroken(
                                        new MigrationName("m"), List.of("a freeze"))))
                .extracting(NewsText::severity)
                .containsOnly(Severity.CRITICAL);
    }

    @Test
    void what_waits_for_a_person_is_a_warning() {
        var escalated = new Event.MigrationEscalated(new MigrationName("m"), "no approval for 4 h");
        assertThat(NewsText.severity(escalated)).isEqualTo(Severity.WARNING);
        assertThat(NewsText.of(logged(escalated)))
                .contains("waits for people: no approval for 4 h");
        var expired =
                new Event.VersionExpired(
                        Fixtures.versionName("s", "v1"), Fixtures.START, List.of("gates/g"));
        assertThat(NewsText.severity(expired)).isEqualTo(Severity.WARNING);
        assertThat(NewsText.of(logged(expired)))
                .contains("has expired at " + Fixtures.START + ", and is named by gates/g");
        assertThat(
                        List.of(
                                revised(Action.RESUMED),
                                revised(Action.WRITES_RELEASED),
                                new Event.RampMoved(RAMP, RampState.WAITING_FOR_APPROVAL, "ask"),
                                new Event.RampMoved(RAMP, RampState.PAUSED, "held"),
                                judged(Verdict.Outcome.INVALID),
                                reported(MigrationReport.Outcome.FAILED),
                                new Event.NodeLost(new NodeName("n")),
                                new Event.NodeForgotten(new NodeName("n")),
                                new Event.MigrationPaused(new MigrationName("m")),
                                new Event.MigrationAbandoned(new MigrationName("m"), "why")))
                .extracting(NewsText::severity)
                .containsOnly(Severity.WARNING);
        assertThat(
                        List.of(
                                revised(Action.SHARE_SET),
                                revised(Action.WRITES_HELD),
                                revised(Action.WRITES_SWITCHED),
                                new Event.RampMoved(RAMP, RampState.SUCCEEDED, "done"),
                                judged(Verdict.Outcome.NON_INFERIOR),
                                reported(MigrationReport.Outcome.SUCCEEDED),
                                new Event.NodeLeft(new NodeName("n"))))
                .extracting(NewsText::severity)
                .containsOnly(Severity.INFO);
    }

    @Test
    void one_sentence_says_what_by_whom_and_why() {
        assertThat(NewsText.of(logged(revised(Action.SHARE_SET))))
                .isEqualTo("services/orders: share 5.0 %, by admin (because)");
        assertThat(NewsText.what(holding(Action.SHARE_SET)))
                .isEqualTo("share 5.0 % while writes of 5.0 % to 25.0 % wait");
        assertThat(NewsText.what(holding(Action.WRITES_HELD)))
                .isEqualTo("writes wait to change sides");
        assertThat(NewsText.what(revised(Action.WRITES_SWITCHED)))
                .isEqualTo("writes have changed sides, share 5.0 %");
        assertThat(NewsText.what(revised(Action.WRITES_RELEASED)))
                .isEqualTo("writes could not change sides");
        assertThat(
                        Stream.of(
                                        new Event.RampStepped(RAMP, 2),
                                        new Event.RampMoved(RAMP, RampState.ROLLED_BACK, "worse"),
                                        new Event.TripRecorded(Fixtures.trip("g", 1)),
                                        new Event.LocalKillRecorded(Fixtures.localKill("g", 1)),
                                        new Event.MigrationMoved(
                                                new MigrationName("m"),
                                                Phase.RAMP,
                                                Phase.Progress.MOVING,
                                                Optional.empty(),
                                                "goes on"),
                                        reported(MigrationReport.Outcome.FAILED),
                                        new Event.MigrationAbandoned(
                                                new MigrationName("m"), "no need"),
                                        new Event.MigrationGlassBroken(
                                                new MigrationName("m"), List.of("a", "b")),
                                        new Event.NodeLost(new NodeName("n")),
                                        new Event.NodeLeft(new NodeName("n")))
                                .map(event -> NewsText.of(logged(event))))
                .allSatisfy(text ->
                        assertThat(text)
                                .startsWith("services/orders: ")
                                .endsWith(", by admin (because)"))
                .anySatisfy(text -> assertThat(text).contains("step 3 begins"))
                .anySatisfy(text -> assertThat(text).contains("ramp ROLLED_BACK: worse"))
                .anySatisfy(text -> assertThat(text).contains("goes on over a; b"))
                .anySatisfy(text -> assertThat(text).contains("node.left"));
    }

    @Test
    void a_selector_takes_by_subject_kind_and_severity() {
        LoggedEvent share = logged(revised(Action.SHARE_SET));

        assertThat(takes(List.of(), List.of(), Severity.INFO, share)).isTrue();
        assertThat(takes(List.of(), List.of(), Severity.WARNING, share)).isFalse();
        assertThat(takes(List.of("gates/*"), List.of(), Severity.INFO, share))
                .as("a gate that it revised")
                .isTrue();
        assertThat(takes(List.of("services/orders"), List.of(), Severity.INFO, share)).isTrue();
        assertThat(takes(List.of("services/order"), List.of(), Severity.INFO, share)).isFalse();
        assertThat(takes(List.of(), List.of("gates.*"), Severity.INFO, share)).isTrue();
        assertThat(takes(List.of(), List.of("ramp.*"), Severity.INFO, share)).isFalse();
        assertThat(
                        takes(
                                List.of(),
                                List.of(),
                                Severity.INFO,
                                logged(new Event.SinkAdvanced(new SinkName("s"), 1))))
                .as("telling of the telling would never end")
                .isFalse();
        assertThat(
                        takes(
                                List.of(),
                                List.of(),
                                Severity.INFO,
                                logged(new Event.SinkDropped(new SinkName("s"), 1, "why"))))
                .isFalse();
    }

    @Test
    void a_structured_cloud_event_is_one_document() throws IOException {
        News news = News.of(logged(revised(Action.KILLED)));

        CloudEvent event = CloudEvent.of(news, "urn:sluice:test", Mode.STRUCTURED);

        assertThat(event.headers())
                .containsOnly(
                        Map.entry("Content-Type", "application/cloudevents+json; charset=UTF-8"));
        JsonNode document = new ObjectMapper().readTree(event.body());
        assertThat(document.path("specversion").asText()).isEqualTo("1.0");
        assertThat(document.path("id").asText()).matches("1-[0-9a-f]{16}");
        assertThat(document.path("source").asText()).isEqualTo("urn:sluice:test");
        assertThat(document.path("type").asText()).isEqualTo("dev.sluice.gates.revised");
        assertThat(document.path("subject").asText()).isEqualTo("services/orders");
        assertThat(document.path("time").asText()).isEqualTo("2026-11-01T08:00:00Z");
        assertThat(document.path("severity").asText()).isEqualTo("critical");
        assertThat(document.path("sequence").asText()).isEqualTo("00000000000000000001");
        assertThat(document.path("datacontenttype").asText()).isEqualTo("application/json");
        assertThat(document.at("/data/event/action").asText()).isEqualTo("KILLED");
        assertThat(document.at("/data/actor").asText()).isEqualTo("admin");
        assertThat(document.at("/data/reason").asText()).isEqualTo("because");
    }

    @Test
    void a_binary_one_has_its_attributes_as_headers_that_any_server_reads() throws IOException {
        News plain = News.of(logged(revised(Action.KILLED)));
        News odd =
                new News(
                        "1",
                        1,
                        plain.time(),
                        plain.kind(),
                        "nodes/ä \"100%\"",
                        plain.severity(),
                        plain.text(),
                        plain.data());

        CloudEvent event = CloudEvent.of(odd, "urn:sluice:test", Mode.BINARY);

        assertThat(event.headers())
                .containsEntry("Content-Type", "application/json")
                .containsEntry("ce-specversion", "1.0")
                .containsEntry("ce-type", "dev.sluice.gates.revised")
                .containsEntry("ce-subject", "nodes/%C3%A4%20%22100%25%22");
        assertThat(new ObjectMapper().readTree(event.body()).path("severity").asText())
                .isEqualTo("CRITICAL");
    }

    @Test
    void a_signature_is_that_of_standard_webhooks() {
        byte[] body = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);

        assertThat(
                        Signature.headers(
                                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                                Instant.ofEpochSecond(1_614_265_330),
                                body))
                .containsEntry("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek")
                .containsEntry("webhook-timestamp", "1614265330")
                .containsEntry(
                        "webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assertThat(
                        Signature.headers(
                                "plain-key",
                                "1-ab",
                                Instant.ofEpochSecond(1_767_225_600),
                                "body".getBytes(StandardCharsets.UTF_8)))
                .containsEntry(
                        "webhook-signature", "v1,MyeWOBjBbdAWJk2hjQsB1oCFVQUFp5yhD9d/ze2FdfQ=");
    }

    private static boolean takes(
            List<String> subjects, List<String> kinds, Severity least, LoggedEvent event) {
        return Selection.takes(new Selector(subjects, kinds, least), event);
    }

    private static LoggedEvent logged(Event event) {
        Stamp stamp = Fixtures.STAMP;
        return HashChain.link(Head.EMPTY, 1, stamp, event);
    }

    private static GatesRevised revised(Action action) {
        return new GatesRevised(action, List.of(Fixtures.gate("g", "orders", 50_000)));
    }

    private static GatesRevised holding(Action action) {
        GateSpec gate = revised(action).gates().getFirst();
        Gate content =
                gate.content()
                        .withWrites(
                                new Gate.WriteAuthority.NewBelow(gate.content().share()),
                                Optional.of(
                                        new Gate.WriteHold(
                                                50_000, 250_000, Gate.WriteHold.DEFAULT_MAX_WAIT)));
        return new GatesRevised(action, List.of(new GateSpec(content, gate.description())));
    }

    private static Event judged(Verdict.Outcome outcome) {
        return new Event.RampJudged(RAMP, Fixtures.verdict(0, outcome));
    }

    private static Event reported(MigrationReport.Outcome outcome) {
        return new Event.MigrationReported(
                new MigrationName("m"), new MigrationReport("backfill", outcome, "so it went"));
    }
}
