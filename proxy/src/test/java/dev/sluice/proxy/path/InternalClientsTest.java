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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InternalClientsTest {
    private static final CidrSpec TEN = new CidrSpec(InetAddress.ofLiteral("10.0.0.0"), 8);
    private static final String ORDER = "x-envoy-upstream-rq-timeout-ms";

    private static Peer peer(String address) {
        InetSocketAddress remote = new InetSocketAddress(InetAddress.ofLiteral(address), 1);
        return new Peer(
                remote,
                remote,
                HttpProtocol.HTTP_1_0,
                /* secure= */ false,
                Optional.empty(),
                Optional.empty());
    }

    private static HeaderBlock sorted(
            boolean useRemoteAddress, List<CidrSpec> internal, String peer, String forwardedFor) {
        HeaderBlock headers = new HeaderBlock().add(ORDER, "5").add("x-other", "1");
        if (!forwardedFor.isEmpty()) {
            headers.add("x-forwarded-for", forwardedFor);
        }
        headers.add("x-envoy-internal", "maybe").add("x-envoy-original-path", "/p").add(ORDER, "6");
        new InternalClients(
                        new Forwarding(
                                useRemoteAddress,
                                0,
                                RequestIds.OWN_AT_EDGE,
                                internal,
                                Expecting.PROXY,
                                ""))
                .sort(peer(peer), headers);
        return headers;
    }

    @ParameterizedTest
    @CsvSource({
        "true, 10.1.2.3, '', true",
        "true, 11.1.2.3, '', false",
        "true, 10.1.2.3, 10.1.2.4, false",
        "false, 11.1.2.3, 10.1.2.4, true",
        "false, 10.1.2.3, '', false",
        "false, 10.1.2.3, 11.1.2.3, false",
        "false, 10.1.2.3, '10.1.2.4, 10.1.2.5', false",
        "false, 10.1.2.3, nobody, false"
    })
    void orders_stay_with_internal_clients_only(
            boolean useRemoteAddress, String peer, String forwardedFor, boolean internal) {
        HeaderBlock headers = sorted(useRemoteAddress, List.of(TEN), peer, forwardedFor);

        assertThat(headers.contains(ORDER)).as("the order").isEqualTo(internal);
        assertThat(headers.first("x-envoy-internal")).isEqualTo(internal ? "true" : null);
        assertThat(headers.contains("x-other")).as("what is no order").isTrue();
    }

    @Test
    void an_address_that_stands_on_two_lines_is_not_the_only_one() {
        HeaderBlock headers =
                new HeaderBlock()
                        .add("x-forwarded-for", "10.1.2.4")
                        .add("x-forwarded-for", "192.0.2.1");
        Forwarding behind =
                new Forwarding(false, 0, RequestIds.OWN_AT_EDGE, List.of(TEN), Expecting.PROXY, "");

        assertThat(new InternalClients(behind).isInternal(peer("11.1.2.3"), headers)).isFalse();
    }

    @Test
    void behind_several_proxies_nobody_is_known_to_be_internal() {
        HeaderBlock headers = new HeaderBlock().add("x-forwarded-for", "10.1.2.4");
        Forwarding behind =
                new Forwarding(false, 1, RequestIds.OWN_AT_EDGE, List.of(TEN), Expecting.PROXY, "");

        assertThat(new InternalClients(behind).isInternal(peer("11.1.2.3"), headers)).isFalse();
    }

    @Test
    void by_default_nobody_is_internal() {
        assertThat(sorted(true, List.of(), "10.0.0.1", "").contains(ORDER)).isFalse();
    }

    @Test
    void an_edge_takes_off_what_other_proxies_say_too() {
        assertThat(sorted(true, List.of(), "10.0.0.1", "").contains("x-envoy-original-path"))
                .as("at the edge")
                .isFalse();
        assertThat(sorted(false, List.of(), "10.0.0.1", "").contains("x-envoy-original-path"))
                .as("behind another proxy")
                .isTrue();
    }
}
