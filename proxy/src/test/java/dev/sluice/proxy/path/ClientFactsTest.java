package dev.sluice.proxy.path;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.HttpProtocol;
import dev.sluice.proxy.exchange.Peer;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.Expecting;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.Forwarding;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.RequestIds;
import dev.sluice.proxy.snapshot.part.CidrSpec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientFactsTest {
    private static final CidrSpec TEN = new CidrSpec(InetAddress.ofLiteral("10.0.0.0"), 8);

    private static ClientFacts facts(boolean useRemoteAddress, RequestIds ids) {
        return new ClientFacts(
                new Forwarding(useRemoteAddress, 0, ids, List.of(TEN), Expecting.PROXY, ""));
    }

    private static Peer peer(String address) {
        InetSocketAddress remote = new InetSocketAddress(InetAddress.ofLiteral(address), 1);
        return new Peer(
                remote,
                remote,
                HttpProtocol.HTTP_1_1,
                /* secure= */ false,
                Optional.empty(),
                Optional.empty());
    }

    private static HeaderBlock told(ClientFacts facts, String peer, HeaderBlock headers) {
        facts.tell(peer(peer), headers, new SplittableRandom(1));
        return headers;
    }

    @ParameterizedTest
    @CsvSource({
        "true, OWN_AT_EDGE, 192.0.2.1, false",
        "true, OWN_AT_EDGE, 10.0.0.1, true",
        "true, WHERE_ABSENT, 192.0.2.1, true",
        "true, NEVER, 192.0.2.1, true",
        "false, OWN_AT_EDGE, 192.0.2.1, true",
    })
    void an_id_of_an_external_client_is_not_believed_at_the_edge(
            boolean useRemoteAddress, RequestIds ids, String peer, boolean stays) {
        ClientFacts facts = facts(useRemoteAddress, ids);
        HeaderBlock headers = new HeaderBlock().add("x-request-id", "told");

        assertThat("told".equals(facts.requestId(peer(peer), headers, new SplittableRandom(1))))
                .as("on record")
                .isEqualTo(stays);
        assertThat("told".contentEquals(told(facts, peer, headers).joined("x-request-id")))
                .as("upstream")
                .isEqualTo(stays);
    }

    @Test
    void the_address_of_an_external_client_is_told_in_place_of_what_it_says() {
        ClientFacts edge = facts(true, RequestIds.OWN_AT_EDGE);
        HeaderBlock headers = new HeaderBlock().add("x-envoy-external-address", "203.0.113.9");

        assertThat(told(edge, "192.0.2.1", headers).joined("x-envoy-external-address"))
                .hasToString("192.0.2.1");
        assertThat(told(edge, "10.0.0.1", new HeaderBlock()).first("x-envoy-external-address"))
                .as("of an internal client")
                .isNull();
    }

    @Test
    void an_address_is_appended_to_all_lines_that_came() {
        HeaderBlock headers =
                new HeaderBlock()
                        .add("x-forwarded-for", "192.0.2.7, 192.0.2.8")
                        .add("x-forwarded-for", "192.0.2.9");

        assertThat(
                        told(facts(true, RequestIds.OWN_AT_EDGE), "192.0.2.1", headers)
                                .joined("x-forwarded-for"))
                .hasToString("192.0.2.7, 192.0.2.8,192.0.2.9,192.0.2.1");
    }

    @ParameterizedTest
    @CsvSource({
        "0, '192.0.2.7, 192.0.2.8', 192.0.2.1, http",
        "1, '192.0.2.7, 192.0.2.8', 192.0.2.8, https",
        "2, '192.0.2.7, 192.0.2.8', 192.0.2.7, https",
        "2, '192.0.2.7,2001:db8::8', 192.0.2.7, https",
        "1, '192.0.2.7,2001:db8::8', 2001:db8::8, https",
        "3, '192.0.2.7, 192.0.2.8', 192.0.2.1, https",
        "1, '192.0.2.7, nobody', 192.0.2.1, https",
        "1, '192.0.2.7,', 192.0.2.1, https",
        "2, ',192.0.2.7', 192.0.2.1, https",
        "1, '', 192.0.2.1, https"
    })
    void the_external_address_is_what_the_first_trusted_proxy_told(
            int hops, String came, String external, String scheme) {
        ClientFacts edge =
                new ClientFacts(
                        new Forwarding(
                                true,
                                hops,
                                RequestIds.OWN_AT_EDGE,
                                List.of(),
                                Expecting.PROXY,
                                ""));
        HeaderBlock headers = new HeaderBlock().add("x-forwarded-proto", "https");
        if (!came.isEmpty()) {
            headers.add("x-forwarded-for", came);
        }

        assertThat(told(edge, "192.0.2.1", headers).joined("x-envoy-external-address"))
                .hasToString(external);
        assertThat(headers.joined("x-forwarded-proto")).hasToString(scheme);
        assertThat(headers.joined("x-forwarded-for"))
                .as("the direct peer is appended")
                .hasToString((came.isEmpty() ? "" : came + ",") + "192.0.2.1");
    }
}
