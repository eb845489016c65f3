package dev.sluice.chaos.python;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PythonCallsTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");
    private static final String ROUTES =
            "'virtual_service_name':'orders','routes':[{'destination':{'host':'orders','subset':'v2'}}]";
    private static final String SIDECARS =
            "'sluice_sidecars':['http://a:1/','http://b:1'],'sluice_token':'t','sluice_arms':{'v2':'NEW'}";

    private static JsonNode json(String members) {
        try {
            return JSON.readTree("{" + members.replace('\'', '"') + "}");
        } catch (JsonProcessingException malformed) {
            throw new AssertionError(malformed);
        }
    }

    private static Work work(String function, String arguments, String configuration) {
        int dot = function.lastIndexOf('.');
        ObjectNode provider = JSON.createObjectNode();
        provider.put("module", function.substring(0, dot)).put("func", function.substring(dot + 1));
        provider.set("arguments", json(arguments));
        Map<String, JsonNode> values = new HashMap<>();
        json(configuration)
                .properties()
                .forEach(value -> values.put(value.getKey(), value.getValue()));
        return PythonCalls.work(provider, values, Map.of(), NOW);
    }

    /** Method, URL and body of each request. */
    private static List<String> requests(Work work) {
        assertThat(work).isInstanceOf(Work.Requests.class);
        return ((Work.Requests) work)
                .steps().stream()
                        .map(Work.Step::request)
                        .map(request ->
                                (request.path("method").asText("GET")
                                                + " "
                                                + request.path("url").asText()
                                                + " "
                                                + request.path("arguments").path("fault"))
                                        .strip())
                        .toList();
    }

    @Test
    void a_fault_of_istio_replaces_the_one_of_its_routes_on_every_sidecar() {
        Work work =
                work(
                        "chaosistio.fault.actions.add_delay_fault",
                        ROUTES + ",'fixed_delay':'1m30s','percentage':10",
                        SIDECARS);
        assertThat(requests(work))
                .containsExactly(
                        "DELETE http://a:1/faults/istio-orders-new-delay",
                        "POST http://a:1/faults {\"delay\":\"90s\"}",
                        "DELETE http://a:1/faults/istio-orders-new-abort",
                        "DELETE http://b:1/faults/istio-orders-new-delay",
                        "POST http://b:1/faults {\"delay\":\"90s\"}",
                        "DELETE http://b:1/faults/istio-orders-new-abort");
        JsonNode lease = ((Work.Requests) work).steps().get(1).request().path("arguments");
        assertThat(lease.path("gate").asText()).isEqualTo("gates/orders");
        assertThat(lease.path("arm").asText()).isEqualTo("NEW");
        assertThat(lease.path("selection").path("share_ppm").asInt()).isEqualTo(100_000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'abort':{'httpStatus':503}}|{\"http_status\":503}|1000000",
                "{'abort':{'grpcStatus':'UNAVAILABLE','percentage':{'value':0.5}}}|{\"grpc_status\":{\"code\":14}}|5000",
                "{'abort':{'grpcStatus':'NOPE'}}|{\"grpc_status\":{\"code\":\"NOPE\"}}|1000000",
                "{'delay':{'fixedDelay':'250ms','percent':20}}|{\"delay\":\"0.25s\"}|200000",
                "{'delay':{'fixedDelay':'soon'}}|{\"delay\":\"soon\"}|1000000"
            })
    void a_fault_of_istio_is_a_fault_of_a_lease(String fault, String wire, int ppm) {
        Work.Requests work =
                (Work.Requests)
                        work(
                                "chaosistio.fault.actions.set_fault",
                                ROUTES + ",'fault':" + fault,
                                SIDECARS);
        JsonNode lease =
                work.steps().stream()
                        .map(step -> step.request().path("arguments"))
                        .filter(JsonNode::isObject)
                        .findFirst()
                        .orElseThrow();
        assertThat(lease.path("fault").toString()).isEqualTo(wire);
        assertThat(lease.path("selection").path("share_ppm").asInt()).isEqualTo(ppm);
    }

    @ParameterizedTest
    @CsvSource({"unset_fault", "remove_delay_fault", "remove_abort_fault"})
    void a_fault_that_is_not_there_is_taken_away_too(String function) {
        Work.Requests work =
                (Work.Requests) work("chaosistio.fault.actions." + function, ROUTES, SIDECARS);
        assertThat(work.steps()).hasSize(4).allMatch(step -> step.done(404));
        assertThat(work.steps()).noneMatch(step -> step.done(401));
    }

    @Test
    void istio_needs_the_sidecars_and_arms_of_its_routes() {
        String function = "chaosistio.fault.actions.unset_fault";
        assertThat(work(function, ROUTES, ""))
                .isInstanceOfSatisfying(
                        Work.Refused.class,
                        refused ->
                                assertThat(refused.got())
                                        .contains("sluice_sidecars")
                                        .contains("sluice_token"));
        assertThat(work(function, ROUTES, SIDECARS.replace("'v2'", "'v3'")))
                .isInstanceOfSatisfying(
                        Work.Refused.class,
                        refused -> assertThat(refused.remedy()).contains("sluice_arms"));
        assertThat(work(function, ROUTES.replace("v2", "legacy"), SIDECARS))
                .isInstanceOf(Work.Requests.class);
    }

    @ParameterizedTest
    @CsvSource({
        "now, 2026-03-04T05:06:07Z",
        "5 minutes ago, 2026-03-04T05:01:07Z",
        "2 hours ago, 2026-03-04T03:06:07Z",
        "1 day ago, 2026-03-03T05:06:07Z",
        "90s, 2026-03-04T05:04:37Z",
        "2026-01-02T03:04:05+01:00, 2026-01-02T02:04:05Z",
        "2026-01-02 03:04:05, 2026-01-02T03:04:05Z",
        "2026-01-02, 2026-01-02T00:00:00Z"
    })
    void times_are_written_as_people_do(String text, String moment) {
        assertThat(Times.parse(text, NOW)).contains(Instant.parse(moment));
    }

    @Test
    void a_time_that_is_none_is_raised() {
        assertThat(work("chaosprometheus.probes.query", "'query':'up','when':'gibberish'", ""))
                .isInstanceOf(Work.Raises.class);
    }

    @Test
    void arguments_are_those_of_the_function() {
        String call = "chaostoxi.toxic.actions.create_limiter_toxic";
        assertThat(PythonCalls.problems(call, List.of("for_proxy", "toxic_name", "bytes")))
                .containsExactly("no argument 'bytes_limit'", "an unknown argument 'bytes'");
        assertThat(PythonCalls.signature(call)).isEqualTo("(for_proxy, toxic_name, bytes_limit)");
    }
}
