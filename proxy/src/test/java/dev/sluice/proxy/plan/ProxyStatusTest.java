package dev.sluice.proxy.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.exchange.CodecRefusal;
import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.proxy.snapshot.listener.ProxyStatusSpec;
import dev.sluice.proxy.snapshot.listener.ProxyStatusSpec.Details;
import dev.sluice.proxy.snapshot.listener.ProxyStatusSpec.Status;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxyStatusTest {
    private static ProxyStatus named(String name) {
        return ProxyStatus.of(
                new ProxyStatusSpec(Optional.of(name), Details.NONE, Status.RECOMMENDED), "n");
    }

    @Test
    void a_name_that_is_no_token_stands_in_quotes() {
        assertThat(named("edge.1:80/x").name()).isEqualTo("edge.1:80/x");
        assertThat(named("1edge").name()).isEqualTo("\"1edge\"");
        assertThat(named("a \"b\\\u00e9").name()).isEqualTo("\"a \\\"b\\\\?\"");
    }

    @Test
    void the_node_is_its_name_where_that_is_wanted_and_there_is_one() {
        ProxyStatusSpec byNode =
                new ProxyStatusSpec(Optional.empty(), Details.CODE_AND_FLAGS, Status.OWN);

        assertThat(ProxyStatus.of(byNode, "node-1").value(Refusal.NO_ROUTE, Set.of()))
                .isEqualTo("node-1; error=destination_not_found; details=\"no_route\"");
        assertThat(ProxyStatus.of(byNode, "").name()).isEqualTo("sluice");
        assertThat(
                        ProxyStatus.of(byNode, "n")
                                .value(
                                        Refusal.CONNECT_FAILED,
                                        EnumSet.of(
                                                ResponseFlag.UPSTREAM_CONNECTION_FAILURE,
                                                ResponseFlag.UPSTREAM_RETRY_LIMIT_EXCEEDED)))
                .isEqualTo("n; error=connection_refused; details=\"connect_failed; UF,URX\"");
    }

    @Test
    void a_request_that_a_codec_refuses_is_the_clients_mistake() {
        assertThat(named("edge").value(CodecRefusal.BAD_HOST))
                .isEqualTo("edge; error=http_request_error");
        assertThat(ProxyStatus.DEFAULT.value(CodecRefusal.BAD_HOST))
                .isEqualTo("sluice; error=http_request_error; details=\"bad_host\"");
    }

    @ParameterizedTest
    @CsvSource({
        "NO_ROUTE, 500",
        "NO_CLUSTER, 503",
        "INTERNAL_ERROR, 500",
        "CONNECT_FAILED, 502",
        "UPSTREAM_RESET, 502",
        "UPSTREAM_PROTOCOL_ERROR, 502",
        "NO_HEALTHY_ENDPOINT, 503",
        "OVERFLOW, 503",
        "UPSTREAM_TIMEOUT, 504",
        "UNAUTHENTICATED, 401",
        "RATE_LIMITED, 429",
        "OVERLOADED, 503"
    })
    void a_status_is_recommended_where_the_rfc_has_one(Refusal refusal, int status) {
        assertThat(named("n").status(refusal, refusal.status())).isEqualTo(status);
        assertThat(ProxyStatus.DEFAULT.status(refusal, 299)).isEqualTo(299);
    }

    @Test
    void every_refusal_has_an_error_type_of_the_rfc() {
        assertThat(Refusal.values())
                .extracting(Refusal::errorType)
                .allSatisfy(type -> assertThat(type).matches("[a-z]+(_[a-z]+)+"));
    }
}
