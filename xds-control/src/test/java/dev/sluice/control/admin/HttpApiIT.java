package dev.sluice.control.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.control.change.Rights;
import dev.sluice.control.change.Role;
import dev.sluice.control.governance.User;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The admin API over HTTP, by a client that knows nothing of gRPC. */
class HttpApiIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CUSTOMERS =
            """
            {"displayName": "Customers", "labels": {"tier": "gold"}, "outbound": {"port": 9001}}\
            """;

    @TempDir private Path folder;
    private AdminPlane plane;
    private HttpServer web;
    private HttpClient http;

    @BeforeEach
    void start() throws IOException {
        plane =
                new AdminPlane(
                        folder,
                        List.of(new User("eve", new Rights(Set.of(Role.VIEWER), Set.of()))));
        web =
                HttpServer.create(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        /* backlog= */ 0);
        web.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        web.createContext("/", plane.http());
        web.start();
        http = HttpClient.newHttpClient();
    }

    @AfterEach
    void stop() {
        http.shutdownNow();
        http.close();
        web.stop(/* delay= */ 0);
        plane.close();
    }

    /** An answer. */
    private record Answer(int code, JsonNode body) {}

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + web.getAddress().getPort() + path))
                .header("Authorization", "Bearer " + plane.token());
    }

    private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
        return new Answer(answer.statusCode(), JSON.readTree(answer.body()));
    }

    private Answer get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    private Answer send(String verb, String path, String body)
            throws IOException, InterruptedException {
        return send(request(path).method(verb, BodyPublishers.ofString(body)));
    }

    @Test
    void resources_are_created_read_listed_changed_and_deleted()
            throws IOException, InterruptedException {
        Answer made = send("POST", "/v1/services?service_id=customers", CUSTOMERS);
        Answer version =
                send(
                        "POST",
                        "/v1/services/customers/versions?versionId=v1",
                        "{\"static\":{\"endpoints\":[{\"address\":\"127.0.0.1\",\"port\":1}]}}");
        Answer changed =
                send(
                        "PATCH",
                        "/v1/services/customers?updateMask=owner,labels",
                        "{\"owner\": \"ada\", \"displayName\": \"not in the mask\"}");
        Answer listed = get("/v1/services?pageSize=1");
        Answer gone = send("DELETE", "/v1/services/customers/versions/v1?validate_only=true", "");

        assertThat(made.code()).as(made.body().toString()).isEqualTo(200);
        assertThat(made.body().path("name").asText()).isEqualTo("services/customers");
        assertThat(version.body().path("name").asText())
                .isEqualTo("services/customers/versions/v1");
        assertThat(changed.body().path("owner").asText()).isEqualTo("ada");
        assertThat(changed.body().path("displayName").asText()).isEqualTo("Customers");
        assertThat(changed.body().has("labels")).isFalse();
        assertThat(listed.body().path("services").path(0).path("outbound").path("port").asInt())
                .isEqualTo(9001);
        assertThat(gone.code()).isEqualTo(200);
        assertThat(get("/v1/services/-/versions").body().path("versions")).hasSize(1);
        assertThat(
                        get("/v1/events?filter.subject=services/customers&order_by=sequence%20desc")
                                .body()
                                .path("events"))
                .hasSize(2);
    }

    @Test
    void refusals_are_a_status_with_every_problem() throws IOException, InterruptedException {
        Answer invalid =
                send("POST", "/v1/services?service_id=a", "{\"calls\": [\"services/x\", \"y\"]}");
        Answer missing = get("/v1/services/none");
        Answer unreadable = send("POST", "/v1/services?service_id=a&colour=red", "{\"nmae\": 1}");

        assertThat(invalid.code()).isEqualTo(400);
        assertThat(invalid.body().path("code").asInt()).isEqualTo(3);
        assertThat(invalid.body().findValuesAsText("@type"))
                .contains("type.googleapis.com/google.rpc.BadRequest");
        assertThat(missing.code()).isEqualTo(404);
        assertThat(missing.body().path("code").asInt()).isEqualTo(5);
        assertThat(unreadable.code()).isEqualTo(400);
        assertThat(unreadable.body().findValuesAsText("field"))
                .containsExactlyInAnyOrder("body", "colour");
    }

    @Test
    void who_may_do_what_is_decided_as_for_grpc() throws IOException, InterruptedException {
        Answer nobody =
                send(
                        HttpRequest.newBuilder(
                                URI.create(
                                        "http://127.0.0.1:"
                                                + web.getAddress().getPort()
                                                + "/v1/services")));
        Answer read = send(request("/v1/services").setHeader("Authorization", "Bearer eve"));
        Answer denied =
                send(
                        request("/v1/services?service_id=a")
                                .setHeader("Authorization", "Bearer eve")
                                .POST(BodyPublishers.ofString("{}")));

        assertThat(nobody.code()).isEqualTo(401);
        assertThat(read.code()).isEqualTo(200);
        assertThat(denied.code()).isEqualTo(403);
        assertThat(denied.body().path("code").asInt()).isEqualTo(7);
    }

    @Test
    void what_is_no_method_is_told() throws IOException, InterruptedException {
        Answer path = get("/v1/teapots");
        HttpResponse<String> verb =
                http.send(
                        request("/v1/services/a").PUT(BodyPublishers.noBody()).build(),
                        BodyHandlers.ofString());
        Answer large = send("POST", "/v1/services", " ".repeat(4 * 1024 * 1024 + 1));

        assertThat(path.code()).isEqualTo(404);
        assertThat(verb.statusCode()).isEqualTo(405);
        assertThat(verb.headers().firstValue("Allow")).contains("DELETE, GET, PATCH");
        assertThat(large.code()).isEqualTo(413);
        assertThat(get("/openapi.json").body().path("openapi").asText()).isEqualTo("3.1.0");
    }

    @Test
    void a_watch_is_a_line_for_each_change() throws IOException, InterruptedException {
        send("POST", "/v1/services?service_id=a", "{}");
        HttpResponse<java.io.InputStream> watch =
                http.send(request("/v1/events:watch").build(), BodyHandlers.ofInputStream());
        try (var lines =
                new BufferedReader(new InputStreamReader(watch.body(), StandardCharsets.UTF_8))) {
            JsonNode first = JSON.readTree(lines.readLine());
            send("POST", "/v1/services?service_id=b", "{}");
            JsonNode second = JSON.readTree(lines.readLine());

            assertThat(watch.headers().firstValue("content-type")).contains("application/x-ndjson");
            assertThat(first.path("subject").asText()).isEqualTo("services/a");
            assertThat(second.path("subject").asText()).isEqualTo("services/b");
        }
        assertThat(get("/v1/ramps/none:watch").code()).isEqualTo(404);
    }

    @Test
    void all_migrations_are_planned_together() throws IOException, InterruptedException {
        send("POST", "/v1/services?service_id=a", "{}");
        for (String version : List.of("legacy", "new")) {
            send(
                    "POST",
                    "/v1/services/a/versions?version_id=" + version,
                    "{\"static\":{\"endpoints\":[{\"address\":\"127.0.0.1\",\"port\":1}]}}");
        }
        for (String id : List.of("one", "two")) {
            send(
                    "POST",
                    "/v1/gates?gate_id=" + id,
                    """
                    {"legacyVersion": "services/a/versions/legacy", "newVersion": "services/a/versions/new",
                     "storeKind": "SHARED", "from": "OFF", "to": "COMPLETE",
                     "bucketing": {"salt": "s", "key": {"header": "x-user"}, "legacy": {}}}\
                    """);
            send(
                    "POST",
                    "/v1/migrations?migration_id=" + id,
                    "{\"target\": \"gates/%s\", \"store\": \"SHARED\", \"tables\": [\"db/t\"]}"
                            .formatted(id));
        }

        Answer plan = get("/v1/migrations:plan?days=1");
        Answer far = get("/v1/migrations:plan?days=93");

        assertThat(plan.code()).as(plan.body().toString()).isEqualTo(200);
        assertThat(plan.body().path("migrations").findValuesAsText("migration"))
                .containsExactly("migrations/one", "migrations/two");
        assertThat(plan.body().path("migrations").path(0).path("openings")).hasSize(1);
        assertThat(plan.body().path("conflicts").path(0).path("tables").path(0).asText())
                .isEqualTo("db/t");
        assertThat(far.code()).isEqualTo(400);
    }
}
