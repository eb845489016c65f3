package dev.sluice.control.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.control.admin.access.UsersFile;
import dev.sluice.control.outward.Origins;
import dev.sluice.control.outward.Secrets;
import dev.sluice.control.outward.Trust;
import dev.sluice.control.query.FakePrometheus;
import dev.sluice.control.query.FakePrometheus.Answer;
import dev.sluice.control.store.SqliteEventStore.History;
import dev.sluice.control.xds.NodeProof;
import dev.sluice.testkit.Patience;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole control plane that asks a real metrics server, and no sidecar that counts anything. */
class MetricsServersIT {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir private Path folder;

    @Test
    void a_ramp_goes_back_when_the_metrics_server_says_that_the_new_arm_is_worse()
            throws Exception {
        try (var metrics =
                        new FakePrometheus(query -> Answer.of(query.contains("new") ? "9" : "1"));
                Running running = new Running(metrics)) {
            running.createRamp(metrics.url());

            JsonNode ramp = running.await("ROLLED_BACK");

            assertThat(ramp.path("verdict").path("outcome").asText()).isEqualTo("DEGRADED");
            assertThat(ramp.path("statusMessage").asText())
                    .contains("lag of gates/orders: 8.00000 (new 9.00000, legacy 1.00000)");
            JsonNode reading = ramp.path("verdict").path("queries").path(0);
            assertThat(reading.path("new").asDouble()).isEqualTo(9);
            assertThat(reading.path("legacy").asDouble()).isEqualTo(1);
            FakePrometheus.Asked asked = metrics.asked().next();
            assertThat(asked.token()).contains("Bearer s3cret");
            assertThat(asked.query()).contains("version=\"new\"").doesNotContain("{{");
        }
    }

    @Test
    void a_metrics_server_that_answers_nothing_holds_up_no_command() throws Exception {
        try (var metrics = new FakePrometheus(_ -> Answer.SILENCE);
                Running running = new Running(metrics)) {
            running.createRamp(metrics.url());
            metrics.asked().next();

            running.post("ramps/r:pause", "{}");

            JsonNode ramp = running.await("PAUSED");
            assertThat(ramp.path("verdict").path("outcome").asText()).isNotEqualTo("NON_INFERIOR");
        }
    }

    @Test
    void a_server_that_the_operator_did_not_allow_is_refused_before_anything_moves()
            throws Exception {
        try (var metrics = new FakePrometheus(_ -> Answer.of("1"));
                Running running = new Running(metrics)) {
            HttpResponse<String> refused = running.send("ramps?rampId=r", ramp("http://metadata"));

            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body())
                    .contains("judge.queries[0].url", "http://metadata:80", "--query-allow");
            assertThat(metrics.asked().received()).isEmpty();
        }
    }

    private static String ramp(String url) {
        return """
        {"target": "gates/orders",
         "steps": [{"sharePpm": 10000, "maxSoak": "3600s"}],
         "judge": {"queries": [{
           "name": "lag", "url": "%s", "bearerSecret": "metrics", "interval": "5s",
           "inARow": 1, "limit": 5,
           "query": "avg(lag{version=\\"{{version}}\\"}[{{window}}])"}]}}
        """
                .formatted(url);
    }

    private static JsonNode json(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }

    /** One run of the control plane, with a gate. */
    private final class Running implements AutoCloseable {
        private final ControlPlane plane;
        private final HttpClient client = HttpClient.newHttpClient();
        private final String token;

        Running(FakePrometheus metrics) throws IOException, InterruptedException {
            plane =
                    ControlPlane.start(
                            new Settings(
                                    loopback(),
                                    Optional.empty(),
                                    loopback(),
                                    Optional.empty(),
                                    new NodeProof.Believed(),
                                    Optional.of(loopback()),
                                    folder,
                                    Optional.empty(),
                                    UsersFile.Contents.NOBODY,
                                    Outward.NOWHERE,
                                    new Inquiry(
                                            Origins.parse("--allow", List.of(metrics.url()))
                                                    .orThrow(),
                                            new Secrets(
                                                    Optional.empty(),
                                                    Map.of("SLUICE_SECRET_METRICS", "s3cret")),
                                            Trust.ofSystem()),
                                    folder.resolve("backups"),
                                    Optional.empty(),
                                    History.CONTINUED),
                            Clock.systemUTC());
            token = Files.readString(folder.resolve("admin.token")).strip();
            post("services?serviceId=orders", "{\"owner\": \"team\"}");
            for (String version : List.of("old", "new")) {
                post(
                        "services/orders/versions?versionId=" + version,
                        "{\"static\": {\"endpoints\": [{\"address\": \"127.0.0.1\", \"port\":"
                                + " 8080}]}}");
            }
            post(
                    "gates?gateId=orders",
                    """
                    {"legacyVersion": "services/orders/versions/old",
                     "newVersion": "services/orders/versions/new",
                     "storeKind": "SHARED", "from": "OFF", "to": "COMPLETE",
                     "bucketing": {"salt": "s", "key": {"header": "x-user"}, "legacy": {}}}
                    """);
        }

        void createRamp(String url) throws IOException, InterruptedException {
            post("ramps?rampId=r", ramp(url));
        }

        /** The first state of the ramp that is the wanted one. */
        JsonNode await(String state) {
            HttpRequest watch = request("ramps/r:watch").build();
            return Patience.await(
                    client.sendAsync(watch, BodyHandlers.ofLines())
                            .thenApplyAsync(answer ->
                                    answer.body()
                                            .map(MetricsServersIT::json)
                                            .filter(ramp ->
                                                    ramp.path("state").asText().equals(state))
                                            .findFirst()
                                            .orElseThrow()),
                    state);
        }

        void post(String path, String body) throws IOException, InterruptedException {
            HttpResponse<String> answer = send(path, body);
            assertThat(answer.statusCode()).as("%s: %s", path, answer.body()).isEqualTo(200);
        }

        HttpResponse<String> send(String path, String body)
                throws IOException, InterruptedException {
            return client.send(
                    request(path).POST(BodyPublishers.ofString(body)).build(),
                    BodyHandlers.ofString());
        }

        private HttpRequest.Builder request(String path) {
            String web = "http://127.0.0.1:" + plane.webPort().orElseThrow() + "/v1/";
            return HttpRequest.newBuilder(URI.create(web + path))
                    .header("Authorization", "Bearer " + token);
        }

        private static InetSocketAddress loopback() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        }

        @Override
        public void close() {
            client.shutdownNow();
            plane.close();
        }
    }
}
