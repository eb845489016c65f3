package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The admin API as a client meets it that knows nothing of it: by reflection, with grpcurl. */
@Tag("interop")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GrpcurlIT {
    private static final String PERMISSION = "authorization: Bearer ";

    private final Running running = new Running();
    private Site site;
    private String token;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        site = running.keep(Site.open(folder));
        token = Files.readString(site.state().resolve("admin.token")).strip();
    }

    @AfterAll
    void stop() {
        running.close();
    }

    @Test
    void lists_every_service_of_the_api_and_health() throws IOException {
        Ran ran = grpcurl(token, List.of(), "list");

        assertThat(ran.output().lines())
                .as("services")
                .contains(
                        "grpc.health.v1.Health",
                        "sluice.admin.v1.GateService",
                        "sluice.admin.v1.GateSetService",
                        "sluice.admin.v1.NodeService",
                        "sluice.admin.v1.RampService",
                        "sluice.admin.v1.RouteService",
                        "sluice.admin.v1.ServiceService",
                        "sluice.admin.v1.VersionService");
        assertThat(ran.exitCode()).isZero();
    }

    @Test
    void describes_a_method_and_its_message() throws IOException {
        assertThat(grpcurl(token, List.of(), "describe", "sluice.admin.v1.GateService.SetShare"))
                .extracting(Ran::output)
                .asString()
                .contains("rpc SetShare ( .sluice.admin.v1.SetShareRequest )");
        assertThat(grpcurl(token, List.of(), "describe", "sluice.admin.v1.SetShareRequest"))
                .extracting(Ran::output)
                .asString()
                .contains("uint32 share_ppm");
    }

    @Test
    void says_that_it_serves() throws IOException {
        assertThat(grpcurl(token, List.of(), "grpc.health.v1.Health/Check").output())
                .contains("\"status\": \"SERVING\"");
    }

    @Test
    void reads_and_moves_a_gate() throws IOException {
        Ran moved = call("SetShare", setShare(300_000, site.shop().gate().getEtag()));

        assertThat(moved.exitCode()).as(moved.output()).isZero();
        assertThat(call("GetGate", "{\"name\": \"gates/shop\"}").output())
                .contains("\"share_ppm\": 300000");
        assertThat(site.shop().gate().getSharePpm()).isEqualTo(300_000);
    }

    @Test
    void a_stale_etag_is_refused_with_the_place_and_changes_nothing() throws IOException {
        int before = site.shop().gate().getSharePpm();

        Ran refused = call("SetShare", setShare(990_000, "stale"));

        assertThat(refused.exitCode()).as(refused.output()).isNotZero();
        assertThat(refused.output()).contains("Code: Aborted").contains("etag");
        assertThat(site.shop().gate().getSharePpm()).isEqualTo(before);
    }

    @Test
    void every_problem_of_a_resource_is_reported_at_once() throws IOException {
        Ran refused =
                call(
                        "CreateGate",
                        """
                        {"gateId": "broken", "gate": {"legacyVersion": "services/shop/versions/legacy",
                          "newVersion": "services/shop/versions/none", "sharePpm": 2000000}}
                        """);

        assertThat(refused.exitCode()).as(refused.output()).isNotZero();
        assertThat(refused.output())
                .contains("Code: InvalidArgument", "5 problems", "google.rpc.BadRequest");
        assertThat(refused.output())
                .as("details whose types reflection knows")
                .contains("\"field\": \"share_ppm\"", "\"field\": \"store_kind\"")
                .doesNotContain("@value");
    }

    @Test
    void without_the_token_no_gate_is_told() throws IOException {
        Ran refused = grpcurl("wrong", List.of(), "sluice.admin.v1.GateService/ListGates");

        assertThat(refused.exitCode()).as(refused.output()).isNotZero();
        assertThat(refused.output()).contains("Code: Unauthenticated").doesNotContain("gates/shop");
    }

    private static String setShare(int ppm, String etag) {
        return "{\"name\": \"gates/shop\", \"share_ppm\": %d, \"etag\": \"%s\"}"
                .formatted(ppm, etag.replace("\"", "\\\""));
    }

    private Ran call(String method, String json) throws IOException {
        return grpcurl(token, List.of("-d", json), "sluice.admin.v1.GateService/" + method);
    }

    private Ran grpcurl(String bearer, List<String> options, String... words) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-plaintext", "-H", PERMISSION + bearer));
        arguments.addAll(options);
        arguments.add(site.admin());
        arguments.addAll(List.of(words));
        return Peer.named("grpcurl").run(arguments);
    }
}
